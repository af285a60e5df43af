import { z } from 'zod';
import type { Failure } from '../domain/errors.ts';
import { type BlobId, type Job, type JobId, jobStates, type PhotoSource } from '../domain/job.ts';
import { renderReportSchema, renderRequestSchema } from '../domain/kinds.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { JobChanges } from '../ports/jobs.ts';
import { json, readRecord } from './records.ts';
import type { JobsTable } from './tables.ts';

export const blobId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((id) => id as BlobId);
export const jobId = z.string().transform((id) => id as JobId);

/** The first versions stored what an option takes as words. */
const withExpectation = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { expected: words } = data;
  return typeof words === 'string' ? { ...data, expected: { kind: 'words', words } } : data;
};

/** Before there were kinds only films were too much work, and what would fit was not apart. */
const withFitting = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { work, most, size, frames, steps, fitting = { size, frames, steps } } = data;
  return { work, most, fitting };
};

const dataOf = (code: string, data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  if (code === 'request-field') return withExpectation(data);
  return code === 'too-much-work' ? withFitting(data) : data;
};

export const failureSchema = z
  .object({ code: z.string(), data: z.record(z.string(), z.unknown()) })
  .transform(({ code, data }) => ({ code, data: dataOf(code, data) }) as Failure);

const targetSchema = z.object({ platform: z.string().min(1), ref: z.string() });

export const messageRefColumn: z.ZodType<MessageRef> = json(
  targetSchema.extend({ grant: z.exactOptional(z.string()) }),
);

/** What a row begins with, and what stands in for a column that cannot be read. */
export const emptyColumns = {
  asked_max_bytes: null,
  parent: null,
  photo: null,
  attempt: 0,
  claim: null,
  lease_until: null,
  frames_done: 0,
  failure: null,
  result: null,
  report: null,
  poster: null,
  finished_at: null,
} satisfies Partial<JobsTable>;

/** Every column that is read. */
export const jobRow = z.object({
  id: jobId,
  sequence: z.int(),
  platform: z.string().min(1),
  server: z.string(),
  user_id: z.string(),
  request: json(renderRequestSchema),
  asked_max_bytes: z.int().nullable(),
  attachment: json(targetSchema.extend({ name: z.string() })),
  reply_target: json(targetSchema),
  parent: jobId.nullable(),
  state: z.enum(jobStates),
  photo: blobId.nullable(),
  attempt: z.int().min(0),
  claim: z.int().nullable(),
  frames_done: z.int().min(0),
  failure: json(failureSchema).nullable(),
  result: blobId.nullable(),
  report: json(renderReportSchema).nullable(),
  poster: blobId.nullable(),
  created_at: z.number(),
  finished_at: z.number().nullable(),
  root: jobId,
  owner_platform: z.string().min(1),
  owner_server: z.string(),
  owner_user: z.string(),
});

/** @throws GramzoomError `record-damaged` */
export const readJob = (raw: JobsTable): Job => {
  const row = readRecord(raw, { record: `render ${raw.id}`, schema: jobRow });
  return {
    id: row.id,
    sequence: row.sequence,
    origin: { platform: row.platform, server: row.server, user: row.user_id },
    request: row.request,
    askedMaxBytes: row.asked_max_bytes,
    attachment: row.attachment,
    replyTarget: row.reply_target,
    source: {
      root: row.root,
      owner: { platform: row.owner_platform, server: row.owner_server, user: row.owner_user },
    },
    parent: row.parent,
    state: row.state,
    photo: row.photo,
    attempt: row.attempt,
    claim: row.claim,
    unitsDone: row.frames_done,
    failure: row.failure,
    result: row.result,
    report: row.report,
    poster: row.poster,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
};

export const sourceColumns = ({ root, owner }: PhotoSource) => ({
  root,
  owner_platform: owner.platform,
  owner_server: owner.server,
  owner_user: owner.user,
});

const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** The columns that changes write; what is not mentioned stays. */
export const changedColumns = (changes: JobChanges): Partial<JobsTable> => ({
  ...(changes.photo !== undefined && { photo: changes.photo }),
  ...(changes.source !== undefined && sourceColumns(changes.source)),
  ...(changes.attachment !== undefined && { attachment: JSON.stringify(changes.attachment) }),
  ...(changes.attempt !== undefined && { attempt: changes.attempt }),
  ...(changes.unitsDone !== undefined && { frames_done: changes.unitsDone }),
  ...(changes.failure !== undefined && { failure: text(changes.failure) }),
  ...(changes.result !== undefined && { result: changes.result }),
  ...(changes.report !== undefined && { report: text(changes.report) }),
  ...(changes.poster !== undefined && { poster: changes.poster }),
});
