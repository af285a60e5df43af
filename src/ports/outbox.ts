import type { Platform } from '../domain/job.ts';
import type { Subject } from '../domain/subject.ts';
import type { MessageRef } from './chat.ts';

/** A message in the outbox; `message` is null until it was sent. */
export type Post = {
  /** See `messageKey`. */
  readonly key: string;
  readonly subject: Subject;
  readonly role: string;
  readonly message: MessageRef | null;
};

/** What was said, so that it is said once. Each method is one transaction, durable once it returns. */
export interface Outbox {
  /**
   * Notes that a message is about to be sent. Gives it where it was sent already.
   * @throws GramzoomError `not-found` where the subject is gone
   */
  begin(key: string): Promise<{ readonly message: MessageRef | null; readonly begunBefore: boolean }>;
  /**
   * Notes that it was sent. A message with an empty `ref` stands for one that nobody is left to read.
   * @throws GramzoomError `not-found` where it was never begun
   */
  finish(key: string, message: MessageRef): Promise<void>;
  get(key: string): Promise<MessageRef | undefined>;
  /** The post of a message; the one begun last where it stands for several; undefined for anybody else's. */
  of(message: Pick<MessageRef, 'platform' | 'ref'>): Promise<Post | undefined>;
  /** The newest messages of a role that were sent. */
  latest(
    platform: Platform,
    options: Pick<Post, 'role'> & { readonly kind: string; readonly limit: number },
  ): Promise<readonly MessageRef[]>;
  /** All about a subject, in the order in which they were begun. */
  ofSubject(subject: Subject): Promise<readonly Post[]>;
  /** What was begun and never finished: a start looks for last messages that are still to be sent. */
  unfinished(): Promise<readonly Post[]>;
  /** Forgets that it was said. Nothing where it is gone. */
  remove(key: string): Promise<void>;
}
