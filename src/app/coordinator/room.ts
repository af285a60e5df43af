import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import { parseRequest, type RenderOptions } from '../../domain/request.ts';
import { reserveOf, storageNeed } from '../../domain/storage-need.ts';
import { isStorageTrouble, untilItWorks } from '../retry.ts';
import type { Floor } from './coordinator.ts';

type Sized = Pick<RenderOptions, 'size' | 'frames' | 'maxBytes'>;

const usualRequest = ({ deps }: Floor): Sized => parseRequest({ network: deps.defaults.network });

/** What was accepted needs so much: checkpoints for one at a time, films for all. */
const acceptedNeed = async (floor: Floor): Promise<number> => {
  const { running, line, fetching } = floor;
  const { waiting } = await line.read();
  const arriving = fetching.size * storageNeed(usualRequest(floor)).film;
  const films = waiting.reduce((sum, { request }) => sum + storageNeed(request).film, arriving);
  if (!running) return films;
  const { checkpoint, film } = storageNeed(running.job.request);
  return films + checkpoint + film;
};

const hasRoomFor = async (floor: Floor, request: Sized | null): Promise<boolean> => {
  const space = await floor.deps.disk.space();
  if (!space) return true;
  const { checkpoint, film } = request ? storageNeed(request) : { checkpoint: 0, film: 0 };
  const need = reserveOf(space.totalBytes) + (await acceptedNeed(floor)) + checkpoint + film;
  return space.freeBytes >= need;
};

/**
 * Refuses what might keep the renders that were accepted from being finished.
 * @param request null where it is not known yet
 * @throws GramzoomError `disk-full`
 */
export const requireRoom = async (floor: Floor, request: Sized | null): Promise<void> => {
  if (!(await hasRoomFor(floor, request))) throw new GramzoomError('disk-full', { folder: null });
};

/** Why no photo can be taken for lack of room, in a few words for an operator; null: it can. */
export const roomVerdict = async (floor: Floor): Promise<string | null> => {
  const count = floor.withoutRoom.size;
  if (count > 0) return `waiting for room on the disk: ${count} ${count === 1 ? 'render' : 'renders'}`;
  return (await hasRoomFor(floor, usualRequest(floor)))
    ? null
    : 'too little room on the disk for another render';
};

/** Notes whether a render lacks room; people who look at it are told. */
export const noteRoom = (floor: Floor, id: JobId, lacks: boolean): void => {
  if (floor.withoutRoom.has(id) === lacks) return;
  if (lacks) floor.withoutRoom.add(id);
  else floor.withoutRoom.delete(id);
  floor.announcer.touch(id, { everyMs: 0 });
};

/** Tries again until it can be stored: what was accepted waits for room. */
export const whenThereIsRoom = async <T>(
  floor: Floor,
  id: JobId,
  work: () => Promise<T>,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<T> => {
  const log = floor.deps.log.forJob(id);
  try {
    return await untilItWorks(work, {
      clock: floor.deps.clock,
      signal: AbortSignal.any([floor.deadline.signal, ...(signal ? [signal] : [])]),
      mostMs: 10_000,
      passes: isStorageTrouble,
      onFailure: (error) => {
        noteRoom(floor, id, true);
        log.error('it cannot be stored, waiting for room', { error });
      },
    });
  } finally {
    if (floor.withoutRoom.has(id)) {
      noteRoom(floor, id, false);
      log.info('it waits for room no more');
    }
  }
};
