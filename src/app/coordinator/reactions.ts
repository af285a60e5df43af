import { type ErrorCode, GramzoomError, toFailure, toGramzoomError } from '../../domain/errors.ts';
import type { Platform, ReplyTarget } from '../../domain/job.ts';
import { type ReactionKind, reactionKinds } from '../../domain/message.ts';
import { renderSubject, type Subject } from '../../domain/subject.ts';
import { asTold } from '../../domain/told.ts';
import type { Post } from '../../ports/outbox.ts';
import type { Reaction } from '../../ports/reactions.ts';
import type { Pressed, ReactableMessage, Reacted, Renders } from '../renders.ts';
import { type Coordinator, hasPendingSends, inBackground, pendingSends } from './coordinator.ts';
import { giveNotice, noticeRole } from './notices.ts';
import type { ReactionRule, SubjectHandler, SubjectReaction } from './subject-handler.ts';

const ignored: Reacted = { kind: 'ignored' };

/** After these nothing has been decided: the reaction is handled again when it is seen again. */
const undecided: ReadonlySet<ErrorCode> = new Set(['stopping', 'chat-unreachable']);

type By = SubjectReaction['by'];

/** The post that a reaction is to; undefined for a notice, which is about a message and stands for none. */
const postOf = async ({ deps }: Coordinator, message: Reaction['message']): Promise<Post | undefined> => {
  const post = await deps.store.outbox.of(message);
  return post?.role === noticeRole ? undefined : post;
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
  // A person may have both the normal and the super reaction: the second is noted too while the first is handled.
  const { sequence, isSettled } = await reactions.add(reaction);
  if (isSettled || reacting.has(name)) return ignored;
  reacting.add(name);
  try {
    const reacted = await act(sequence);
    await reactions.settle(reaction, reacted.kind === 'queued' ? renderSubject(reacted.render.id) : null);
    return reacted;
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    if (!undecided.has(error.code)) {
      await reactions
        .settle(reaction, null)
        .catch((problem: unknown) => deps.log.warn('reaction: failed to note it', { error: problem }));
    }
    throw error;
  } finally {
    reacting.delete(name);
  }
};

const someRule = (
  { subjects }: Coordinator,
  kind: ReactionKind,
  isSo: (rule: ReactionRule) => boolean | undefined,
): boolean => [...subjects.values()].some(({ reactions: { [kind]: rule } }) => rule && isSo(rule));

const act = async (coordinator: Coordinator, reaction: Reaction, by: By): Promise<Reacted> => {
  const { kind } = reaction;
  const follow = async (): Promise<Reacted> => {
    const post = await postOf(coordinator, reaction.message);
    if (!post) return ignored;
    const rule = coordinator.subjects.get(post.subject.kind)?.reactions[kind];
    const plan = await rule?.plan({ id: post.subject.id, role: post.role, reaction, by });
    return plan ? await once(coordinator, reaction, plan) : ignored;
  };
  // Before anything is read: who takes it back a moment later has to wait.
  return await (someRule(coordinator, kind, ({ isExclusive }) => isExclusive)
    ? coordinator.reactionLock.run(follow)
    : follow());
};

/** See `Renders.react`. */
export const react = async (coordinator: Coordinator, reaction: Reaction, by: By): Promise<Reacted> => {
  const isEarly = hasPendingSends(coordinator);
  const reacted = await act(coordinator, reaction, by);
  if (reacted.kind !== 'ignored' || !isEarly) return reacted;
  await pendingSends(coordinator);
  return await act(coordinator, reaction, by);
};

/** What processes that died have left undone. */
export const resumeReactions = async (coordinator: Coordinator): Promise<void> => {
  const { deps } = coordinator;
  const isResumed = (kind: ReactionKind) => someRule(coordinator, kind, (rule) => rule.isResumed);
  for (const kind of reactionKinds.filter(isResumed)) {
    for (const reaction of await deps.store.reactions.unsettled(kind)) {
      if (!deps.chats.has(reaction.message.platform)) continue;
      inBackground(coordinator, 'reaction: failed to resume it', () => act(coordinator, reaction, null));
    }
  }
};

/** See `Renders.press`. */
export const press = async (
  { subjects }: Coordinator,
  { subject, action, ...by }: Parameters<Renders['press']>[0],
): Promise<Pressed> => {
  const perform = subjects.get(subject.kind)?.actions[action];
  if (!perform) throw new GramzoomError('not-found', {});
  return await perform(subject.id, by);
};

/** See `Renders.refuse`. */
export const refuse = async (
  coordinator: Coordinator,
  { message }: Pick<Reaction, 'message'>,
  options: { readonly error: unknown; readonly replyTarget: ReplyTarget },
): Promise<void> => {
  const post = await postOf(coordinator, message);
  const error = toGramzoomError(options.error);
  if (error.code === 'internal') coordinator.deps.log.error('reaction: failed to follow it', { error });
  const failure = toFailure(asTold(error));
  if (!post || undecided.has(error.code)) return;
  await giveNotice(coordinator, post.subject, { failure, replyTarget: options.replyTarget });
};

const withdraw = async ({ subjects }: Coordinator, { kind, id }: Subject): Promise<void> =>
  await subjects.get(kind)?.withdraw?.(id);

/** See `Renders.unreact`. In turn with what is exclusive, so that what it is about to lead to is found. */
export const unreact = (coordinator: Coordinator, reaction: Reaction): Promise<void> =>
  coordinator.reactionLock.run(async () => {
    const taken = await coordinator.deps.store.reactions.take(reaction);
    if (taken?.ledTo) await withdraw(coordinator, taken.ledTo);
  });

/** See `Renders.clearReactions`. In turn like `unreact`. */
export const clearReactions = (
  coordinator: Coordinator,
  message: Reaction['message'],
  kind: ReactionKind | null,
): Promise<void> =>
  coordinator.reactionLock.run(async () => {
    for (const subject of await coordinator.deps.store.reactions.clear(message, kind)) {
      await withdraw(coordinator, subject);
    }
  });

/** The reactions that need not be looked at again. */
const dealtWith = async (
  { deps }: Coordinator,
  message: Reaction['message'],
  { ledTo }: SubjectHandler,
): Promise<ReactableMessage['reactions']> => {
  const { reactions } = deps.store;
  const known: Omit<Reaction, 'message'>[] = [];
  for (const { sequence, isSettled, ...noted } of await reactions.on(message)) {
    const reaction: Reaction = { message, ...noted };
    // A process that died before it could note what it led to has left that in the store.
    const made = isSettled ? undefined : await ledTo?.(reaction, sequence);
    if (made) await reactions.settle(reaction, made);
    if (isSettled || made) known.push(noted);
  }
  return known;
};

/** See `Renders.reactable`. */
export const reactable = async (
  coordinator: Coordinator,
  platform: Platform,
  { limit }: { readonly limit: number },
): Promise<readonly ReactableMessage[]> => {
  await pendingSends(coordinator);
  const { outbox } = coordinator.deps.store;
  const found: ReactableMessage[] = [];
  for (const handler of coordinator.subjects.values()) {
    const {
      kind,
      reactable: { role, isOpen },
    } = handler;
    for (const message of await outbox.latest(platform, { kind, role, limit })) {
      const post = await outbox.of(message);
      if (!post || !(await isOpen(post.subject.id))) continue;
      found.push({ message, reactions: await dealtWith(coordinator, message, handler) });
    }
  }
  return found;
};
