import type { MessageAttachment } from '../../domain/message.ts';

/** Content types of what the bot attaches. */
export const formatTypes = {
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  png: 'image/png',
  jpeg: 'image/jpeg',
} as const satisfies Record<MessageAttachment['format'], string>;

const signatures: readonly (readonly [type: string, at: number, text: string])[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftypavif'],
  ['image/avif', 4, 'ftypavis'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
];

/**
 * The content type of a photo, by its first bytes and never by its name: a picture's, or one that no browser
 * opens.
 */
export const photoType = (bytes: Uint8Array): string => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 32)).toString('latin1');
  return signatures.find(([, at, text]) => head.startsWith(text, at))?.[0] ?? 'application/octet-stream';
};
