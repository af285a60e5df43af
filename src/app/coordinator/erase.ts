import { type EntryId, entrySubject } from '../../domain/contest/contest.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import {
  type BlobId,
  type ErasureCount,
  isFinished,
  isSamePerson,
  type Job,
  type Origin,
} from '../../domain/job.ts';
import { subjectText } from '../../domain/subject.ts';
import type { Erasure } from '../../ports/store.ts';
import { clearCheckpoints } from '../outcome.ts';
import type { ErasureOrder } from '../renders.ts';
import { isTransient, mostErasures } from '../retry.ts';
import { type Coordinator, inBackground, pendingSends, queueChanged } from './coordinator.ts';
import { interrupt } from './finish.ts';
import { hasNoRecipient } from './outbox.ts';
import { createTally, removeFile, type Tally } from './removals.ts';
import { removeMessage, removeMessages } from './remove.ts';

/** @throws GramzoomError `not-found`, `not-your-photo` */
const erasureOf = async ({ deps }: Coordinator, order: ErasureOrder, actor: Origin): Promise<Erasure> => {
  if (order === 'everything') return { kind: 'person', person: actor };
  const job = await deps.store.jobs.get(order.photoOf);
  if (!job) throw new GramzoomError('not-found', {});
  if (!isSamePerson(job.source.owner, actor)) throw new GramzoomError('not-your-photo', {});
  return { kind: 'photo', root: job.source.root };
};

/** See `Renders.erasable`. */
export const erasable = async (
  coordinator: Coordinator,
  order: ErasureOrder,
  actor: Origin,
): Promise<ErasureCount> => coordinator.deps.store.erasures.count(await erasureOf(coordinator, order, actor));

/** Files that no other render needs, and what rooms show of them. */
const eraseFiles = async (coordinator: Coordinator, job: Job, tally: Tally): Promise<void> => {
  const { deps } = coordinator;
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
    if (isFree) await removeFile(coordinator, blob, { what, why: 'erased' }, tally);
    for (const preview of shown) {
      if ((await useOf(preview)) === undefined) await remove(preview);
    }
  };
  for (const blob of [job.photo, job.result, job.poster]) if (blob !== null) await remove(blob);
};

/** What was said about it goes, and then its row. False where that has to be tried again. */
const eraseRow = async (coordinator: Coordinator, job: Job): Promise<boolean> => {
  const { deps } = coordinator;
  try {
    await coordinator.messageSync.drop(job.id);
    await pendingSends(coordinator, job.id);
    await removeMessages(coordinator, job, { isThorough: true });
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    const log = deps.log.forJob(job.id);
    const tries = await deps.store.tries.add(job.id, 'erase');
    if (isTransient(error) && tries < mostErasures) {
      log.warn('erasure: failed to delete messages, trying again', { error, tries });
      return false;
    }
    log.error('erasure: failed to delete messages', { error, tries });
  }
  await clearCheckpoints(deps, job);
  await deps.store.jobs.remove(job.id);
  return true;
};

/** Pictures of results that showed what goes. */
const eraseResults = async (coordinator: Coordinator, tally: Tally): Promise<void> => {
  const { erasures, retention } = coordinator.deps.store;
  for (const blob of await erasures.files()) {
    const use = (await retention.uses([blob])).get(blob);
    const isFree = use === undefined || use === 'shown';
    if (isFree) await removeFile(coordinator, blob, { what: 'result', why: 'erased' }, tally);
    await erasures.fileGone(blob);
  }
};

/** What was said to whoever entered a film goes. False where that has to be tried again. */
const eraseEntry = async (coordinator: Coordinator, id: EntryId): Promise<boolean> => {
  const { chats, log, store } = coordinator.deps;
  const subject = entrySubject(id);
  const text = subjectText(subject);
  try {
    await coordinator.messageSync.drop(text);
    for (const { message } of await store.outbox.ofSubject(subject)) {
      const chat = message && chats.get(message.platform);
      if (message && chat && !hasNoRecipient(message)) await removeMessage(chat, message);
    }
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    const tries = await store.tries.add(text, 'erase');
    if (isTransient(error) && tries < mostErasures) {
      log.forJob(text).warn('erasure: failed to delete messages, trying again', { error, tries });
      return false;
    }
    log.forJob(text).error('erasure: failed to delete messages', { error, tries });
  }
  await store.erasures.entryGone(id);
  return true;
};

/** Their words in rooms, and last of all that they asked for it. */
const forgetPeople = async (coordinator: Coordinator, isAllErased: boolean): Promise<void> => {
  const { chats, store } = coordinator.deps;
  for (const person of await store.erasures.people()) {
    await chats.get(person.platform)?.forget({ kind: 'person', person });
    if (isAllErased) await store.erasures.forgotten(person);
  }
};

const eraseAll = async (coordinator: Coordinator): Promise<void> => {
  const { store } = coordinator.deps;
  const tally = createTally();
  const jobs = await store.erasures.pending();
  // Files first, of all of them: messages may have to wait for their platform.
  for (const job of jobs) await eraseFiles(coordinator, job, tally);
  await eraseResults(coordinator, tally);
  await forgetPeople(coordinator, false);
  let isAllErased = true;
  for (const job of jobs) {
    if (coordinator.isStopping) return;
    if (!(await eraseRow(coordinator, job))) isAllErased = false;
  }
  for (const entry of await store.erasures.entries()) {
    if (coordinator.isStopping) return;
    if (!(await eraseEntry(coordinator, entry))) isAllErased = false;
  }
  await forgetPeople(coordinator, isAllErased);
  await store.erasures.settle();
  tally.log(coordinator);
};

/** Deletes what is marked; harmless where nothing is. One after another: none may end before what it found has gone. */
export const erasePending = (coordinator: Coordinator): Promise<void> =>
  coordinator.erasureLock.run(async () => {
    const { erasures } = coordinator.deps.store;
    const { pending, people, files, entries } = erasures;
    for (const look of [pending, people, files, entries]) {
      if ((await look()).length > 0) return await eraseAll(coordinator);
    }
  });

/** See `Renders.erase`. Marked in turn with whoever makes a row of a photo: none is made that would be missed. */
export const erase = async (
  coordinator: Coordinator,
  order: ErasureOrder,
  actor: Origin,
): Promise<ErasureCount> => {
  const { deps, blobLock } = coordinator;
  const { count, jobs } = await blobLock.run(async () => {
    const erasure = await erasureOf(coordinator, order, actor);
    const counted = await deps.store.erasures.count(erasure);
    return { count: counted, jobs: await deps.store.erasures.begin(erasure) };
  });
  const what = order === 'everything' ? 'everything' : 'photo';
  deps.log.info('erasure: ordered by a person', { what, ...count });
  for (const { id } of jobs.filter(({ state }) => !isFinished(state))) {
    interrupt(coordinator, id);
    deps.observe({ kind: 'finished', job: id, state: 'cancelled', code: null, seconds: null });
  }
  queueChanged(coordinator);
  inBackground(coordinator, 'erasure: failed to finish the deletion', () => erasePending(coordinator));
  return count;
};
