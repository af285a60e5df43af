import { z } from 'zod';
import type { JobId } from '../../domain/job.ts';
import { type MessageAction, messageActions } from '../../domain/message.ts';
import { parseSubject, renderSubject, type Subject, subjectText } from '../../domain/subject.ts';

const prefix = 'gz1';

const others = ['forget', 'other-photo'] as const;

const partsSchema = z.tuple([
  z.literal(prefix),
  z.enum([...messageActions, ...others]),
  z
    .string()
    .regex(/^([a-z]+\.)?[\w-]{1,64}$/)
    .transform(parseSubject),
  z.string().max(32),
]);

/** What a button of ours does: all of it is in the button, so that it works for ever. */
export type ButtonId = {
  /** `forget`: everything of whoever presses it. `other-photo`: the menu of the other photos in a message. */
  readonly action: MessageAction | (typeof others)[number];
  readonly subject: Subject;
  /** Which of its messages it stands under. */
  readonly role: string;
};

/** Deletes for good, under the question whether that is meant. */
export const confirmingId = (what: { readonly photoOf: JobId } | 'everything'): string =>
  what === 'everything'
    ? encodeButtonId({ action: 'forget', subject: renderSubject('everything'), role: confirmed })
    : encodeButtonId({ action: 'delete-photo', subject: renderSubject(what.photoOf), role: confirmed });
const confirmed = 'confirmed';
export const isConfirming = ({ role }: ButtonId): boolean => role === confirmed;

/** A button's `custom_id`; Discord takes 100 characters. */
export const encodeButtonId = ({ action, subject, role }: ButtonId): string =>
  [prefix, action, subjectText(subject), role].join(':');

/** Undefined for a button that is not ours. */
export const decodeButtonId = (customId: string): ButtonId | undefined => {
  const parsed = partsSchema.safeParse(customId.split(':'));
  if (!parsed.success) return undefined;
  const [, action, subject, role] = parsed.data;
  return { action, subject, role };
};
