import { createHmac, timingSafeEqual } from 'node:crypto';
import { type APIAttachment, type AttachmentFlags, RESTJSONErrorCodes } from 'discord-api-types/v10';
import sharp from 'sharp';
import type { Core } from './core.ts';
import { discordError, invalidForm } from './discord-error.ts';
import type { Channel, StoredFile } from './model.ts';

const mebibyte = 2 ** 20;
/** Largest file by the guild's boost level. */
const tierBytes = [10, 10, 50, 100].map((size) => size * mebibyte) as readonly number[];
const nitroBytes = 500 * mebibyte;
/** Largest request, all files together, where no file alone may be larger. */
const requestBytes = 25 * mebibyte;
const signatureMs = 24 * 3_600_000;

const contentTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  txt: 'text/plain; charset=utf-8',
};

export const contentTypeOf = (filename: string): string =>
  contentTypes[filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';

/** The largest file that a message in this channel may carry. */
export const channelFileLimit = (core: Core, channel: Channel): number =>
  tierBytes[core.guilds.get(channel.guildId ?? '')?.tier ?? 0] ?? 10 * mebibyte;

/** The largest file of a person there; `attachment_size_limit` of their interactions. */
export const personFileLimit = (core: Core, channel: Channel, userId: string): number =>
  Math.max(channelFileLimit(core, channel), core.users.get(userId)?.premium ? nitroBytes : 0);

/** Only the letters that Discord leaves in a name. */
const cleanName = (name: string): string => name.normalize('NFKC').replaceAll(/[^\w.-]+/g, '_') || 'unknown';

const dimensions = async (bytes: Uint8Array, contentType: string) => {
  if (!contentType.startsWith('image/')) return { width: null, height: null };
  try {
    const { width, height, pageHeight } = await sharp(bytes).metadata();
    return { width, height: pageHeight ?? height };
  } catch {
    // The name says picture, the bytes do not: Discord shows such files without a size.
    return { width: null, height: null };
  }
};

export type Upload = {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly description?: string | null;
};

/**
 * Puts files on the CDN.
 * @param options `maxBytes` per file
 * @throws DiscordError 40005 where one is too large, 50035 where its description is
 */
export const storeFiles = async (
  core: Core,
  uploads: readonly Upload[],
  { channel, maxBytes, ephemeral = false }: { channel: Channel; maxBytes: number; ephemeral?: boolean },
): Promise<StoredFile[]> => {
  const all = uploads.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const tooLarge = uploads.some(({ bytes }) => bytes.byteLength > maxBytes);
  if (tooLarge || all > Math.max(requestBytes, maxBytes)) {
    throw discordError(RESTJSONErrorCodes.RequestEntityTooLarge);
  }
  return await Promise.all(
    uploads.map(async ({ filename: name, bytes, description }, index) => {
      if ((description?.length ?? 0) > 1024) {
        throw invalidForm(
          `attachments.${index}.description`,
          'BASE_TYPE_MAX_LENGTH',
          'Must be 1024 or fewer in length.',
        );
      }
      const filename = cleanName(name);
      const contentType = contentTypeOf(filename);
      const file: StoredFile = {
        id: core.ids.next(),
        channelId: channel.id,
        filename,
        bytes,
        contentType,
        ephemeral,
        ...(await dimensions(bytes, contentType)),
        description: description ?? null,
        gone: false,
      };
      core.files.set(file.id, file);
      return file;
    }),
  );
};

const filePath = (core: Core, file: StoredFile): string =>
  file.ephemeral
    ? `/ephemeral-attachments/${core.application.id}/${file.id}/${file.filename}`
    : `/attachments/${file.channelId}/${file.id}/${file.filename}`;

const signature = (core: Core, path: string, ex: string, is: string): Buffer =>
  createHmac('sha256', core.secret).update(`${path}\n${ex}\n${is}`).digest();

/** A file's address, good for a day from now. */
export const signedUrl = (core: Core, file: StoredFile, origin = core.cdnOrigin): string => {
  const path = filePath(core, file);
  const seconds = (ms: number): string => Math.floor(ms / 1000).toString(16);
  const now = core.clock.wallTime();
  const [ex, is] = [seconds(now + signatureMs), seconds(now)];
  return `${origin}${path}?ex=${ex}&is=${is}&hm=${signature(core, path, ex, is).toString('hex')}&`;
};

/** Whether an address is whole and not yet expired. */
export const isSigned = (core: Core, path: string, query: URLSearchParams): boolean => {
  const [ex, is, hm] = ['ex', 'is', 'hm'].map((name) => query.get(name) ?? '') as [string, string, string];
  const given = Buffer.from(hm, 'hex');
  const expected = signature(core, path, ex, is);
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && Number.parseInt(ex, 16) * 1000 > core.clock.wallTime();
};

/** A file as the API shows it, with fresh addresses. */
export const attachmentPayload = (core: Core, file: StoredFile): APIAttachment => ({
  id: file.id,
  filename: file.filename,
  size: file.bytes.byteLength,
  url: signedUrl(core, file),
  proxy_url: signedUrl(core, file, `${core.cdnOrigin}/media-proxy`),
  content_type: file.contentType,
  ...(file.width !== null && file.height !== null && { width: file.width, height: file.height }),
  ...(file.description !== null && { description: file.description }),
  ...(file.ephemeral && { ephemeral: true }),
  ...(file.filename.startsWith('SPOILER_') && { flags: (1 << 3) as AttachmentFlags }),
});
