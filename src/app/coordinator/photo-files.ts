import type { BlobId } from '../../domain/job.ts';
import type { PhotoOrder } from '../renders.ts';
import type { Coordinator } from './coordinator.ts';
import { admit, requestOf } from './new-row.ts';
import { requireRoom } from './room.ts';

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
  await admit(coordinator, origin);
  const request = requestOf(deps, options);
  await deps.networks.require(request.network, request.depth);
  await requireRoom(coordinator, request);
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
