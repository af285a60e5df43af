import { z } from 'zod';
import type { AttachmentRef } from '../../domain/job.ts';
import type { Picture } from './pictures.ts';

/** Where Discord keeps what people attach, and where its proxy shows what is elsewhere on the web. */
export const discordFileHosts: readonly string[] = [
  ...['cdn.discordapp.com', 'media.discordapp.net'],
  ...['images-ext-1.discordapp.net', 'images-ext-2.discordapp.net'],
];

const schema = z.strictObject({
  url: z.url(),
  /** As Discord said, before anything was fetched. */
  bytes: z.number().int().nonnegative(),
});

export type DiscordAttachment = Readonly<z.output<typeof schema>>;

/** A photo as a use case takes it. Its address is a key to it, good for about a day. */
export const encodeAttachment = ({
  url,
  bytes,
  name,
}: Pick<Picture, 'url' | 'bytes' | 'name'>): AttachmentRef => ({
  platform: 'discord',
  ref: JSON.stringify({ url, bytes }),
  name,
});

/** Undefined where the address is not kept any more. */
export const decodeAttachment = ({ ref }: Pick<AttachmentRef, 'ref'>): DiscordAttachment | undefined =>
  ref === '' ? undefined : schema.parse(JSON.parse(ref));
