import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import { isFinished, type Job, type JobId, type ReplyTarget } from '../domain/job.ts';
import type { Chat, MessageRef } from '../ports/chat.ts';
import { createBeside } from './beside.ts';
import { answerContent, endContent, finalContent, progressContent } from './content.ts';
import { postKeys, type RenderDeps, type StoredPicture } from './deps.ts';
import { mayPass } from './patience.ts';
import { nowhere, rewrite, type Speaker, StaleRow, sayOnce } from './post.ts';
import type { Views } from './views.ts';

/**
 * What a pass came to. `said`: the messages say what the row says. `gone`: there is nobody to say it to.
 * `absent`: this process does not talk to that platform. `refused`: the film is larger than the platform takes by
 * now. `stale`: the row changed meanwhile.
 */
export type PassResult = 'said' | 'gone' | 'absent' | 'refused' | 'stale';

export type PassParts = {
  readonly deps: Pick<RenderDeps, 'store' | 'blobs' | 'chats' | 'observe' | 'bootId' | 'clock'>;
  /** Aborts where last words wait for what this pass says. */
  readonly signal: AbortSignal;
  readonly views: Views;
  readonly written: Map<string, string>;
  /** The newest look at the render, stored; null where there is none. */
  readonly picture: () => Promise<StoredPicture | null>;
};

/** Whether this process may speak for a row: a row that is worked on belongs to one process. */
const isOurs = (job: Job, bootId: string): boolean =>
  (job.state !== 'running' && job.state !== 'delivering') || job.bootId === bootId;

const isGone = (error: unknown): boolean => error instanceof GramzoomError && error.code === 'chat-gone';

/** The platform that a render's answer goes to, if this process talks to it. */
const chatOf = (job: Job, { chats }: Pick<RenderDeps, 'chats'>): Chat | undefined =>
  chats.get(job.replyTarget.platform);

/** Marks last words as over although nobody heard them, so that no start tries again. */
export const giveUp = async (job: Job, { store }: Pick<RenderDeps, 'store'>): Promise<void> => {
  if (!isFinished(job.state) && job.state !== 'delivering') return;
  const { final } = postKeys(job.id);
  const { message } = await store.posts.begin(final, job.id);
  if (!message) await store.posts.finish(final, nowhere(job.replyTarget.platform));
};

/** The picture in the thread is a courtesy: a message that somebody removed is not made again. */
const showProgress = async (speaker: Speaker, answer: MessageRef, parts: PassParts): Promise<void> => {
  const picture = await parts.picture();
  if (!picture) return;
  const { job, chat } = speaker;
  const thread = await chat.openThread(answer, job.attachment.name);
  const content = progressContent(job, await parts.views.of(job), picture);
  try {
    await sayOnce(speaker, thread, { key: postKeys(job.id).progress, content });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

/** Also a picture that a process posted and died before it could note it: no later one may have found it. */
const removeProgress = async ({ deps, chat, job }: Speaker, thread: ReplyTarget): Promise<void> => {
  const key = postKeys(job.id).progress;
  const begun = (await deps.store.posts.ofJob(job.id)).find((post) => post.key === key);
  const message = begun && (begun.message ?? (await chat.find(thread, key)));
  if (!message) return;
  try {
    await chat.remove(message);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

/** Whether a render ended before any process had begun it. */
const endedEarly = ({ state, bootId }: Job): boolean => isFinished(state) && bootId === null;

/** Of a render that never began the answer is all there is: it says how it ended, and counts as the last words. */
const endInAnswer = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job, deps } = speaker;
  const keys = postKeys(job.id);
  const content = endContent(job, await parts.views.of(job));
  const answer = await sayOnce(speaker, job.replyTarget, { key: keys.answer, content });
  const { message } = await deps.store.posts.begin(keys.final, job.id);
  if (!message) await deps.store.posts.finish(keys.final, answer);
};

/**
 * The order matters: the last message in the thread comes last, so that a final post that was never finished
 * is all a start needs to look for. It does not wait for long for what comes before: a platform that does not take
 * the change of an answer may well take a film.
 */
const speak = async (speaker: Speaker, parts: PassParts): Promise<void> => {
  const { job, chat, deps } = speaker;
  const keys = postKeys(job.id);
  if (job.state === 'done') {
    const message = await deps.store.posts.get(keys.final);
    if (message) await rewrite(speaker, message, { key: keys.final, content: finalContent(job) });
    return;
  }
  if (endedEarly(job)) return await endInAnswer(speaker, parts);
  const key = keys.answer;
  const content = answerContent(job, await parts.views.of(job));
  if (job.state !== 'delivering' && !isFinished(job.state)) {
    const answer = await sayOnce(speaker, job.replyTarget, { key, content });
    if (job.state === 'running') await showProgress(speaker, answer, parts);
    return;
  }
  const beside = createBeside(deps.clock);
  try {
    const known = (await deps.store.posts.get(key)) ?? null;
    const saying = sayOnce(speaker, job.replyTarget, { key, content });
    if (known) await beside.begin(saying);
    const thread = await chat.openThread(known ?? (await saying), job.attachment.name);
    await beside.begin(removeProgress(speaker, thread));
    await sayOnce(speaker, thread, { key: keys.final, content: finalContent(job) });
  } finally {
    await beside.settled();
  }
  beside.check();
};

/**
 * Makes a render's messages say what its row says: whatever happened before, and however often it is called,
 * they end up the same.
 * @throws GramzoomError `chat-unreachable` and whatever else may pass
 */
export const runPass = async (id: JobId, parts: PassParts): Promise<PassResult> => {
  const { deps } = parts;
  const job = await deps.store.jobs.get(id);
  if (!job || !isOurs(job, deps.bootId)) return 'gone';
  const chat = chatOf(job, deps);
  if (!chat) return 'absent';
  try {
    const isLast = job.state === 'delivering' || isFinished(job.state);
    const signal = isLast ? undefined : parts.signal;
    await speak({ deps, chat, job, written: parts.written, signal }, parts);
    return 'said';
  } catch (error) {
    if (error instanceof StaleRow) return 'stale';
    if (!(await deps.store.jobs.get(id))) return 'gone';
    const failure = toGramzoomError(error);
    if (mayPass(failure)) throw error;
    if (failure.code === 'file-too-large' && job.state === 'delivering') return 'refused';
    await giveUp(job, deps);
    if (isGone(error)) return 'gone';
    throw error;
  }
};
