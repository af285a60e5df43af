import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { messageAt, placeSchema } from './reply-context.ts';

/**
 * What a message was sent with, which is what it is written with: an interaction's first answer, a later one, or
 * the bot's own token.
 */
const grantSchema = z.strictObject({
  place: placeSchema,
  /** Which of a render's messages it is. */
  role: z.string(),
  via: z.enum(['answer', 'follow-up', 'bot']),
});

export type Grant = Readonly<z.output<typeof grantSchema>>;

export const encodeMessage = (
  at: { readonly channel: string; readonly message: string },
  grant: Grant,
): MessageRef => ({
  ...messageAt(at.channel, at.message),
  grant: JSON.stringify(grant),
});

/** @throws GramzoomError `chat-gone` for a message that this adapter did not send */
export const decodeGrant = ({ grant }: MessageRef): Grant => {
  if (grant === undefined) throw new GramzoomError('chat-gone', { platform: 'discord' });
  return grantSchema.parse(JSON.parse(grant));
};
