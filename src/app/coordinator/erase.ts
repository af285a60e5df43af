import type { ErasureCount } from '../../domain/erasure.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { type BlobId, isFinished, isSamePerson, type Job, type Origin } from '../../domain/job.ts';
import type { Erasure } from '../../ports/store.ts';
import type { ErasureOrder } from '../renders.ts';
import { mayPass, mostErasures } from '../retry.ts';
import { interrupt } from './cancel.ts';
import { type Floor, inBackground, lineChanged } from './coordinator.ts';
import { clearCheckpoints } from './finish.ts';
import { arrivals } from './pending-sends.ts';
import { createTally, removeFile, type Tally } from './removals.ts';
import { removeMessages } from './remove.ts';

/** @throws GramzoomError `not-found`, `not-your-photo` */
const erasureOf = async ({ deps }: Floor, order: ErasureOrder, actor: Origin): Promise<Erasure> => {
  if (order === 'everything') return { kind: 'person', person: actor };
  const job = await deps.store.jobs.get(order.photoOf);
  if (!job) throw new GramzoomError('not-found', {});
  if (!isSamePerson(job.source.owner, actor)) throw new GramzoomError('not-your-photo', {});
  return { kind: 'photo', root: job.source.root };
};

/** See `Renders.erasable`. */
export const erasable = async (floor: Floor, order: ErasureOrder, actor: Origin): Promise<ErasureCount> =>
  floor.deps.store.erasures.count(await erasureOf(floor, order, actor));

/** Files that no other render needs, and what rooms show of them. */
const eraseFiles = async (floor: Floor, job: Job, tally: Tally): Promise<void> => {
  const { deps } = floor;
  await deps.store.erasures.dropFiles(job.id);
  const { count } = deps.store.erasures;
  const isWholePhoto = (await count({ kind: 'photo', root: job.source.root })).renders === 0;
  const forget = async (photo: BlobId, saidBy: Origin | null): Promise<readonly BlobId[]> => {
    const shown: BlobId[] = [];
    for (const chat of deps.chats.values()) {
      if (saidBy !== null && saidBy.platform !== chat.platform) continue;
      shown.push(...(await chat.forget({ kind: 'photo', photo, saidBy })));
    }
    return shown;
  };
  const useOf = async (blob: BlobId) => (await deps.store.retention.uses([blob])).get(blob);
  const remove = async (blob: BlobId): Promise<void> => {
    const use = await useOf(blob);
    const isFree = use === undefined || use === 'shown';
    // Where it is not, a later row has it, or somebody else who has the same picture.
    const shown = isFree || isWholePhoto ? await forget(blob, isFree ? null : job.source.owner) : [];
    const what = blob === job.photo ? 'photo' : 'result';
    if (isFree) await removeFile(floor, blob, { what, why: 'erased' }, tally);
    for (const preview of shown) {
      if ((await useOf(preview)) === undefined) await remove(preview);
    }
  };
  for (const blob of [job.photo, job.result, job.poster]) if (blob !== null) await remove(blob);
};

/** What was said about it goes, and then its row. False where that has to be tried again. */
const eraseRow = async (floor: Floor, job: Job): Promise<boolean> => {
  const { deps } = floor;
  try {
    await floor.announcer.drop(job.id);
    await arrivals(floor, job.id);
    await removeMessages(floor, job, { isThorough: true });
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    const log = deps.log.forJob(job.id);
    const tries = await deps.store.tries.add(job.id, 'erase');
    if (mayPass(error) && tries < mostErasures) {
      log.warn('its messages could not be deleted yet', { error, tries });
      return false;
    }
    log.error('its messages could not be deleted', { error, tries });
  }
  await clearCheckpoints(floor, job);
  await deps.store.jobs.remove(job.id);
  return true;
};

/** Their words in rooms, and last of all that they asked for it. */
const forgetPeople = async (floor: Floor, isAllErased: boolean): Promise<void> => {
  const { chats, store } = floor.deps;
  for (const person of await store.erasures.people()) {
    await chats.get(person.platform)?.forget({ kind: 'person', person });
    if (isAllErased) await store.erasures.forgotten(person);
  }
};

const eraseAll = async (floor: Floor): Promise<void> => {
  const { store } = floor.deps;
  const tally = createTally();
  const jobs = await store.erasures.pending();
  // Files first, of all of them: messages may have to wait for their platform.
  for (const job of jobs) await eraseFiles(floor, job, tally);
  await forgetPeople(floor, false);
  let isAllErased = true;
  for (const job of jobs) {
    if (floor.isStopping) return;
    if (!(await eraseRow(floor, job))) isAllErased = false;
  }
  await forgetPeople(floor, isAllErased);
  await store.erasures.settle();
  tally.log(floor);
};

/** Deletes what is marked; harmless where nothing is. One after another: none may end before what it found has gone. */
export const erasePending = (floor: Floor): Promise<void> =>
  floor.erasureTurns.run(async () => {
    const { erasures } = floor.deps.store;
    if ((await erasures.pending()).length > 0 || (await erasures.people()).length > 0) await eraseAll(floor);
  });

/** What this process does for rows that are deleted ends. */
const end = (floor: Floor, jobs: readonly Job[]): void => {
  for (const job of jobs.filter(({ state }) => !isFinished(state))) {
    interrupt(floor, job.id);
    floor.deps.observe({ kind: 'finished', job: job.id, state: 'cancelled', code: null, seconds: null });
  }
  lineChanged(floor);
};

/** See `Renders.erase`. Marked in turn with whoever makes a row of a photo: none is made that would be missed. */
export const erase = async (floor: Floor, order: ErasureOrder, actor: Origin): Promise<ErasureCount> => {
  const { deps, fileTurns } = floor;
  const { count, jobs } = await fileTurns.run(async () => {
    const erasure = await erasureOf(floor, order, actor);
    const counted = await deps.store.erasures.count(erasure);
    return { count: counted, jobs: await deps.store.erasures.begin(erasure) };
  });
  deps.log.info('a person deletes for good', {
    what: order === 'everything' ? 'everything' : 'photo',
    ...count,
  });
  end(floor, jobs);
  inBackground(floor, 'what is to be deleted could not be', () => erasePending(floor));
  return count;
};
