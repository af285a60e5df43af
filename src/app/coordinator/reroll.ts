import { GramzoomError } from '../../domain/errors.ts';
import { type BlobId, type Job, type JobId, photosThrough, type ReplyTarget } from '../../domain/job.ts';
import { largerSize, type RenderRequest } from '../../domain/kinds.ts';
import type { CoordinatorDeps } from '../deps.ts';
import type { Again, JobView } from '../renders.ts';
import type { Coordinator } from './coordinator.ts';
import { enqueue } from './fetch-photo.ts';
import { capFileSize, insertRow, knownRow, requestAsAsked, requireAllowedWork, viewNow } from './new-row.ts';

/** @throws GramzoomError `not-found`, `not-ready`, `photo-expired` */
const parentWithPhoto = async (
  { store, blobs }: CoordinatorDeps,
  id: JobId,
): Promise<{ readonly parent: Job; readonly photo: BlobId }> => {
  const parent = await store.jobs.get(id);
  if (!parent) throw new GramzoomError('not-found', {});
  if (parent.state === 'fetching') throw new GramzoomError('not-ready', {});
  const { photo } = parent;
  if (photo === null) throw new GramzoomError('photo-expired', {});
  for (const blob of [photo, ...photosThrough(parent)]) {
    if (!(await blobs.has(blob))) throw new GramzoomError('photo-expired', {});
  }
  return { parent, photo };
};

/** A render of another platform has nothing that this one could keep out of sight. */
const targetUnder = ({ chats }: CoordinatorDeps, target: ReplyTarget, parent: Job): ReplyTarget =>
  parent.replyTarget.platform === target.platform
    ? (chats.get(target.platform)?.rerollTarget(target, parent.replyTarget) ?? target)
    : target;

/** The new row holds the photo, so that retention cannot take it any more. */
const renderAgain = async (
  coordinator: Coordinator,
  id: JobId,
  again: Again & { readonly change: (request: RenderRequest) => RenderRequest },
): Promise<JobView> => {
  const { deps, blobLock, fetching } = coordinator;
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  const { actor, replyTarget, event } = again;
  const known = await knownRow(coordinator, actor.platform, event);
  if (known) return viewNow(coordinator, known);
  const request = again.change(requestAsAsked(deps, (await parentWithPhoto(deps, id)).parent));
  requireAllowedWork(deps, request);
  await deps.networks.require(request.network, request.depth);
  const { job, isNew } = await blobLock.run(async () => {
    // The photo may have gone in the meantime.
    const { parent, photo } = await parentWithPhoto(deps, id);
    return insertRow(coordinator, {
      id: deps.newId(),
      origin: actor,
      ...capFileSize(deps, request, replyTarget),
      attachment: { ...parent.attachment, ref: '' },
      replyTarget: targetUnder(deps, replyTarget, parent),
      source: parent.source,
      parent: id,
      photo,
      event: event ?? null,
    });
  });
  if (!isNew) return viewNow(coordinator, job);
  try {
    if (!(await deps.store.jobs.move(job.id, 'fetching', 'queued'))) throw new GramzoomError('cancelled', {});
  } finally {
    fetching.delete(job.id);
  }
  enqueue(coordinator, job);
  return viewNow(coordinator, job);
};

/** See `Renders.reroll`. */
export const reroll = (coordinator: Coordinator, id: JobId, by: Again): Promise<JobView> =>
  renderAgain(coordinator, id, {
    ...by,
    change: (request) => ({ ...request, seed: coordinator.deps.newSeed() }),
  });

/** See `Renders.enlarge`. */
export const enlarge = (coordinator: Coordinator, id: JobId, by: Again): Promise<JobView> =>
  renderAgain(coordinator, id, {
    ...by,
    change: (request) => {
      const size = largerSize(request);
      if (size === null) throw new GramzoomError('largest-already', { size: request.size });
      return { ...request, size };
    },
  });
