import type { JobId } from '../../domain/job.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { postKeys } from '../deps.ts';
import { type Coordinator, hasPendingSends, pendingSends } from './coordinator.ts';
import { hasNoRecipient } from './outbox.ts';

/** See `Renders.sentMessage`. */
export const sentMessage = async (
  coordinator: Coordinator,
  message: Pick<MessageRef, 'platform' | 'ref'>,
): Promise<MessageRef | undefined> => {
  const { outbox } = coordinator.deps.store;
  const isEarly = hasPendingSends(coordinator);
  const known = await outbox.of(message);
  if (known || !isEarly) return known?.message ?? undefined;
  await pendingSends(coordinator);
  return (await outbox.of(message))?.message ?? undefined;
};

/** See `Renders.shownAt`. */
export const shownAt = async ({ deps }: Coordinator, id: JobId): Promise<MessageRef | undefined> => {
  const { answer, final } = postKeys(id);
  for (const key of [final, answer]) {
    const message = await deps.store.outbox.get(key);
    if (message && !hasNoRecipient(message)) return message;
  }
  return undefined;
};
