import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { BlobId, Job } from '../../domain/job.ts';
import { asTold } from '../../domain/told.ts';
import type { PhotoOrder } from '../renders.ts';
import { mostFetches } from '../retry.ts';
import { type Coordinator, queueChanged } from './coordinator.ts';
import { endWithoutFilm } from './finish.ts';
import { admit } from './new-row.ts';

/** Removes a photo that nothing points at and nobody holds. Call it only while `blobLock` is held. */
export const removeUnlessNeeded = async ({ deps, heldPhotos }: Coordinator, photo: BlobId): Promise<void> => {
  if (heldPhotos.has(photo) || (await deps.store.retention.uses([photo])).has(photo)) return;
  await deps.blobs.remove(photo);
};

const hold = ({ heldPhotos }: Coordinator, photo: BlobId): void => {
  heldPhotos.set(photo, (heldPhotos.get(photo) ?? 0) + 1);
};

const letGo = ({ heldPhotos }: Coordinator, photo: BlobId): void => {
  const others = (heldPhotos.get(photo) ?? 1) - 1;
  if (others > 0) heldPhotos.set(photo, others);
  else heldPhotos.delete(photo);
};

/** See `Renders.keepPhoto`. */
export const keepPhoto = async <T>(
  coordinator: Coordinator,
  bytes: Uint8Array,
  { origin, options, use }: PhotoOrder<T>,
): Promise<T> => {
  const { deps, blobLock } = coordinator;
  await admit(coordinator, origin, { options: options ?? null });
  const photo = await blobLock.run(async () => {
    const stored = await deps.blobs.put(bytes);
    hold(coordinator, stored);
    return stored;
  });
  try {
    const result = await use(photo);
    letGo(coordinator, photo);
    return result;
  } catch (error) {
    await blobLock.run(async () => {
      letGo(coordinator, photo);
      await removeUnlessNeeded(coordinator, photo);
    });
    throw error;
  }
};

/** The photo is stored and its render stands in the queue. */
export const enqueue = (coordinator: Coordinator, job: Job): void => {
  const { deps, messageSync } = coordinator;
  const { events } = deps;
  // Where somebody is a server of their own its name is theirs: people are in no log.
  const { platform, server, user } = job.origin;
  deps.log.forJob(job.id).info('render: queued', { platform, ...(!server.includes(user) && { server }) });
  deps.observe({ kind: 'queued', job: job.id, platform: job.origin.platform });
  events.toWorkers.send({ kind: 'queued' });
  queueChanged(coordinator);
  // Whoever joins the queue is told their place at once, also right after another answer.
  messageSync.schedule(job.id, { everyMs: 0 });
};

const download = async ({ deps }: Coordinator, job: Job, signal: AbortSignal): Promise<Uint8Array> => {
  const { maxPhotoBytes: maxBytes } = deps;
  const chat = deps.chats.get(job.attachment.platform);
  if (!chat) throw new GramzoomError('chat-gone', { platform: job.attachment.platform });
  const bytes = await chat.openAttachment(job.attachment, { signal, maxBytes });
  if (bytes.length > maxBytes) {
    throw new GramzoomError('photo-too-many-bytes', { bytes: bytes.length, maxBytes });
  }
  await deps.inspectPhoto(bytes, { signal });
  signal.throwIfAborted();
  return bytes;
};

/** An attachment that is gone is, for a person, a photo that must be sent again. */
const translate = (thrown: unknown): GramzoomError => {
  const error = toGramzoomError(thrown);
  if (error.code === 'chat-gone') return new GramzoomError('photo-expired', {}, { cause: error });
  return asTold(error);
};

/**
 * Stores the photo and moves the row, with nothing in between that could remove the file. Where the row has moved
 * on, or cannot be moved, nothing stays of the photo.
 */
const keep = (coordinator: Coordinator, job: Job, bytes: Uint8Array): Promise<boolean> =>
  coordinator.blobLock.run(async () => {
    const { deps } = coordinator;
    const photo = await deps.blobs.put(bytes);
    let isMoved = false;
    try {
      // The address is of no more use, and a key to the photo for whoever reads it.
      const attachment = { ...job.attachment, ref: '' };
      const source = (await deps.store.erasures.sourceOf(photo, job.source.owner)) ?? job.source;
      isMoved = await deps.store.jobs.move(job.id, 'fetching', 'queued', { photo, attachment, source });
    } finally {
      if (!isMoved) await removeUnlessNeeded(coordinator, photo);
    }
    return isMoved;
  });

/**
 * Fetches, checks and stores the photo of a row in state `fetching`, and queues the render. A photo that
 * will not do ends the render. Where the process ends first, the row stays as it is for the next one.
 * @param options.tell whether the person is notified of a failure in the chat
 * @returns false where the process ends first
 * @throws GramzoomError why there will be no render; `cancelled` where somebody cancelled it
 */
export const fetchPhoto = async (
  coordinator: Coordinator,
  job: Job,
  options: { readonly tell: boolean; readonly patient: boolean },
): Promise<boolean> => {
  const { deps, fetching, deadline, photoSlots } = coordinator;
  const controller = fetching.get(job.id) ?? new AbortController();
  fetching.set(job.id, controller);
  const signal = AbortSignal.any([controller.signal, deadline.signal]);
  try {
    let failures = options.patient ? await deps.store.tries.count(job.id, 'fetch') : 0;
    // A photo is in memory from here until it is stored; while nothing can be fetched, others have the slot.
    const take = (): Promise<boolean> =>
      photoSlots.run(async () => keep(coordinator, job, await download(coordinator, job, signal)), {
        signal,
      });
    const isKept = await retryWithBackoff(take, {
      clock: deps.clock,
      signal,
      // It holds a place of its person's and its server's: not for ever.
      isTransient: (error) =>
        options.patient && toGramzoomError(error).code === 'chat-unreachable' && ++failures < mostFetches,
      onFailure: async (error) => {
        deps.log.forJob(job.id).warn('photo: failed to fetch it, trying again', { error, failures });
        await deps.store.tries.add(job.id, 'fetch');
      },
    });
    if (!isKept) throw new GramzoomError('cancelled', {});
  } catch (thrown) {
    if (controller.signal.aborted) throw new GramzoomError('cancelled', {}, { cause: thrown });
    if (deadline.signal.aborted) return false;
    const error = translate(thrown);
    const end = { from: 'fetching', to: 'failed', error, tell: options.tell } as const;
    // Where the disk has no space for that either, the row stays and the next sweep takes it up.
    await endWithoutFilm(coordinator, job, end).catch((problem: unknown) =>
      deps.log.forJob(job.id).error('render: failed to persist the failure', { error: problem }),
    );
    throw error;
  } finally {
    fetching.delete(job.id);
  }
  enqueue(coordinator, job);
  return true;
};
