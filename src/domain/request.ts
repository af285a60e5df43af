import { z } from 'zod';
import { parseBytes } from './bytes.ts';
import { GramzoomError } from './errors.ts';

export const outputFormats = ['gif', 'webp', 'mp4', 'png'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** GIF delays are whole centiseconds, so every film runs at 100/n frames a second, n >= 2. */
export const delayCentiseconds = (fps: number): number => Math.max(2, Math.round(100 / fps));

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
    .describe('side of the square film, in pixels'),
  frames: z.int().min(8).max(240).default(48).describe('frames in the loop'),
  fps: z
    .number()
    .min(1)
    .max(50)
    .default(20)
    .transform((fps) => 100 / delayCentiseconds(fps))
    .describe('frames per second (the nearest 100/n)'),
  zoom: z.number().min(1.005).max(1.2).default(1.03).describe('enlargement from one frame to the next'),
  direction: z.enum(['in', 'out']).default('in').describe('which way the film zooms'),
  steps: z.int().min(1).max(40).default(6).describe('optimisation steps per frame'),
  network: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/)
    .default('pocket')
    .describe('network whose features are matched'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('number that decides all that is random; the same seed gives the same film'),
  maxBytes: z
    .union([z.int(), z.string().transform((text) => parseBytes(text) ?? Number.NaN)])
    .pipe(z.int().min(20_000))
    .optional()
    .describe('largest file that will do, such as 10MB'),
  format: z.enum(outputFormats).default('gif').describe('kind of file'),
});

/** A request as a person makes it: everything may be left out. */
export type RequestInput = z.input<typeof requestSchema>;
/** A request with its defaults filled in. */
export type RenderOptions = z.output<typeof requestSchema>;
/** A request that says everything: the seed has been drawn. */
export type RenderRequest = RenderOptions & { readonly seed: number };

export type RequestField = keyof RenderOptions;

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

const expectation = (field: string): string => {
  const rule = requestFields.find((candidate) => candidate.name === field);
  if (!rule) return `one of ${requestFields.map((candidate) => candidate.name).join(', ')}`;
  if (rule.choices) return `one of ${rule.choices.join(', ')}`;
  if (rule.kind === 'bytes') return 'a size such as 10MB or 8MiB, at least 20kB';
  if (rule.kind === 'text') return "a network's name";
  const noun = rule.multipleOf
    ? `a multiple of ${rule.multipleOf}`
    : rule.kind === 'integer'
      ? 'a whole number'
      : 'a number';
  return `${noun} from ${rule.min} to ${rule.max}`;
};

/**
 * Checks what a person asked for and fills in the defaults.
 * @throws GramzoomError `request-field` naming the first field that is wrong and what it takes.
 */
export const parseRequest = (input: unknown): RenderOptions => {
  const result = requestSchema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field =
    issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? 'request') : String(issue?.path[0] ?? 'request');
  const value =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[field] : input;
  throw new GramzoomError('request-field', {
    field,
    expected: expectation(field),
    received: typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value),
  });
};
