/** What can be asked of a render of any kind, and how raw options are read. Each kind has a schema in `kinds/`. */
import { z } from 'zod';
import { parseBytes } from './bytes.ts';
import { GramzoomError } from './errors.ts';
import type { Expectation } from './expectation.ts';

export const outputFormats = ['gif', 'webp', 'mp4', 'png'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** How much time a render may take; each kind says what that means. */
export const qualities = ['draft', 'standard', 'fine'] as const;
export type Quality = (typeof qualities)[number];

/** How deep a render looks into a network: which of its layers' Gram matrices count. */
export const depths = ['texture', 'style', 'scene'] as const;
export type Depth = (typeof depths)[number];

export const aspects = ['square', 'photo'] as const;

/** Sizes are multiples of this, so that every octave halves evenly, and every pooling of the first. */
export const sizeMultiple = 16;
/** Sides are at least this long, in pixels. */
export const leastSize = 64;
const leastBytes = 20_000;

/** The side of what is made, in pixels. */
export const sizeField = ({ max, usual }: { readonly max: number; readonly usual: number }) =>
  z
    .int()
    .min(leastSize)
    .max(max)
    .multipleOf(sizeMultiple)
    .default(usual)
    .describe('width and height in pixels; with aspect photo, the same area');

export const networkName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);

/** Fields that are the same in every kind. */
export const sharedFields = {
  aspect: z.enum(aspects).default('square').describe("shape: square, or the photo's"),
  quality: z.enum(qualities).default('standard').describe('how much time rendering may take'),
  network: networkName.default('pocket').describe('network whose features are matched'),
  depth: z.enum(depths).default('style').describe('how recognisable the photo stays'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('seed for everything random; the same seed gives the same result'),
  maxBytes: z
    .union([z.int(), z.string().transform((text) => parseBytes(text) ?? Number.NaN)])
    .pipe(z.int().min(leastBytes))
    .optional()
    .describe('size limit of the file, such as 10MB'),
} as const;

/** The name of a field that every kind has. */
export type SharedField = keyof typeof sharedFields | 'size' | 'format';

/** What one field takes, for help, forms and errors. */
export type FieldRule = {
  readonly name: string;
  readonly kind: 'integer' | 'number' | 'choice' | 'text' | 'bytes';
  readonly description: string;
  readonly default?: string | number;
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
  readonly choices?: readonly string[];
  /** Of a text. */
  readonly maxLetters?: number;
  /** Whether it cannot be left out. */
  readonly isRequired?: boolean;
  /** What a text means, where a platform has something better than a text for it. */
  readonly takes?: 'moment' | 'zone' | 'role';
  /** What it is without being asked for, by quality. */
  readonly byQuality?: Readonly<Record<Quality, number>>;
};

type JsonProperty = Omit<Partial<FieldRule>, 'kind'> & {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly unknown[];
};

const kindOf = (property: JsonProperty): FieldRule['kind'] => {
  if (property.anyOf) return 'bytes';
  if (property.enum) return 'choice';
  if (property.type === 'integer' || property.type === 'number') return property.type;
  return 'text';
};

/** A schema's fields as plain data, in the order in which people should see them. */
export const fieldsOf = (schema: z.ZodObject): readonly FieldRule[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, raw]) => {
    const property = raw as JsonProperty;
    const { minimum, maximum, maxLength, multipleOf = 1, byQuality, takes } = property;
    return {
      name,
      kind: kindOf(property),
      description: property.description ?? '',
      ...(property.default !== undefined && { default: property.default }),
      ...(minimum !== undefined && { min: minimum }),
      ...(maximum !== undefined && { max: maximum }),
      ...(multipleOf > 1 && { multipleOf }),
      ...(property.enum && { choices: property.enum }),
      ...(maxLength !== undefined && { maxLetters: maxLength }),
      ...(required.includes(name) && { isRequired: true }),
      ...(takes && { takes }),
      ...(byQuality && { byQuality }),
    };
  });
};

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A typed text as the schema takes it; what is no number stays text, for the schema to refuse. */
export const rawValue = (rule: Pick<FieldRule, 'kind'> | undefined, text: string): string | number =>
  (rule?.kind === 'integer' || rule?.kind === 'number') && decimal.test(text.trim()) ? Number(text) : text;

/** The rule of one of the fields. @throws GramzoomError `internal` where there is no such field */
export const fieldRule = (fields: readonly FieldRule[], name: string): FieldRule => {
  const rule = fields.find((field) => field.name === name);
  if (!rule) throw new GramzoomError('internal', { reason: `no field ${name}` });
  return rule;
};

/** What a field takes, for the sentence that refuses another value. */
export const expectationOf = (
  fields: readonly Omit<FieldRule, 'description'>[],
  field: string,
): Expectation => {
  const rule = fields.find((candidate) => candidate.name === field);
  if (!rule) return { kind: 'option', known: fields.map(({ name }) => name) };
  const { kind, choices, min = 0, max = 0, multipleOf, maxLetters, takes } = rule;
  if (choices) return { kind: 'choice', choices };
  if (kind === 'bytes') return { kind: 'bytes', minBytes: leastBytes };
  if (takes === 'moment' || takes === 'zone') return { kind: takes };
  if (kind === 'text')
    return maxLetters === undefined ? { kind: 'network' } : { kind: 'text', max: maxLetters };
  const isWhole = kind === 'integer';
  return { kind: 'number', isWhole, min, max, ...(multipleOf !== undefined && { multipleOf }) };
};

/**
 * Checks raw options against a schema.
 * @param expected what a field takes
 * @throws GramzoomError `request-field` naming the first field that is wrong and what it takes
 */
export const parseOptions = <Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  expected: (field: string) => Expectation,
): z.output<Schema> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field =
    issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? 'request') : String(issue?.path[0] ?? 'request');
  const value = typeof input === 'object' && input !== null ? Reflect.get(input, field) : input;
  throw new GramzoomError('request-field', {
    field,
    expected: expected(field),
    received:
      typeof value === 'string' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? ''),
  });
};
