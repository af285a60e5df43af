import { z } from 'zod';
import type { JobId } from '../../domain/job.ts';
import { type MessageAction, messageActions } from '../../domain/message.ts';
import { messageKey, parseMessageKey, renderSubject, type Subject } from '../../domain/subject.ts';

const prefix = 'gz1:';

/** All buttons of ours, also those of other versions, for whoever routes presses. */
export const anyButton = /^gz\d+:/;

const others = ['forget'] as const;

const keySchema = z
  .string()
  .regex(/^([a-z]+\.)?[\w-]{1,64}:[a-z0-9-]{1,64}$/)
  .transform(parseMessageKey);

const buttonSchema = z.object({
  action_id: z
    .string()
    .refine((id) => id.startsWith(prefix))
    .transform((id) => id.slice(prefix.length))
    .pipe(z.enum([...messageActions, ...others])),
  value: keySchema,
});

/** What a button of ours does: all of it is in the button, so that it works for ever. */
export type ButtonId = {
  /** `forget`: everything of whoever presses it. */
  readonly action: MessageAction | (typeof others)[number];
  readonly subject: Subject;
  /** Which of its messages it stands under. */
  readonly role: string;
};

/** A button as Slack gives it back; the same action is in a block once only. */
export type ButtonFields = { readonly action_id: string; readonly value: string };

const confirmed = 'confirmed';

/** Deletes for good, once it was asked whether that is meant. */
export const confirmingButton = (what: { readonly photoOf: JobId } | 'everything'): ButtonFields =>
  what === 'everything'
    ? encodeButton({ action: 'forget', subject: renderSubject('everything'), role: confirmed })
    : encodeButton({ action: 'delete-photo', subject: renderSubject(what.photoOf), role: confirmed });
export const isConfirming = ({ role }: Pick<ButtonId, 'role'>): boolean => role === confirmed;

export const encodeButton = ({ action, subject, role }: ButtonId): ButtonFields => ({
  action_id: `${prefix}${action}`,
  value: messageKey(subject, role),
});

/** Undefined for a button that is not ours. */
export const decodeButton = (button: unknown): ButtonId | undefined => {
  const parsed = buttonSchema.safeParse(button);
  if (!parsed.success || !parsed.data.value.subject) return undefined;
  const { action_id: action, value } = parsed.data;
  return { action, subject: parsed.data.value.subject, role: value.role };
};
