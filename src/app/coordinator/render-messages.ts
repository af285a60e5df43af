import { isFinished, type Job, type ReplyTarget } from '../../domain/job.ts';
import { progressOf } from '../../domain/kinds.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { type CoordinatorDeps, postKeys, type StoredPicture, withdrawalOf } from '../deps.ts';
import { isGone, isRefused } from '../retry.ts';
import { answerContent, endContent, finalContent, progressContent, readyContent } from './content.ts';
import { withHeadStart } from './head-start.ts';
import {
  checkHome,
  findIn,
  hasNoRecipient,
  type MessagePass,
  noRecipient,
  rewrite,
  sayIfAllowed,
  sayOnce,
} from './outbox.ts';
import type { Views } from './views.ts';

/** A pass over the messages of a render. */
export type RenderPass = {
  readonly pass: MessagePass;
  /** The row as it was when the pass began. */
  readonly job: Job;
  readonly views: Views;
  /** The newest look at the render, stored; null if there is none. */
  readonly picture: () => Promise<StoredPicture | null>;
  /** Whether its film can be entered into a contest there now. */
  readonly canEnter: () => Promise<boolean>;
};

/** Whether a row is still what it was. */
export const isUnchanged = async (job: Job, { store }: Pick<CoordinatorDeps, 'store'>): Promise<boolean> => {
  const now = await store.jobs.get(job.id);
  return now?.state === job.state && now.attempt === job.attempt && now.claim === job.claim;
};

/** Marks the last message as over although nobody reads it, so that no start tries again. */
export const giveUpFinal = async (job: Job, { store }: Pick<CoordinatorDeps, 'store'>): Promise<void> => {
  if (!isFinished(job.state)) return;
  const { final } = postKeys(job.id);
  const { message } = await store.outbox.begin(final);
  if (!message) await store.outbox.finish(final, noRecipient(job.replyTarget.platform));
};

/** The answer as far as the outbox knows it. */
const knownAnswer = async ({ pass, job }: RenderPass): Promise<MessageRef | null> => {
  const answer = await pass.deps.store.outbox.get(postKeys(job.id).answer);
  return answer && !hasNoRecipient(answer) ? answer : null;
};

/** Makes the answer say how the render stands; null where that is refused. */
const sayAnswer = async ({ pass, job, views }: RenderPass): Promise<MessageRef | null> => {
  const key = postKeys(job.id).answer;
  const content = answerContent(job, await views.of(job));
  return await sayIfAllowed(pass, key, () => sayOnce(pass, [pass.home], { key, content }));
};

/** The picture in the thread is a courtesy: a message that somebody removed is not made again. */
const showProgress = async (parts: RenderPass): Promise<void> => {
  const { pass, job } = parts;
  const answer = await knownAnswer(parts);
  const picture = answer && (await parts.picture());
  if (!answer || !picture) return;
  const thread = await pass.chat.openThread(answer, job.attachment.name);
  const content = progressContent(job, await parts.views.of(job), picture);
  await sayOnce(pass, [thread], { key: postKeys(job.id).progress, content, canBeLeft: true });
};

/** Also a picture that a process sent and died before it could note it: no later one may have found it. */
const removeProgress = async (
  { pass: { deps, chat }, job }: RenderPass,
  places: () => Promise<readonly ReplyTarget[]>,
): Promise<void> => {
  const key = postKeys(job.id).progress;
  const begun = (await deps.store.outbox.ofSubject(renderSubject(job.id))).find((post) => post.key === key);
  const message = begun && (begun.message ?? (await findIn(chat, await places(), key)));
  if (!message) return;
  try {
    await chat.remove(message);
  } catch (error) {
    if (!isRefused(error)) throw error;
    deps.log.forJob(job.id).warn('preview: failed to remove it', { error });
  }
};

/** Where the last message goes, best first: the thread, what is around it, or where it was asked for. */
const placesOf = async (
  { pass: { chat, home }, job }: RenderPass,
  answer: MessageRef | null,
): Promise<readonly ReplyTarget[]> => {
  if (!answer) return [home];
  try {
    const thread = await chat.openThread(answer, job.attachment.name);
    const around = chat.outside(thread);
    return around ? [thread, around] : [thread];
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [home];
  }
};

/**
 * Sends the last message into the best place that takes it, at last in the place of the answer.
 * @throws Deserted if there is none, and the error of the first place where none takes it
 */
const sayFinal = async (
  { pass, job, canEnter }: RenderPass,
  answer: MessageRef | null,
  places: readonly ReplyTarget[],
): Promise<MessageRef> => {
  const { outbox } = pass.deps.store;
  const { final } = postKeys(job.id);
  const content = finalContent(job, { canEnter: await canEnter() });
  try {
    return await sayOnce(pass, places, { key: final, content });
  } catch (error) {
    if (!isRefused(error)) throw error;
    // A film that was said before and is gone has been taken away by somebody.
    const said = await outbox.get(final);
    if (said) return said;
    if (answer && error.code !== 'file-too-large') {
      const isTaken = await sayIfAllowed(pass, final, async () => {
        await rewrite(pass, answer, { key: final, content: { ...content, mentionsRequester: false } });
        return true;
      });
      if (isTaken) {
        await outbox.finish(final, answer);
        return answer;
      }
    }
    if (isGone(error)) await checkHome(pass);
    throw error;
  }
};

