/**
 * What the renderer's process and its parent say to each other. Messages travel over Node's IPC channel with
 * `serialization: 'advanced'`, so that byte arrays pass as they are. Every message wears an envelope with the
 * protocol's version and the job it belongs to, and is parsed once, where it arrives.
 */
import { z } from 'zod';
import type { PosterSpec } from '../domain/contest/poster.ts';
import { engineChoices, precisionChoices } from '../domain/engines.ts';
import { type Failure, GramzoomError } from '../domain/errors.ts';
import { renderRequestSchema } from '../domain/kinds.ts';
import { depths, networkName } from '../domain/request.ts';
import { type RenderEvent, renderEventSchema } from '../ports/renderer.ts';

/** Raised whenever a message changes its shape or its meaning. */
export const protocolVersion = 12;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const count = z.int().nonnegative();
const sides = { width: z.int().positive(), height: z.int().positive() };

const engineWanted = {
  /** Where networks lie besides those of the project; null: nowhere. */
  places: z.strictObject({ folder: z.string(), file: z.string().nullable() }).nullable(),
  threads: z.int().min(1),
  engine: z.enum(engineChoices),
  precision: z.enum(precisionChoices),
};

const startSchema = z.strictObject({
  kind: z.literal('start'),
  request: renderRequestSchema,
  photo: bytes,
  /** Further photos of a film, in order. */
  through: z.array(bytes),
  ...engineWanted,
  /** The least time between two previews; null: send none. */
  previewIntervalMs: z.number().nonnegative().nullable(),
  /** Whether `checkpoint` events are wanted. */
  checkpoints: z.boolean(),
  /** Where to continue; null: from the beginning. */
  resume: z.strictObject({ state: bytes, frames: z.array(bytes) }).nullable(),
});

const probeSchema = z.strictObject({
  kind: z.literal('probe'),
  network: networkName,
  depth: z.enum(depths),
  ...engineWanted,
});

const inspectSchema = z.strictObject({
  kind: z.literal('inspect'),
  photo: bytes,
  /** How long its file may be. */
  maxBytes: count,
  /** The box that a preview has to fit in, in pixels; null: none is wanted. */
  preview: z.strictObject(sides).nullable(),
});

const drawSchema = z.strictObject({
  kind: z.literal('draw'),
  poster: z.strictObject({
    theme: z.string(),
    day: z.string(),
    voters: count,
    winners: z
      .array(
        z.strictObject({
          place: count,
          points: count,
          number: count,
          name: z.string().nullable(),
          still: bytes.nullable(),
        }),
      )
      .readonly(),
  }) satisfies z.ZodType<PosterSpec>,
});

const parentMessageSchema = z.discriminatedUnion('kind', [
  startSchema,
  probeSchema,
  inspectSchema,
  drawSchema,
  z.strictObject({ kind: z.literal('cancel') }),
  /** A checkpoint has been stored: the child waits for this before it continues. */
  z.strictObject({ kind: z.literal('ack') }),
]);

/** Codes are not listed again here: both sides are of one version, or the envelope has already said so. */
const failureSchema = z.strictObject({
  code: z.string().min(1),
  data: z.record(z.string(), z.unknown()),
}) as unknown as z.ZodType<Failure>;

const childMessageSchema = z.discriminatedUnion('kind', [
  renderEventSchema,
  /** The answer to a probe. */
  z.strictObject({
    kind: z.literal('probed'),
    paces: z.array(z.strictObject({ size: count, secondsPerWork: z.number().positive() })),
  }),
  /** The photo can be rendered. */
  z.strictObject({
    kind: z.literal('inspected'),
    preview: z.strictObject({ file: bytes, ...sides }).nullable(),
  }),
  /** The poster, as PNG. */
  z.strictObject({ kind: z.literal('drawn'), file: bytes }),
  /** `detail` is the error with its stack and causes, for the log. */
  z.strictObject({ kind: z.literal('failed'), failure: failureSchema, detail: z.string() }),
  /** Still at work, with nothing to tell. */
  z.strictObject({ kind: z.literal('heartbeat') }),
]);

/** All that one render needs to know. */
export type RenderJob = Omit<z.output<typeof startSchema>, 'kind'>;
/** What is to be measured. */
export type ProbeJob = Omit<z.output<typeof probeSchema>, 'kind'>;
/** A photo that is to be looked at. */
export type InspectJob = Omit<z.output<typeof inspectSchema>, 'kind'>;
/** A poster that is to be drawn. */
export type DrawJob = Omit<z.output<typeof drawSchema>, 'kind'>;
export type ParentMessage = z.output<typeof parentMessageSchema>;
/** What begins a job. */
export type Order = Extract<ParentMessage, { kind: 'start' | 'probe' | 'inspect' | 'draw' }>;
export type ChildMessage = z.output<typeof childMessageSchema>;
/** What a child tells in the course of a job. */
export type JobEvent = Exclude<ChildMessage, { kind: 'failed' | 'heartbeat' }>;

const answers = ['probed', 'inspected', 'drawn'] as const;

/** Whether an event is all that a job has to tell, and so none of a render. */
export const isAnswer = (event: JobEvent): event is Extract<JobEvent, { kind: (typeof answers)[number] }> =>
  (answers as readonly string[]).includes(event.kind);

/** Works on one job; what the child does, wherever it runs. Throws once the signal aborts. */
export type RunJob<Job, Event = JobEvent> = (
  job: Job,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<Event, void, undefined>;
export type RunRender = RunJob<RenderJob, RenderEvent>;
export type RunProbe = RunJob<ProbeJob, Extract<JobEvent, { kind: 'probed' }>>;
export type RunInspection = RunJob<InspectJob, Extract<JobEvent, { kind: 'inspected' }>>;
export type RunDrawing = RunJob<DrawJob, Extract<JobEvent, { kind: 'drawn' }>>;

const envelopeSchema = z.strictObject({ version: z.int(), job: count, message: z.unknown() });
type Envelope<Message> = z.output<typeof envelopeSchema> & { readonly message: Message };

export const wrap = <Message extends ParentMessage | ChildMessage>(
  job: number,
  message: Message,
): Envelope<Message> => ({ version: protocolVersion, job, message });

const parseEnvelope = <Message>(raw: unknown, schema: z.ZodType<Message>): Envelope<Message> => {
  const envelope = envelopeSchema.safeParse(raw);
  if (!envelope.success) throw mismatch('a message without version', envelope.error);
  const { version, job, message } = envelope.data;
  if (version !== protocolVersion) throw mismatch(`version ${version}`);
  const result = schema.safeParse(message);
  if (!result.success) throw mismatch('a message of another shape', result.error);
  return { version, job, message: result.data };
};

const mismatch = (received: string, cause?: unknown): GramzoomError =>
  new GramzoomError('protocol-mismatch', { expected: protocolVersion, received }, { cause });

/** @throws GramzoomError `protocol-mismatch` */
export const parseParentMessage = (raw: unknown): Envelope<ParentMessage> =>
  parseEnvelope(raw, parentMessageSchema);

/** @throws GramzoomError `protocol-mismatch` */
export const parseChildMessage = (raw: unknown): Envelope<ChildMessage> =>
  parseEnvelope(raw, childMessageSchema);
