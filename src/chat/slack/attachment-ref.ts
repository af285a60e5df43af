import { z } from 'zod';
import type { AttachmentRef } from '../../domain/job.ts';

const schema = z.strictObject({
  /** Whose token opens it. */
  tenant: z.string(),
  file: z.string(),
  /** Null where Slack has not told it yet: then it is asked for. */
  url: z.url().nullable(),
  /** As Slack said; 0 where it has not. */
  bytes: z.number().int().nonnegative(),
});

export type SlackAttachment = Readonly<z.output<typeof schema>>;

/** A file of Slack's as a use case takes it. */
export const encodeAttachment = (file: SlackAttachment & { readonly name: string }): AttachmentRef => {
  const { name, ...ref } = file;
  return { platform: 'slack', ref: JSON.stringify(ref), name };
};

/** Undefined where the address is not kept any more. */
export const decodeAttachment = ({ ref }: Pick<AttachmentRef, 'ref'>): SlackAttachment | undefined =>
  ref === '' ? undefined : schema.parse(JSON.parse(ref));
