import { z } from 'zod';
import { parseBytes } from './bytes.ts';
import { depths } from './depth.ts';
import { GramzoomError } from './errors.ts';
import type { Expectation } from './expectation.ts';

export const outputFormats = ['gif', 'webp', 'mp4', 'png'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** GIF delays are whole centiseconds, so every film runs at 100/n frames a second, n >= 2. */
export const delayCentiseconds = (fps: number): number => Math.max(2, Math.round(100 / fps));

/** How much time a film may take; `stepsOf` and the engine's plan say what that means. */
export const qualities = ['draft', 'standard', 'fine'] as const;
export type Quality = (typeof qualities)[number];

/** Optimisation steps per frame where nothing else is asked for. */
export const stepsOf: Readonly<Record<Quality, number>> = { draft: 1, standard: 3, fine: 6 };

export const aspects = ['square', 'photo'] as const;

/** Every frame optimised again: the classic. */
export const motions = ['morph'] as const;

const leastFrames = 8;
const mostFrames = 240;
const leastFps = 1;
const mostFps = 50;
const leastBytes = 20_000;

/** Sizes are multiples of this, so that every octave and pooling layer halves evenly. */
export const sizeMultiple = 16;

/**
 * What a person can ask for: defaults, limits, units and help live here and nowhere else. The command
 * line's flags, slash options, form fields, help and validation are all derived from it.
 */
export const requestSchema = z.strictObject({
  size: z
    .int()
    .min(64)
    .max(512)
    .multipleOf(sizeMultiple)
    .default(256)
    .describe("side of the film, in pixels; in the photo's shape it has the same area"),
  aspect: z.enum(aspects).default('square').describe("shape of the film: a square, or the photo's"),
  frames: z.int().min(leastFrames).max(mostFrames).default(48).describe('frames in the loop'),
  duration: z
    .number()
    .min(leastFrames / mostFps)
    .max(mostFrames / leastFps)
    .optional()
    .describe('seconds that the loop takes, instead of frames'),
  fps: z
    .number()
    .min(leastFps)
    .max(mostFps)
    .default(20)
    .transform((fps) => 100 / delayCentiseconds(fps))
    .describe('frames per second (the nearest 100/n)'),
  zoom: z.number().min(1.005).max(1.2).default(1.03).describe('enlargement from one frame to the next'),
  direction: z.enum(['in', 'out']).default('in').describe('which way the film zooms'),
  motion: z
    .enum(motions)
    .default('morph')
    .describe('how the film moves: in a morph every frame grows out of the one before'),
  quality: z.enum(qualities).default('standard').describe('how much time the film may take'),
  steps: z.int().min(1).max(40).optional().describe('optimisation steps per frame'),
  network: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/)
    .default('pocket')
    .describe('network whose features are matched'),
  depth: z.enum(depths).default('style').describe('how much of the photo comes back'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('number that decides all that is random; the same seed gives the same film'),
  maxBytes: z
    .union([z.int(), z.string().transform((text) => parseBytes(text) ?? Number.NaN)])
    .pipe(z.int().min(leastBytes))
    .optional()
    .describe('largest file that will do, such as 10MB'),
  format: z.enum(outputFormats).default('gif').describe('kind of file'),
});

/** A request as a person makes it: everything may be left out. */
export type RequestInput = z.input<typeof requestSchema>;
/** A request with its defaults filled in. */
export type RenderOptions = Omit<z.output<typeof requestSchema>, 'duration' | 'steps'> & {
  readonly steps: number;
};
/** A request that says everything, as it is stored and handed to the renderer: the seed has been drawn. */
export const renderRequestSchema = requestSchema
  .omit({ duration: true })
  .extend({ steps: requestSchema.shape.steps.unwrap(), seed: requestSchema.shape.seed.unwrap() });

export type RenderRequest = RenderOptions & { readonly seed: number };

export type RequestField = keyof z.output<typeof requestSchema>;

/** What one field takes, for help, forms and errors. */
export type FieldRule = {
  readonly name: RequestField;
  readonly kind: 'integer' | 'number' | 'choice' | 'text' | 'bytes';
  readonly description: string;
  readonly default?: string | number;
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
  readonly choices?: readonly string[];
};

type JsonProperty = {
  type?: string;
  description?: string;
  default?: string | number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  enum?: string[];
  anyOf?: unknown[];
};

const kindOf = (property: JsonProperty): FieldRule['kind'] => {
  if (property.anyOf) return 'bytes';
  if (property.enum) return 'choice';
  if (property.type === 'integer' || property.type === 'number') return property.type;
  return 'text';
};

/** The schema's fields as plain data, in the order in which people should see them. */
export const requestFields: readonly FieldRule[] = Object.entries(
  z.toJSONSchema(requestSchema, { io: 'input' }).properties ?? {},
).map(([name, raw]) => {
  const property = raw as JsonProperty;
  return {
    name: name as RequestField,
    kind: kindOf(property),
    description: property.description ?? '',
    ...(property.default !== undefined && { default: property.default }),
    ...(property.minimum !== undefined && { min: property.minimum }),
    ...(property.maximum !== undefined && { max: property.maximum }),
    ...(property.multipleOf !== undefined && property.multipleOf > 1 && { multipleOf: property.multipleOf }),
    ...(property.enum && { choices: property.enum }),
  };
});

/** The rule of one field. */
export const fieldRule = (name: RequestField): FieldRule => {
  const rule = requestFields.find((field) => field.name === name);
  if (!rule) throw new GramzoomError('internal', { reason: `no field ${name}` });
  return rule;
};

/** The seconds that a loop can take at a frame rate. */
const durationsAt = (fps: number): Expectation => {
  const rounded = (value: number): number => Number(value.toFixed(2));
  const [min, max] = [leastFrames / fps, mostFrames / fps].map(rounded) as [number, number];
  return { kind: 'seconds', min, max, fps: rounded(fps) };
};

const expectation = (field: string, input: unknown): Expectation => {
  const rule = requestFields.find((candidate) => candidate.name === field);
  if (!rule) return { kind: 'option', known: requestFields.map(({ name }) => name) };
  if (field === 'duration') {
    const { data } = z.object({ fps: requestSchema.shape.fps }).safeParse(input);
    if (data) return durationsAt(data.fps);
  }
  const { kind, choices, min = 0, max = 0, multipleOf } = rule;
  if (choices) return { kind: 'choice', choices };
  if (kind === 'bytes') return { kind: 'bytes', minBytes: leastBytes };
  if (kind === 'text') return { kind: 'network' };
  const isWhole = kind === 'integer';
  return { kind: 'number', isWhole, min, max, ...(multipleOf !== undefined && { multipleOf }) };
};

/** Says in frames what was said in seconds, and in steps what was said as a quality. */
const resolve = (
  { duration, steps, ...options }: z.output<typeof requestSchema>,
  input: unknown,
): RenderOptions => {
  const resolved = { ...options, steps: steps ?? stepsOf[options.quality] };
  if (duration === undefined) return resolved;
  if ((input as RequestInput).frames !== undefined) {
    throw new GramzoomError('request-fields', { field: 'duration', other: 'frames' });
  }
  const frames = Math.round(duration * options.fps);
  if (frames < leastFrames || frames > mostFrames) {
    const expected = durationsAt(options.fps);
    throw new GramzoomError('request-field', { field: 'duration', expected, received: String(duration) });
  }
  return { ...resolved, frames };
};

/**
 * Checks what a person asked for and fills in the defaults.
 * @throws GramzoomError `request-field` naming the first field that is wrong and what it takes; `request-fields`
 * where two of them exclude each other.
 */
export const parseRequest = (input: unknown): RenderOptions => {
  const result = requestSchema.safeParse(input);
  if (result.success) return resolve(result.data, input);
  const issue = result.error.issues[0];
  const field =
    issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? 'request') : String(issue?.path[0] ?? 'request');
  const value =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[field] : input;
  throw new GramzoomError('request-field', {
    field,
    expected: expectation(field, input),
    received: typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value),
  });
};
