import { pause } from '../../concurrency/pause.ts';
import type { JobId } from '../../domain/job.ts';
import type { Coordinator } from './coordinator.ts';

/** Longer than this something is in flight only where its platform cannot be reached, and nobody sees it either. */
const arrivalMs = 60_000;

const onTheWay = ({ delivering, messageSync }: Coordinator, id?: JobId): readonly Promise<void>[] =>
  id === undefined
    ? [...delivering.values(), ...messageSync.pending()]
    : [delivering.get(id)].filter((film) => film !== undefined);

/** Whether something is being said now, which people may see before this process knows that they do. */
export const hasPendingSends = (coordinator: Coordinator): boolean => onTheWay(coordinator).length > 0;

/** Waits, not for ever, until what is being said now has been said; or one film. */
export const pendingSends = async (coordinator: Coordinator, id?: JobId): Promise<void> => {
  const awaited = onTheWay(coordinator, id);
  if (awaited.length === 0) return;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, coordinator.deadline.signal]);
  const patience = pause(coordinator.deps.clock, arrivalMs, { signal }).catch(() => {});
  await Promise.race([Promise.all(awaited), patience]);
  over.abort();
};
