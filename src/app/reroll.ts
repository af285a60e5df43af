import { GramzoomError } from '../domain/errors.ts';
import type { JobId, Origin, ReplyTarget } from '../domain/job.ts';
import { enqueue } from './fetch-photo.ts';
import type { Floor } from './floor.ts';
import type { JobView } from './renders.ts';
import { insertRow, viewNow } from './submit.ts';

/** See `Renders.reroll`. The new row holds the photo, so that retention cannot take it any more. */
export const reroll = async (
  floor: Floor,
  id: JobId,
  by: { readonly actor: Origin; readonly replyTarget: ReplyTarget },
): Promise<JobView> => {
  const { deps, fileTurns, fetching } = floor;
  const { jobs } = deps.store;
  if (floor.isStopping) throw new GramzoomError('stopping', {});
  const job = await fileTurns.run(async () => {
    const parent = await jobs.get(id);
    if (!parent) throw new GramzoomError('not-found', {});
    if (parent.state === 'fetching') throw new GramzoomError('not-ready', {});
    const { photo } = parent;
    if (photo === null || !(await deps.blobs.has(photo))) throw new GramzoomError('photo-expired', {});
    return insertRow(floor, {
      id: deps.newId(),
      origin: by.actor,
      request: { ...parent.request, seed: deps.newSeed() },
      attachment: parent.attachment,
      replyTarget: by.replyTarget,
      parent: id,
      photo,
    });
  });
  try {
    if (!(await jobs.move(job.id, 'fetching', 'queued'))) throw new GramzoomError('cancelled', {});
  } finally {
    fetching.delete(job.id);
  }
  enqueue(floor, job);
  return viewNow(floor, job);
};
