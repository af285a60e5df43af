import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError } from '../../domain/errors.ts';
import {
  activeStates,
  isFinished,
  isSamePerson,
  type Job,
  type JobId,
  type JobState,
  type Origin,
} from '../../domain/job.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { Reaction } from '../../ports/reactions.ts';
import { copyKey, postKeys, withdrawalOf } from '../deps.ts';
import { isGone, mostFetches } from '../retry.ts';
import type { Performed } from './calendar-sweep.ts';
import { cancel, endDeserted, mayEnd, withdraw } from './cancel.ts';
import { copyContent } from './content.ts';
import { enterAction } from './contests/contest-actions.ts';
import { offersEntering } from './contests/film-buttons.ts';
import type { Coordinator } from './coordinator.ts';
import { erasable, erase } from './erase.ts';
import { removeIfPossible } from './notices.ts';
import { hasNoRecipient, sayOnce } from './outbox.ts';
import { remove } from './remove.ts';
import { giveUpFinal, isUnchanged, syncRender } from './render-messages.ts';
import { enlarge, reroll } from './reroll.ts';
import type { ReactionRule, SubjectHandler, SubjectReaction, SubjectSnapshot } from './subject-handler.ts';

/**
 * Sends a film to one person alone, once for a reaction: through the outbox, so that a process which dies in between
 * leaves it to the next one. Tries for about an hour where the platform cannot be reached.
 * @param options.sequence of the reaction that asks for it
 * @throws GramzoomError `messages-closed`, `result-expired`, `stopping`, and whatever else the chat says
 */
export const sendCopy = async (
  coordinator: Coordinator,
  job: Job,
  { user, sequence }: { readonly user: string; readonly sequence: number },
): Promise<void> => {
  const { deps, deadline } = coordinator;
  const chat = deps.chats.get(job.replyTarget.platform);
  if (!chat) throw new GramzoomError('chat-gone', { platform: job.replyTarget.platform });
  const content = copyContent(job);
  const isCurrent = () => isUnchanged(job, deps);
  const pass = {
    deps,
    chat,
    subject: job.id,
    isFinal: true,
    isCurrent,
    written: new Map(),
    refused: new Map(),
  };
  let failures = 0;
  const send = async (): Promise<void> => {
    const place = await chat.privately(user, job.replyTarget);
    await sayOnce({ ...pass, home: place }, [place], { key: copyKey(job.id, sequence), content });
  };
  try {
    await retryWithBackoff(send, {
      clock: deps.clock,
      signal: deadline.signal,
      isTransient: (error) =>
        error instanceof GramzoomError && error.code === 'chat-unreachable' && ++failures < mostFetches,
      onFailure: (error) =>
        deps.log.forJob(job.id).warn('copy: failed to send, trying again', { error, failures }),
    });
  } catch (error) {
    if (deadline.signal.aborted) throw new GramzoomError('stopping', {}, { cause: error });
    if (isGone(error)) throw new GramzoomError('messages-closed', {}, { cause: error });
    throw error;
  }
};

const filmStates: readonly JobState[] = ['delivering', 'done'];
const waitingStates: readonly JobState[] = ['fetching', 'queued'];

const open = async (coordinator: Coordinator, id: JobId): Promise<SubjectSnapshot | undefined> => {
  const { deps, views, previews } = coordinator;
  const job = await deps.store.jobs.get(id);
  if (!job) return undefined;
  return {
    home: job.replyTarget,
    isFinal: job.state === 'delivering' || isFinished(job.state),
    reportsRefusal: job.state === 'delivering',
    isCurrent: () => isUnchanged(job, deps),
    sync: (pass) =>
      syncRender({
        ...{ pass, job, views },
        picture: () => previews.store(id),
        canEnter: () => offersEntering(coordinator, job),
      }),
    giveUp: () => giveUpFinal(job, deps),
  };
};

/** The event of a re-roll by reaction: redoing what a process died in leads to the same render. */
const eventOf = ({ message, user }: Reaction, sequence: number): string =>
  `reaction:${message.ref}:${user}:${sequence}`;

/** The render that a reaction is about, where the reaction can mean its film. */
const filmOf = async (
  { deps }: Coordinator,
  { id, role }: SubjectReaction,
  states: readonly JobState[],
): Promise<Job | null> => {
  const job = role === 'progress' ? undefined : await deps.store.jobs.get(id as JobId);
  return job && states.includes(job.state) ? job : null;
};

/** Whether a re-roll of theirs of that render waits or runs. A larger film with the same seed is none. */
const hasOneAlready = async ({ deps }: Coordinator, parent: Job, actor: Origin): Promise<boolean> =>
  (await deps.store.jobs.inState(...activeStates)).some(
    ({ parent: of, origin, request }) =>
      of === parent.id && request.seed !== parent.request.seed && isSamePerson(origin, actor),
  );

