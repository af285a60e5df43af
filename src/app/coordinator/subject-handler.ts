import type { ReplyTarget } from '../../domain/job.ts';
import type { MessageAction, ReactionKind } from '../../domain/message.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Reaction } from '../../ports/reactions.ts';
import type { Actor, Press, Pressed, Reacted } from '../renders.ts';
import type { Performed } from './calendar-sweep.ts';
import type { MessagePass } from './outbox.ts';

/** A subject as it was when a pass over its messages began. */
export type SubjectSnapshot = {
  /** Where it was asked for. Once that is gone, nobody can be told anything about it. */
  readonly home: ReplyTarget;
  /** Whether what it has to say is the last: nothing more urgent can come. */
  readonly isFinal: boolean;
  /** Whether whoever asked for the pass hears why the last message was refused; else it is given up. */
  readonly reportsRefusal: boolean;
  /** Whether it is still so: asked before every message and edit. */
  isCurrent(): Promise<boolean>;
  /** Makes all of its messages say how it stands: however often it is called, they end up the same. */
  sync(pass: MessagePass): Promise<void>;
  /** Notes that its last message reaches nobody, so that no start tries again. */
  giveUp(): Promise<void>;
};

/** Somebody's reaction to a message of a subject. */
export type SubjectReaction = {
  readonly id: string;
  /** Of the message. */
  readonly role: string;
  readonly reaction: Reaction;
  /** Null where the platform told of it to a process that has died since. */
  readonly by: (Actor & Pick<Press, 'replyTarget'>) | null;
};

export type ReactionRule = {
  /** Null where it asks for nothing there; else does what it asks for: called once for each reaction. */
  plan(reacted: SubjectReaction): Promise<((sequence: number) => Promise<Reacted>) | null>;
  /** Held until it is known what it led to, also by whoever takes a reaction back. */
  readonly isExclusive?: boolean;
  /** Done by the next process where one died with it, since nobody makes the reaction again. */
  readonly isResumed?: boolean;
};

/** What one kind of subject does. Everything about messages, buttons, reactions and dates that knows the kind is here. */
export type SubjectHandler = {
  readonly kind: string;
  /** Undefined where it is gone. */
  open(id: string): Promise<SubjectSnapshot | undefined>;
  /** Its home is gone. */
  deserted(id: string): Promise<void>;
  /** Nothing more is said about it. */
  dropped?(id: string): void;
  /** What its buttons do. @throws GramzoomError `not-yours` and the like: each action knows who may */
  readonly actions: Readonly<Partial<Record<MessageAction, (id: string, press: Press) => Promise<Pressed>>>>;
  readonly reactions: Readonly<Partial<Record<ReactionKind, ReactionRule>>>;
  /** Which of its messages people react to for as long as it is `isOpen`; they are asked for after an absence. */
  readonly reactable: { readonly role: string; isOpen(id: string): Promise<boolean> };
  /** What a reaction has led to that was not settled, as far as rows tell. */
  ledTo?(reaction: Reaction, sequence: number): Promise<Subject | undefined>;
  /** The reaction that led to it was taken back. */
  withdraw?(id: string): Promise<void>;
  /** Something of the calendar is due. The second time must change nothing. */
  due?(id: string, what: string): Promise<Performed>;
};

/** The kinds of subjects that there are, by name. */
export type SubjectHandlers = ReadonlyMap<string, SubjectHandler>;
