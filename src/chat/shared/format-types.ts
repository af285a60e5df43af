import type { MessageAttachment } from '../../domain/message.ts';

/** Content types of what the bot attaches. */
export const formatTypes = {
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  png: 'image/png',
  jpeg: 'image/jpeg',
} as const satisfies Record<MessageAttachment['format'] | 'png', string>;