/** A re-roll for whoever reacts. */
const rerollRule = (coordinator: Coordinator): ReactionRule => ({
  // One after another: of two reactions to the messages of a film, the second one finds what the first led to.
  isExclusive: true,
  plan: async (reacted) => {
    const { reaction, by } = reacted;
    const film = await filmOf(coordinator, reacted, filmStates);
    if (!film || !by) return null;
    return async (sequence) => {
      const { actor, replyTarget } = by;
      const event = eventOf(reaction, sequence);
      const made = await coordinator.deps.store.jobs.ofEvent(actor.platform, event);
      if (!made) {
        if (await hasOneAlready(coordinator, film, actor)) return { kind: 'ignored' };
        coordinator.cooldown.check(actor, reaction.kind, film.id);
      }
      const render = await reroll(coordinator, film.id, { actor, replyTarget, event });
      if (!made) coordinator.cooldown.note(actor, reaction.kind, film.id);
      return { kind: 'queued', render };
    };
  },
});

/** Cancels it while it is not finished, and deletes it afterwards, for whoever may. */
const endRule = (coordinator: Coordinator): ReactionRule => ({
  plan: async ({ id, by }) => {
    const job = await coordinator.deps.store.jobs.get(id as JobId);
    if (!job || !by || !mayEnd(job, by)) return null;
    return async () => {
      if (!isFinished(job.state)) return { kind: 'cancelled', render: await cancel(coordinator, job.id, by) };
      await remove(coordinator, job.id, by);
      return { kind: 'removed' };
    };
  },
});

/** The film as a direct message. */
const sendRule = (coordinator: Coordinator): ReactionRule => ({
  isResumed: true,
  plan: async (reacted) => {
    const { reaction, by } = reacted;
    const film = await filmOf(coordinator, reacted, ['done']);
    if (!film) return null;
    return async (sequence) => {
      if (by) {
        // The answer and the film are two messages that it can be asked of.
        const what = `${reaction.kind} ${reaction.message.ref}`;
        coordinator.cooldown.check(by.actor, what, film.id);
        coordinator.cooldown.note(by.actor, what, film.id);
      }
      await sendCopy(coordinator, film, { user: reaction.user, sequence });
      return { kind: 'sent' };
    };
  },
});

const cancelWaiting = async (coordinator: Coordinator, id: JobId): Promise<void> => {
  for (;;) {
    const job = await coordinator.deps.store.jobs.get(id);
    if (!job || !waitingStates.includes(job.state) || (await withdraw(coordinator, job))) return;
  }
};

/** Takes the answer to a render that was taken back away, once it has been said that it was. */
const removeWithdrawn = async ({ deps }: Coordinator, id: JobId): Promise<Performed> => {
  const { jobs, outbox } = deps.store;
  if ((await jobs.get(id))?.state !== 'cancelled') return 'done';
  const { answer, final } = postKeys(id);
  const [message, isTold] = [await outbox.get(answer), await outbox.get(final)];
  if (!isTold) return 'later';
  if (!message || hasNoRecipient(message)) return 'done';
  const chat = deps.chats.get(message.platform);
  if (!chat) return 'later';
  await removeIfPossible(chat, message);
  return 'done';
};

/** Renders as subjects: what is said about them, and what their buttons and reactions do. */
export const renderHandler = (coordinator: Coordinator): SubjectHandler => ({
  kind: 'render',
  open: (id) => open(coordinator, id as JobId),
  deserted: (id) => endDeserted(coordinator, id as JobId),
  dropped: (id) => coordinator.previews.forget(id as JobId),
  actions: {
    reroll: async (id, press) => ({ kind: 'queued', render: await reroll(coordinator, id as JobId, press) }),
    larger: async (id, press) => ({ kind: 'queued', render: await enlarge(coordinator, id as JobId, press) }),
    cancel: async (id, press) => ({
      kind: 'cancelled',
      render: await cancel(coordinator, id as JobId, press),
    }),
    delete: async (id, press) => {
      await remove(coordinator, id as JobId, press);
      return { kind: 'removed' };
    },
    'delete-photo': async (id, { actor, isConfirmed = false }) => {
      const order = { photoOf: id as JobId };
      const count = await (isConfirmed ? erase : erasable)(coordinator, order, actor);
      return { kind: 'erase-photo', photoOf: order.photoOf, isConfirmed, count };
    },
    enter: enterAction(coordinator),
  },
  reactions: { reroll: rerollRule(coordinator), end: endRule(coordinator), send: sendRule(coordinator) },
  reactable: {
    role: 'final',
    isOpen: async (id) => {
      const job = await coordinator.deps.store.jobs.get(id as JobId);
      return job !== undefined && filmStates.includes(job.state);
    },
  },
  ledTo: async (reaction, sequence) => {
    const { platform } = reaction.message;
    const made = await coordinator.deps.store.jobs.ofEvent(platform, eventOf(reaction, sequence));
    return made && renderSubject(made.id);
  },
  withdraw: (id) => cancelWaiting(coordinator, id as JobId),
  due: async (id, what) =>
    what === withdrawalOf(id as JobId).what ? await removeWithdrawn(coordinator, id as JobId) : 'done',
});
