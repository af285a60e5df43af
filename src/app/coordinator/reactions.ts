import { type ErrorCode, toFailure, toGramzoomError } from '../../domain/errors.ts';
import {
  activeStates,
  isFinished,
  isSamePerson,
  type Job,
  type JobId,
  type JobState,
  type Origin,
  type Platform,
  type ReplyTarget,
} from '../../domain/job.ts';
import type { ReactionKind } from '../../domain/message.ts';
import { renderSubject } from '../../domain/subject.ts';
import { asTold } from '../../domain/told.ts';
import type { Reaction } from '../../ports/reactions.ts';
import type { Actor, Again, FilmMessage, Reacted } from '../renders.ts';
import { cancel, mayEnd, withdraw } from './cancel.ts';
import { type Coordinator, inBackground } from './coordinator.ts';
import { sendCopy } from './copies.ts';
import { giveNotice } from './notices.ts';
import { hasPendingSends, pendingSends } from './pending-sends.ts';
import { remove } from './remove.ts';
import { reroll } from './reroll.ts';

const ignored: Reacted = { kind: 'ignored' };

const filmStates: readonly JobState[] = ['delivering', 'done'];
const waitingStates: readonly JobState[] = ['fetching', 'queued'];

/** After these nothing has been decided: the reaction is taken up again when it is seen again. */
const passing: ReadonlySet<ErrorCode> = new Set(['stopping', 'chat-unreachable']);

/** The event of a re-roll by reaction: redoing what a process died in leads to the same render. */
const eventOf = ({ message, user }: Reaction, sequence: number): string =>
  `reaction:${message.ref}:${user}:${sequence}`;

/** The render whose message that is, and whether the message is the picture so far. */
const renderOf = async (
  { deps }: Coordinator,
  message: Reaction['message'],
): Promise<{ readonly job: Job; readonly isProgress: boolean } | undefined> => {
  const post = await deps.store.outbox.of(message);
  // A notice is about a film, and stands for none.
  if (post?.subject.kind !== 'render' || post.role === 'notice') return undefined;
  const job = await deps.store.jobs.get(post.subject.id as JobId);
  return job && { job, isProgress: post.role === 'progress' };
};

/**
 * Does what a reaction asks for, unless that was done before, and notes it.
 * @throws GramzoomError those of `act`
 */
const once = async (
  { deps, reacting }: Coordinator,
  reaction: Reaction,
  act: (sequence: number) => Promise<Reacted>,
): Promise<Reacted> => {
  const { reactions } = deps.store;
  const name = `${reaction.message.ref} ${reaction.kind} ${reaction.user}`;
  // Also one that is being dealt with is noted: it may be there in two forms.
  const { sequence, isSettled } = await reactions.add(reaction);
  if (isSettled || reacting.has(name)) return ignored;
  reacting.add(name);
  try {
    const reacted = await act(sequence);
    await reactions.settle(reaction, reacted.kind === 'queued' ? renderSubject(reacted.render.id) : null);
    return reacted;
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    if (!passing.has(error.code)) {
      await reactions
        .settle(reaction, null)
        .catch((problem: unknown) => deps.log.warn('a reaction could not be noted', { error: problem }));
    }
    throw error;
  } finally {
    reacting.delete(name);
  }
};

/** Whether a re-roll of theirs of that render waits or runs. A larger film with the same seed is none. */
const hasOneAlready = async ({ deps }: Coordinator, parent: Job, actor: Origin): Promise<boolean> =>
  (await deps.store.jobs.inState(...activeStates)).some(
    ({ parent: of, origin, request }) =>
      of === parent.id && request.seed !== parent.request.seed && isSamePerson(origin, actor),
  );

type By = Actor & Pick<Again, 'replyTarget'>;

const rerollFor = async (
  coordinator: Coordinator,
  reaction: Reaction,
  { actor, replyTarget }: By,
): Promise<Reacted> => {
  const found = await renderOf(coordinator, reaction.message);
  if (!found || found.isProgress || !filmStates.includes(found.job.state)) return ignored;
  return once(coordinator, reaction, async (sequence) => {
    const event = eventOf(reaction, sequence);
    const made = await coordinator.deps.store.jobs.ofEvent(actor.platform, event);
    if (!made) {
      if (await hasOneAlready(coordinator, found.job, actor)) return ignored;
      coordinator.cooldown.check(actor, reaction.kind, found.job.id);
    }
    const render = await reroll(coordinator, found.job.id, { actor, replyTarget, event });
    if (!made) coordinator.cooldown.note(actor, reaction.kind, found.job.id);
    return { kind: 'queued', render };
  });
};

const endFor = async (coordinator: Coordinator, reaction: Reaction, by: By): Promise<Reacted> => {
  const job = (await renderOf(coordinator, reaction.message))?.job;
  if (!job || !mayEnd(job, by)) return ignored;
  return once(coordinator, reaction, async () => {
    if (!isFinished(job.state)) return { kind: 'cancelled', render: await cancel(coordinator, job.id, by) };
    await remove(coordinator, job.id, by);
    return { kind: 'removed' };
  });
};

