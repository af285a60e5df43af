import { z } from 'zod';
import type { JobId } from '../../domain/job.ts';
import { type MessageAction, messageActions } from '../../domain/message.ts';

const prefix = 'gz1';

const others = ['forget', 'other-photo'] as const;

const partsSchema = z.tuple([
  z.literal(prefix),
  z.enum([...messageActions, ...others]),
  z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .transform((id) => id as JobId),
  z.string().max(16),
]);

/** What a button of ours does: all of it is in the button, so that it works for ever. */
export type ButtonId = {
  /** `forget`: everything of whoever presses it. `other-photo`: the menu of the other photos in a message. */
  readonly action: MessageAction | (typeof others)[number];
  readonly render: JobId;
  /** Which of the render's messages it stands under. */
  readonly role: string;
};

/** Deletes for good, under the question whether that is meant. */
export const confirmingId = (what: { readonly photoOf: JobId } | 'everything'): string =>
  what === 'everything'
    ? encodeButtonId({ action: 'forget', render: 'everything' as JobId, role: confirmed })
    : encodeButtonId({ action: 'delete-photo', render: what.photoOf, role: confirmed });
const confirmed = 'confirmed';
export const isConfirming = ({ role }: ButtonId): boolean => role === confirmed;

/** A button's `custom_id`; Discord takes 100 characters. */
export const encodeButtonId = ({ action, render, role }: ButtonId): string =>
  [prefix, action, render, role].join(':');

/** Undefined for a button that is none of ours. */
export const decodeButtonId = (customId: string): ButtonId | undefined => {
  const parsed = partsSchema.safeParse(customId.split(':'));
  if (!parsed.success) return undefined;
  const [, action, render, role] = parsed.data;
  return { action, render, role };
};
