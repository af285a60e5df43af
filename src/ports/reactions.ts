import type { ReactionKind } from '../domain/message.ts';
import type { Subject } from '../domain/subject.ts';
import type { MessageRef } from './chat.ts';

/** One person's emoji on one message. */
export type Reaction = {
  readonly message: Pick<MessageRef, 'platform' | 'ref'>;
  readonly kind: ReactionKind;
  readonly user: string;
  /** A platform may let the same person add the same emoji in two forms: they count as one while either is there. */
  readonly isSuper?: boolean;
};

/** A reaction in the store. */
export type NotedReaction = {
  /** Rises with every reaction: the same one taken back and made again is another one. */
  readonly sequence: number;
  /** Whether it has been dealt with: a process may die between seeing it and doing what it asks for. */
  readonly isSettled: boolean;
};

/**
 * What people reacted with, so that each reaction counts once, whatever the platform repeats or forgets. Each
 * method is one transaction, durable once it returns.
 */
export interface Reactions {
  /** Notes that it is there, and tells how it stands with it. */
  add(reaction: Reaction): Promise<NotedReaction>;
  /** Notes that it has been dealt with, and the subject that it led to, if any. Nothing where it is gone. */
  settle(reaction: Reaction, ledTo: Subject | null): Promise<void>;
  /**
   * Notes that it is gone. Undefined where it was not known, or is there in its other form; else the subject that it
   * led to, if any.
   */
  take(reaction: Reaction): Promise<{ readonly ledTo: Subject | null } | undefined>;
  /** Notes that all on a message are gone, or all of one kind. Gives the subjects that they led to. */
  clear(message: Reaction['message'], kind: ReactionKind | null): Promise<readonly Subject[]>;
  /** Whether one that is there has led to that subject. */
  haveLedTo(subject: Subject): Promise<boolean>;
  /** Those of a kind, on any message, that were noted and not dealt with. */
  unsettled(kind: ReactionKind): Promise<readonly Reaction[]>;
  /** All that are there on a message, in the order in which they came; in two forms as two of the same sequence. */
  on(
    message: Reaction['message'],
  ): Promise<readonly (Pick<Reaction, 'kind' | 'user' | 'isSuper'> & NotedReaction)[]>;
}
