import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { messageAt, replyContextSchema } from './reply-context.ts';

/**
 * What a message was sent with, which is what it is written with: an interaction's first answer, a later one, or
 * the bot's own token.
 */
const credentialsSchema = z.strictObject({
  place: replyContextSchema,
  /** Which of a render's messages it is. */
  role: z.string(),
  via: z.enum(['answer', 'follow-up', 'bot']),
});

export type MessageCredentials = Readonly<z.output<typeof credentialsSchema>>;

export const encodeMessageRef = (
  at: { readonly channel: string; readonly message: string },
  grant: MessageCredentials,
): MessageRef => ({
  ...messageAt(at.channel, at.message),
  grant: JSON.stringify(grant),
});

/** @throws GramzoomError `chat-gone` for a message that this adapter did not send */
export const decodeCredentials = ({ grant }: MessageRef): MessageCredentials => {
  if (grant === undefined) throw new GramzoomError('chat-gone', { platform: 'Discord' });
  return credentialsSchema.parse(JSON.parse(grant));
};
