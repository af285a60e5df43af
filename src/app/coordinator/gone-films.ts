import { GramzoomError, toFailure } from '../../domain/errors.ts';
import type { JobId, Platform } from '../../domain/job.ts';
import type { MessageRef } from '../../ports/chat.ts';
import type { Coordinator } from './coordinator.ts';
import { noRecipient } from './outbox.ts';
import { pendingSends } from './pending-sends.ts';
import { removeFiles } from './remove.ts';

/** So many of the newest are looked through where a place is gone. */
const mostFilms = 10_000;

/** See `Renders.filmMessages`. */
export const filmMessages = ({ deps }: Coordinator, platform: Platform): Promise<readonly MessageRef[]> =>
  deps.store.outbox.latest(platform, { kind: 'render', role: 'final', limit: mostFilms });

/** See `Renders.filmGone`. */
export const filmGone = async (
  coordinator: Coordinator,
  message: Pick<MessageRef, 'platform' | 'ref'>,
): Promise<void> => {
  const { jobs, outbox } = coordinator.deps.store;
  const post = await outbox.of(message);
  if (post?.subject.kind !== 'render' || post.role !== 'final') return;
  const id = post.subject.id as JobId;
  await pendingSends(coordinator, id);
  const job = await jobs.get(id);
  if (job?.state !== 'done') return;
  await coordinator.messageSync.drop(job.id);
  const failure = toFailure(new GramzoomError('film-deleted', {}));
  await jobs.update(job.id, { result: null, poster: null, failure });
  await outbox.finish(post.key, noRecipient(message.platform));
  await removeFiles(coordinator, job);
  coordinator.deps.log.forJob(job.id).info('render: the film was deleted in the chat');
};
