import { z } from 'zod';
import type { AttachmentRef } from '../../domain/job.ts';

const schema = z.strictObject({
  url: z.url(),
  /** As Discord said, before anything was fetched. */
  bytes: z.number().int().nonnegative(),
});

export type DiscordAttachment = Readonly<z.output<typeof schema>>;

/** What somebody attached. Its address is a key to it, good for about a day. */
export const encodeAttachment = ({
  name,
  ...attachment
}: DiscordAttachment & { readonly name: string }): AttachmentRef => ({
  platform: 'discord',
  ref: JSON.stringify(attachment),
  name,
});

/** Undefined where the address is not kept any more. */
export const decodeAttachment = ({ ref }: Pick<AttachmentRef, 'ref'>): DiscordAttachment | undefined =>
  ref === '' ? undefined : schema.parse(JSON.parse(ref));
