import { z } from 'zod';
import { type ContestPost, contestPostKinds } from '../domain/contest/post.ts';
import { defaultKind, kindNames } from '../domain/kinds.ts';
import { type MessageBody, type MessageContent, messageActions } from '../domain/message.ts';
import { type Progress, progressUnits } from '../domain/progress.ts';
import { outputFormats, sharedFields } from '../domain/request.ts';
import { renderSubject } from '../domain/subject.ts';
import type { RoomMessage } from '../ports/room-log.ts';
import { blobId, failureSchema, jobId } from './job-record.ts';
import { json, readRecord } from './records.ts';
import type { RoomMessagesTable } from './tables.ts';

const renderKind = z.enum(kindNames);
const progress: z.ZodType<Progress> = z.object({
  done: z.number(),
  total: z.number(),
  unit: z.enum(progressUnits),
});

/** Before there were kinds everything was a film, and its frames stood where the progress is now. */
const withKind = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null || 'renderKind' in stored) return stored;
  const { kind, framesDone: done, frames: total, ...body } = stored as Readonly<Record<string, unknown>>;
  return {
    ...body,
    kind: kind === 'film' ? 'result' : kind,
    renderKind: defaultKind,
    ...(total !== undefined && { progress: { done, total, unit: 'frame' } }),
  };
};

/** Written by this project alone: which of them it is says what else is in it. */
const contestPost = z.custom<ContestPost>(
  (value) =>
    z.looseObject({ kind: z.enum(contestPostKinds), contest: z.looseObject({}) }).safeParse(value).success,
);

const isReel = z.exactOptional(z.literal(true));

/** One schema for each kind of message: the compiler sees to it that none is missing. */
const bodySchemas = {
  fetching: z.object({ kind: z.literal('fetching') }),
  waiting: z.object({
    kind: z.literal('waiting'),
    position: z.number(),
    total: z.number(),
    etaSeconds: z.number().nullable(),
    isReel,
  }),
  running: z.object({
    kind: z.literal('running'),
    renderKind,
    progress,
    share: z.exactOptional(z.number()),
    etaSeconds: z.number().nullable(),
    isReel,
  }),
  'no-room': z.object({ kind: z.literal('no-room'), renderKind, progress }),
  progress: z.object({
    kind: z.literal('progress'),
    renderKind,
    progress,
    // Those of the first versions have none of these.
    seed: z.number().default(0),
    network: z.string().default(''),
    parent: jobId.nullable().default(null),
  }),
  result: z.object({
    kind: z.literal('result'),
    renderKind,
    seed: z.number(),
    network: z.string(),
    // Films from before there were depths and qualities have none.
    depth: sharedFields.depth,
    quality: sharedFields.quality,
    sides: z.object({ width: z.number(), height: z.number() }).nullable().default(null),
    parent: jobId.nullable(),
    bytes: z.number(),
    renderSeconds: z.number(),
    isReel,
  }),
  copy: z.object({ kind: z.literal('copy'), renderKind, bytes: z.number() }),
  failed: z.object({ kind: z.literal('failed'), failure: failureSchema }),
  cancelled: z.object({ kind: z.literal('cancelled') }),
  contest: z.object({ kind: z.literal('contest'), post: contestPost }),
  expired: z.object({ kind: z.literal('expired'), renderKind }),
} as const satisfies { readonly [K in MessageBody['kind']]: z.ZodType<Extract<MessageBody, { kind: K }>> };

const { fetching, ...otherBodies } = bodySchemas;

const storedContent = z.object({
  /** Of messages that the first versions said about a render. */
  render: z.string().optional(),
  subject: z.object({ kind: z.string(), id: z.string() }).optional(),
  body: z.preprocess(withKind, z.discriminatedUnion('kind', [fetching, ...Object.values(otherBodies)])),
  attachments: z.array(
    z.object({
      blob: blobId,
      name: z.string(),
      format: z.enum([...outputFormats, 'jpeg']),
      still: z.exactOptional(blobId),
      sides: z.exactOptional(z.object({ width: z.number().positive(), height: z.number().positive() })),
      alt: z.string(),
    }),
  ),
  actions: z.array(z.enum(messageActions)),
  /** As the first versions called it. */
  calls: z.boolean().default(false),
  mentionsRequester: z.boolean().optional(),
  mentions: z.exactOptional(z.array(z.string())),
});

const contentSchema: z.ZodType<MessageContent> = storedContent
  .refine(({ render, subject }) => render !== undefined || subject !== undefined)
  .transform(({ render = '', subject, calls, mentionsRequester, ...content }) => ({
    ...content,
    subject: subject ?? renderSubject(render),
    mentionsRequester: mentionsRequester ?? calls,
  }));

const saidSchema: z.ZodType<RoomMessage['said']> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    name: z.string(),
    text: z.string(),
    photo: blobId.nullable(),
    preview: z
      .object({ blob: blobId, width: z.int().positive(), height: z.int().positive() })
      .nullable()
      .default(null),
  }),
  z.object({ kind: z.literal('render'), content: contentSchema }),
  z.object({ kind: z.literal('words'), text: z.string() }),
  z.object({ kind: z.literal('damaged') }),
]);

const messageRow = z.object({
  id: z.string(),
  version: z.int(),
  room: z.string(),
  thread: z.string().nullable(),
  said: json(saidSchema),
  created_at: z.number(),
});

/** @throws GramzoomError `record-damaged` */
export const readRoomMessage = (raw: RoomMessagesTable): RoomMessage => {
  const { created_at: createdAt, ...row } = readRecord(raw, {
    record: `message ${raw.id}`,
    schema: messageRow,
  });
  return { ...row, createdAt };
};

/**
 * A message that cannot be read, with something in the place of what is damaged; undefined where it is not known
 * where it stands.
 */
export const mendRoomMessage = (
  row: RoomMessagesTable,
  { version, now }: { readonly version: number; readonly now: number },
): RoomMessagesTable | undefined => {
  const { id, room, thread, said, created_at } = messageRow.shape;
  const where = z.object({ id, room, thread });
  if (!where.safeParse(row).success) return undefined;
  const damaged: RoomMessage['said'] = { kind: 'damaged' };
  return {
    ...row,
    version,
    said: said.safeParse(row.said).success ? row.said : JSON.stringify(damaged),
    created_at: created_at.safeParse(row.created_at).success ? row.created_at : now,
  };
};