/** @param actor null where it was followed before */
const sendFor = async (
  coordinator: Coordinator,
  reaction: Reaction,
  actor: Origin | null,
): Promise<Reacted> => {
  const found = await renderOf(coordinator, reaction.message);
  if (!found || found.isProgress || found.job.state !== 'done') return ignored;
  return once(coordinator, reaction, async (sequence) => {
    if (actor) {
      // The answer and the film are two messages that it can be asked of.
      const what = `${reaction.kind} ${reaction.message.ref}`;
      coordinator.cooldown.check(actor, what, found.job.id);
      coordinator.cooldown.note(actor, what, found.job.id);
    }
    await sendCopy(coordinator, found.job, { user: reaction.user, sequence });
    return { kind: 'sent' };
  });
};

/** What a process that died has left unsent. */
export const sendOwed = async (coordinator: Coordinator): Promise<void> => {
  const { deps } = coordinator;
  for (const reaction of await deps.store.reactions.unsettled('send')) {
    if (!deps.chats.has(reaction.message.platform)) continue;
    inBackground(coordinator, 'a film could not be sent to whoever asked', () =>
      sendFor(coordinator, reaction, null),
    );
  }
};

const act = async (coordinator: Coordinator, reaction: Reaction, by: By): Promise<Reacted> => {
  switch (reaction.kind) {
    case 'reroll':
      // One after another: of two reactions to the messages of a film, the second one finds what the first led to.
      return await coordinator.reactionLock.run(() => rerollFor(coordinator, reaction, by));
    case 'end':
      return await endFor(coordinator, reaction, by);
    case 'send':
      return await sendFor(coordinator, reaction, by.actor);
    default:
      return reaction.kind satisfies never;
  }
};

/** See `Renders.react`. */
export const react = async (coordinator: Coordinator, reaction: Reaction, by: By): Promise<Reacted> => {
  const isEarly = hasPendingSends(coordinator);
  const reacted = await act(coordinator, reaction, by);
  if (reacted.kind !== 'ignored' || !isEarly) return reacted;
  await pendingSends(coordinator);
  return await act(coordinator, reaction, by);
};

const cancelWaiting = async (coordinator: Coordinator, id: JobId): Promise<void> => {
  for (;;) {
    const job = await coordinator.deps.store.jobs.get(id);
    if (!job || !waitingStates.includes(job.state) || (await withdraw(coordinator, job))) return;
  }
};

/** See `Renders.refuse`. */
export const refuse = async (
  coordinator: Coordinator,
  { message }: Pick<Reaction, 'message'>,
  options: { readonly error: unknown; readonly replyTarget: ReplyTarget },
): Promise<void> => {
  const film = await renderOf(coordinator, message);
  const error = toGramzoomError(options.error);
  if (error.code === 'internal') coordinator.deps.log.error('a reaction could not be followed', { error });
  const failure = toFailure(asTold(error));
  if (film) await giveNotice(coordinator, film.job.id, { failure, replyTarget: options.replyTarget });
};

/** See `Renders.unreact`. In turn with the re-rolls, so that one that is on its way is found. */
export const unreact = (coordinator: Coordinator, reaction: Reaction): Promise<void> =>
  coordinator.reactionLock.run(async () => {
    const taken = await coordinator.deps.store.reactions.take(reaction);
    if (taken?.ledTo) await cancelWaiting(coordinator, taken.ledTo.id as JobId);
  });

/** See `Renders.clearReactions`. In turn like `unreact`. */
export const clearReactions = (
  coordinator: Coordinator,
  message: Reaction['message'],
  kind: ReactionKind | null,
): Promise<void> =>
  coordinator.reactionLock.run(async () => {
    for (const { id } of await coordinator.deps.store.reactions.clear(message, kind)) {
      await cancelWaiting(coordinator, id as JobId);
    }
  });

/** The reactions that need not be looked at again. */
const dealtWith = async (
  { deps }: Coordinator,
  message: Reaction['message'],
): Promise<FilmMessage['reactions']> => {
  const { reactions, jobs } = deps.store;
  const known: Omit<Reaction, 'message'>[] = [];
  for (const { sequence, isSettled, ...noted } of await reactions.on(message)) {
    const reaction: Reaction = { message, ...noted };
    // A process that died before it could note the re-roll has left it in the queue.
    const made = isSettled ? undefined : await jobs.ofEvent(message.platform, eventOf(reaction, sequence));
    if (made) await reactions.settle(reaction, renderSubject(made.id));
    if (isSettled || made) known.push(noted);
  }
  return known;
};

/** See `Renders.films`. */
export const films = async (
  coordinator: Coordinator,
  platform: Platform,
  { limit }: { readonly limit: number },
): Promise<readonly FilmMessage[]> => {
  await pendingSends(coordinator);
  const found: FilmMessage[] = [];
  for (const message of await coordinator.deps.store.outbox.latest(platform, {
    kind: 'render',
    role: 'final',
    limit,
  })) {
    const job = (await renderOf(coordinator, message))?.job;
    if (!job || !filmStates.includes(job.state)) continue;
    found.push({ message, reactions: await dealtWith(coordinator, message) });
  }
  return found;
};
