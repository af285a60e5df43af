import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { isFinished, type Job, type JobId, type ReplyTarget } from '../../domain/job.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import { type CoordinatorDeps, postKeys, type StoredPicture, withdrawalOf } from '../deps.ts';
import { isGone, isRefused, isTransient } from '../retry.ts';
import { createBeside } from './beside.ts';
import { answerContent, endContent, finalContent, progressContent, readyContent } from './content.ts';
import { leavesNothing } from './leave-nothing.ts';
import { findIn, isNowhere, nowhere, rewrite, type Speaker, StaleRow, sayOnce } from './outbox.ts';
import type { Views } from './views.ts';

/**
 * What a pass came to. `said`: the messages say what the row says. `gone`: there is nobody to say it to, or it cannot
 * be said. `deserted`: the place is gone, and all that could have been said there. `absent`: this process does not
 * talk to that platform. `stale`: the row changed meanwhile. An error: nobody takes the film, for this reason.
 */
export type PassResult = 'said' | 'gone' | 'deserted' | 'absent' | 'stale' | GramzoomError;

export type PassParts = {
  readonly deps: Pick<CoordinatorDeps, 'store' | 'blobs' | 'chats' | 'observe' | 'clock' | 'log'>;
  /** Aborts where last words wait for what this pass says. */
  readonly signal: AbortSignal;
  readonly views: Views;
  /** See `Speaker`. */
  readonly written: Map<string, string>;
  readonly refused: Map<string, number>;
  /** The newest look at the render, stored; null where there is none. */
  readonly picture: () => Promise<StoredPicture | null>;
};

/** What is refused on the way is tried again so long afterwards, since permissions come and go. */
const refusedForMs = 60_000;

/** The platform that a render's answer goes to, if this process talks to it. */
const chatOf = (job: Job, { chats }: Pick<CoordinatorDeps, 'chats'>): Chat | undefined =>
  chats.get(job.replyTarget.platform);

/** Marks last words as over although nobody heard them, so that no start tries again. */
export const giveUp = async (job: Job, { store }: Pick<CoordinatorDeps, 'store'>): Promise<void> => {
  if (!isFinished(job.state)) return;
  const { final } = postKeys(job.id);
  const { message } = await store.outbox.begin(final);
  if (!message) await store.outbox.finish(final, nowhere(job.replyTarget.platform));
};

/** The place that a render was asked for in is gone, so that nobody can be told anything. */
class Deserted extends Error {}

/** @throws Deserted where nothing can be said any more where the render was asked for */
const checkPlace = async ({ chat, job }: Speaker): Promise<void> => {
  if (!(await chat.isThere(job.replyTarget))) throw new Deserted(`the place of ${job.id} is gone`);
};

/**
 * Says what is a courtesy beside the last words: where it is refused for good, the render goes on without.
 * @returns null where it is refused, or was not long ago
 * @throws Deserted
 */
const courteously = async <T>(speaker: Speaker, key: string, say: () => Promise<T>): Promise<T | null> => {
  const { deps, job, refused } = speaker;
  const isLast = isFinished(job.state) || job.state === 'delivering';
  const since = deps.clock.now() - (refused.get(key) ?? Number.NEGATIVE_INFINITY);
  if (!isLast && since < refusedForMs) return null;
  try {
    return await say();
  } catch (error) {
    if (!isRefused(error)) throw error;
    deps.log.forJob(job.id).warn('a message was refused, the render goes on without it', { key, error });
    refused.set(key, deps.clock.now());
    if (isGone(error) && !isLast) await checkPlace(speaker);
    return null;
  }
};

/** The answer as far as the outbox knows it. */
const knownAnswer = async ({ deps, job }: Speaker): Promise<MessageRef | null> => {
  const answer = await deps.store.outbox.get(postKeys(job.id).answer);
  return answer && !isNowhere(answer) ? answer : null;
};

/** The picture in the thread is a courtesy: a message that somebody removed is not made again. */
const showProgress = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const answer = await knownAnswer(speaker);
  const picture = answer && (await parts.picture());
  if (!answer || !picture) return;
  const { job, chat } = speaker;
  const thread = await chat.openThread(answer, job.attachment.name);
  const content = progressContent(job, await parts.views.of(job), picture);
  await sayOnce(speaker, [thread], { key: postKeys(job.id).progress, content });
};

/** What is said while there is something to wait for. */
const keepPosted = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job } = speaker;
  const keys = postKeys(job.id);
  const content = answerContent(job, await parts.views.of(job));
  await courteously(speaker, keys.answer, () =>
    sayOnce(speaker, [job.replyTarget], { key: keys.answer, content }),
  );
  if (job.state === 'running') {
    await courteously(speaker, keys.progress, () => showProgress(speaker, parts));
  }
};

/** Also a picture that a process posted and died before it could note it: no later one may have found it. */
const removeProgress = async (
  { deps, chat, job }: Speaker,
  places: readonly ReplyTarget[],
): Promise<void> => {
  const key = postKeys(job.id).progress;
  const begun = (await deps.store.outbox.ofSubject(renderSubject(job.id))).find((post) => post.key === key);
  const message = begun && (begun.message ?? (await findIn(chat, places, key)));
  if (!message) return;
  try {
    await chat.remove(message);
  } catch (error) {
    if (!isRefused(error)) throw error;
    deps.log.forJob(job.id).warn('its picture could not be taken away', { error });
  }
};

/** Where last words go, best first: the thread, what is around it, or where it was asked for. */
const placesOf = async (
  { chat, job }: Speaker,
  answer: MessageRef | null,
): Promise<readonly ReplyTarget[]> => {
  if (!answer) return [job.replyTarget];
  try {
    const thread = await chat.openThread(answer, job.attachment.name);
    const around = chat.outside(thread);
    return around ? [thread, around] : [thread];
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [job.replyTarget];
  }
};