/** The film comes first: that it is ready is true only then. The row says `delivering` until both are said. */
const deliverFilm = (parts: RenderPass): Promise<void> =>
  withHeadStart(parts.pass.deps.clock, async (headStart) => {
    const { pass, job } = parts;
    const key = postKeys(job.id).answer;
    const answer = (await knownAnswer(parts)) ?? (await sayAnswer(parts));
    const places = await placesOf(parts, answer);
    await headStart(removeProgress(parts, async () => places));
    const film = await sayFinal(parts, answer, places);
    if (answer && film.ref !== answer.ref) {
      await sayIfAllowed(pass, key, () => rewrite(pass, answer, { key, content: readyContent(job) }));
    }
  });

/** Whether a render ended before any worker had begun it. */
const endedEarly = ({ state, claim }: Job): boolean => isFinished(state) && claim === null;

/**
 * Whether there is nothing to say about a render that was cancelled before it began: it was asked for by a reaction,
 * and nobody has seen an answer.
 */
const leavesNothing = async ({ pass: { deps, chat, home }, job }: RenderPass): Promise<boolean> => {
  if (job.state !== 'cancelled' || !endedEarly(job)) return false;
  const { calendar, outbox, reactions } = deps.store;
  const subject = renderSubject(job.id);
  if (!(await calendar.has(withdrawalOf(job.id))) && !(await reactions.haveLedTo(subject))) return false;
  const { answer: key } = postKeys(job.id);
  const begun = (await outbox.ofSubject(subject)).find((post) => post.key === key);
  const answer = begun && (begun.message ?? (await chat.find(home, key)));
  return answer === undefined || hasNoRecipient(answer);
};

/** The answer is all there is: it says how it ended, and counts as the last message. */
const endInAnswer = async (parts: RenderPass): Promise<void> => {
  const { pass, job } = parts;
  const { calendar, outbox } = pass.deps.store;
  if (await leavesNothing(parts)) {
    await giveUpFinal(job, pass.deps);
    return await calendar.cancel(withdrawalOf(job.id));
  }
  const keys = postKeys(job.id);
  const content = endContent(job, await parts.views.of(job));
  const answer = await sayOnce(pass, [pass.home], { key: keys.answer, content });
  if (!endedEarly(job)) await removeProgress(parts, () => placesOf(parts, answer));
  const { message } = await outbox.begin(keys.final);
  if (!message) await outbox.finish(keys.final, answer);
};

/**
 * The order matters: the row is finished already, and a last message that was never sent is all that a start looks
 * for, so it comes last. It does not wait for long for what comes before: a platform that does not take the change
 * of an answer may well take a new message.
 */
const tellEnd = (parts: RenderPass): Promise<void> =>
  withHeadStart(parts.pass.deps.clock, async (headStart) => {
    const known = await knownAnswer(parts);
    const saying = sayAnswer(parts);
    if (known) await headStart(saying);
    const answer = known ?? (await saying);
    const places = await placesOf(parts, answer);
    await headStart(removeProgress(parts, async () => places));
    await sayFinal(parts, answer, places);
  });

/**
 * What was cancelled says so once, in the answer, where people look; elsewhere only where the answer cannot. What was
 * rendered already may have been posted: there the message with it says so, too.
 */
const tellCancelled = async (parts: RenderPass): Promise<void> => {
  const { done, total } = progressOf(parts.job.request, parts.job.unitsDone);
  if (done >= total) return await tellEnd(parts);
  try {
    await endInAnswer(parts);
  } catch (error) {
    if (!isRefused(error)) throw error;
    await tellEnd(parts);
  }
};

/** Makes the messages of a render say what its row says. See `SubjectSnapshot.sync`. */
export const syncRender = async (parts: RenderPass): Promise<void> => {
  const { pass, job } = parts;
  const keys = postKeys(job.id);
  switch (job.state) {
    case 'fetching':
    case 'queued':
    case 'running':
      await sayAnswer(parts);
      if (job.state === 'running') await sayIfAllowed(pass, keys.progress, () => showProgress(parts));
      return;
    case 'delivering':
      return await deliverFilm(parts);
    case 'failed':
      return await (endedEarly(job) ? endInAnswer(parts) : tellEnd(parts));
    case 'cancelled':
      return await (endedEarly(job) ? endInAnswer(parts) : tellCancelled(parts));
    case 'done': {
      const message = await pass.deps.store.outbox.get(keys.final);
      if (!message) return;
      const content = finalContent(job, { canEnter: await parts.canEnter() });
      return await rewrite(pass, message, { key: keys.final, content });
    }
    default:
      return job.state satisfies never;
  }
};
