import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import type { StorageNeed } from '../../domain/kinds/kind.ts';
import { kindOf, parseRequest, type RenderOptions } from '../../domain/kinds.ts';
import { reserveOf } from '../../domain/storage-need.ts';
import { whenThereIsSpace } from '../retry.ts';
import type { Coordinator } from './coordinator.ts';

const storageNeed = (request: RenderOptions): StorageNeed => kindOf(request).storageNeed(request);

const usualRequest = ({ deps }: Coordinator): RenderOptions =>
  parseRequest({ network: deps.defaults.network });

/** What was accepted needs so much: checkpoints for what runs, results for all. */
const acceptedNeed = async (coordinator: Coordinator): Promise<number> => {
  const { snapshots, fetching } = coordinator;
  const { running, waiting } = await snapshots.read();
  const arriving = fetching.size * storageNeed(usualRequest(coordinator)).result;
  const results = waiting.reduce((sum, { request }) => sum + storageNeed(request).result, arriving);
  return running.reduce((sum, { request }) => {
    const { checkpoint, result } = storageNeed(request);
    return sum + checkpoint + result;
  }, results);
};

const hasSpaceFor = async (coordinator: Coordinator, request: RenderOptions | null): Promise<boolean> => {
  const space = await coordinator.deps.disk.space();
  if (!space) return true;
  const { checkpoint, result } = request ? storageNeed(request) : { checkpoint: 0, result: 0 };
  const need = reserveOf(space.totalBytes) + (await acceptedNeed(coordinator)) + checkpoint + result;
  return space.freeBytes >= need;
};

/**
 * Refuses what might keep the renders that were accepted from being finished.
 * @param request null where it is not known yet
 * @throws GramzoomError `disk-full`
 */
export const requireSpace = async (
  coordinator: Coordinator,
  request: RenderOptions | null,
): Promise<void> => {
  if (!(await hasSpaceFor(coordinator, request))) throw new GramzoomError('disk-full', { folder: null });
};

/** Why no photo can be taken for lack of disk space, in a few words for an operator; null: it can. */
export const spaceProblem = async (coordinator: Coordinator): Promise<string | null> => {
  const count = coordinator.withoutSpace.size;
  if (count > 0) return `waiting for disk space: ${count} ${count === 1 ? 'render' : 'renders'}`;
  return (await hasSpaceFor(coordinator, usualRequest(coordinator)))
    ? null
    : 'too little disk space for another render';
};

/** Notes whether a render lacks disk space; people who look at it are told. */
export const noteLackOfSpace = (coordinator: Coordinator, id: JobId, lacks: boolean): void => {
  if (coordinator.withoutSpace.has(id) === lacks) return;
  if (lacks) coordinator.withoutSpace.add(id);
  else coordinator.withoutSpace.delete(id);
  coordinator.messageSync.schedule(id, { everyMs: 0 });
};

/** Tries again until what is delivered can be noted. @throws GramzoomError `cancelled` where the process ends */
export const waitForSpace = <T>(coordinator: Coordinator, id: JobId, work: () => Promise<T>): Promise<T> => {
  const { clock, log } = coordinator.deps;
  const onWait = (waits: boolean): void => noteLackOfSpace(coordinator, id, waits);
  return whenThereIsSpace(work, { clock, log: log.forJob(id), signal: coordinator.deadline.signal, onWait });
};