/**
 * Says the last words in the best place that takes them, at last in the answer itself.
 * @throws Deserted where there is none, and the error of the first place where none takes them
 */
const sayLast = async (
  speaker: Speaker,
  answer: MessageRef | null,
  places: readonly ReplyTarget[],
): Promise<MessageRef> => {
  const { deps, job } = speaker;
  const { final } = postKeys(job.id);
  const content = finalContent(job);
  try {
    return await sayOnce(speaker, places, { key: final, content });
  } catch (error) {
    // A film that was said before and is gone has been taken away by somebody.
    const said = await deps.store.outbox.get(final);
    if (isRefused(error) && said) return said;
    if (!isRefused(error)) throw error;
    if (answer && error.code !== 'file-too-large') {
      const inAnswer = { key: final, content: { ...content, calls: false } };
      const isTaken = await rewrite(speaker, answer, inAnswer).then(
        () => true,
        (refused: unknown) => {
          if (!isRefused(refused)) throw refused;
          return false;
        },
      );
      if (isTaken) {
        await deps.store.outbox.finish(final, answer);
        return answer;
      }
    }
    if (isGone(error)) await checkPlace(speaker);
    throw error;
  }
};

/** The film comes first: that it is ready is true only then. The row says `delivering` until both are said. */
const deliverFilm = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job, deps } = speaker;
  const key = postKeys(job.id).answer;
  const beside = createBeside(deps.clock);
  try {
    const content = answerContent(job, await parts.views.of(job));
    const answer =
      (await knownAnswer(speaker)) ??
      (await courteously(speaker, key, () => sayOnce(speaker, [job.replyTarget], { key, content })));
    const places = await placesOf(speaker, answer);
    await beside.begin(removeProgress(speaker, places));
    const film = await sayLast(speaker, answer, places);
    if (answer && film.ref !== answer.ref) {
      await courteously(speaker, key, () => rewrite(speaker, answer, { key, content: readyContent(job) }));
    }
  } finally {
    await beside.settled();
  }
  beside.check();
};

/** Whether a render ended before any worker had begun it. */
const endedEarly = ({ state, claim }: Job): boolean => isFinished(state) && claim === null;

/** Of a render that never began the answer is all there is: it says how it ended, and counts as the last words. */
const endInAnswer = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  if (await leavesNothing(speaker)) {
    await giveUp(speaker.job, speaker.deps);
    return await speaker.deps.store.calendar.cancel(withdrawalOf(speaker.job.id));
  }
  const { job, deps } = speaker;
  const keys = postKeys(job.id);
  const content = endContent(job, await parts.views.of(job));
  const answer = await sayOnce(speaker, [job.replyTarget], { key: keys.answer, content });
  const { message } = await deps.store.outbox.begin(keys.final);
  if (!message) await deps.store.outbox.finish(keys.final, answer);
};

/**
 * The order matters: the row is finished already, and last words that were never said are all that a start looks
 * for, so they come last. They do not wait for long for what comes before: a platform that does not take the change
 * of an answer may well take a new message.
 */
const tellEnd = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job, deps } = speaker;
  const key = postKeys(job.id).answer;
  const beside = createBeside(deps.clock);
  try {
    const content = answerContent(job, await parts.views.of(job));
    const known = await knownAnswer(speaker);
    const saying = courteously(speaker, key, () => sayOnce(speaker, [job.replyTarget], { key, content }));
    if (known) await beside.begin(saying);
    const answer = known ?? (await saying);
    const places = await placesOf(speaker, answer);
    await beside.begin(removeProgress(speaker, places));
    await sayLast(speaker, answer, places);
  } finally {
    await beside.settled();
  }
  beside.check();
};

const speak = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job, deps } = speaker;
  const key = postKeys(job.id).final;
  switch (job.state) {
    case 'fetching':
    case 'queued':
    case 'running':
      return await keepPosted(speaker, parts);
    case 'delivering':
      return await deliverFilm(speaker, parts);
    case 'failed':
    case 'cancelled':
      return await (endedEarly(job) ? endInAnswer(speaker, parts) : tellEnd(speaker, parts));
    case 'done': {
      const message = await deps.store.outbox.get(key);
      if (message) await rewrite(speaker, message, { key, content: finalContent(job) });
      return;
    }
    default:
      return job.state satisfies never;
  }
};

/**
 * Makes a render's messages say what its row says: whatever happened before, and however often it is called,
 * they end up the same.
 * @throws GramzoomError `chat-unreachable` and whatever else may pass
 */
export const runPass = async (id: JobId, parts: PassParts): Promise<PassResult> => {
  const { deps, written, refused } = parts;
  const job = await deps.store.jobs.get(id);
  if (!job) return 'gone';
  const chat = chatOf(job, deps);
  if (!chat) return 'absent';
  try {
    const isLast = job.state === 'delivering' || isFinished(job.state);
    const signal = isLast ? undefined : parts.signal;
    await speak({ deps, chat, job, written, refused, signal }, parts);
    return 'said';
  } catch (error) {
    if (error instanceof StaleRow) return 'stale';
    if (!(await deps.store.jobs.get(id))) return 'gone';
    if (error instanceof Deserted) {
      await giveUp(job, deps);
      return 'deserted';
    }
    const failure = toGramzoomError(error);
    if (isTransient(failure)) throw error;
    if (job.state === 'delivering') return failure;
    await giveUp(job, deps);
    if (isGone(error)) return 'gone';
    throw error;
  }
};
