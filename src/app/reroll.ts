import { GramzoomError } from '../domain/errors.ts';
import type { BlobId, Job, JobId, Origin, ReplyTarget } from '../domain/job.ts';
import type { RenderDeps } from './deps.ts';
import { enqueue } from './fetch-photo.ts';
import type { Floor } from './floor.ts';
import type { JobView } from './renders.ts';
import { insertRow, viewNow } from './submit.ts';

/** @throws GramzoomError `not-found`, `not-ready`, `photo-expired` */
const parentWithPhoto = async (
  { store, blobs }: RenderDeps,
  id: JobId,
): Promise<{ readonly parent: Job; readonly photo: BlobId }> => {
  const parent = await store.jobs.get(id);
  if (!parent) throw new GramzoomError('not-found', {});
  if (parent.state === 'fetching') throw new GramzoomError('not-ready', {});
  const { photo } = parent;
  if (photo === null || !(await blobs.has(photo))) throw new GramzoomError('photo-expired', {});
  return { parent, photo };
};

/** See `Renders.reroll`. The new row holds the photo, so that retention cannot take it any more. */
export const reroll = async (
  floor: Floor,
  id: JobId,
  by: { readonly actor: Origin; readonly replyTarget: ReplyTarget },
): Promise<JobView> => {
  const { deps, fileTurns, fetching } = floor;
  if (floor.isStopping) throw new GramzoomError('stopping', {});
  const { request } = (await parentWithPhoto(deps, id)).parent;
  await deps.networks.require(request.network, request.depth);
  const job = await fileTurns.run(async () => {
    // The photo may have gone in the meantime.
    const { parent, photo } = await parentWithPhoto(deps, id);
    return insertRow(floor, {
      id: deps.newId(),
      origin: by.actor,
      request: { ...request, seed: deps.newSeed() },
      attachment: parent.attachment,
      replyTarget: by.replyTarget,
      parent: id,
      photo,
    });
  });
  try {
    if (!(await deps.store.jobs.move(job.id, 'fetching', 'queued'))) throw new GramzoomError('cancelled', {});
  } finally {
    fetching.delete(job.id);
  }
  enqueue(floor, job);
  return viewNow(floor, job);
};
