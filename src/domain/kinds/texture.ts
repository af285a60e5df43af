/** The texture: one still picture, grown from noise to what a photo is made of. */
import { z } from 'zod';
import { reportFields } from '../report.ts';
import {
  expectationOf,
  fieldsOf,
  leastSize,
  parseOptions,
  type Quality,
  sharedFields,
  sizeField,
} from '../request.ts';
import { type Kind, pyramidLevels, stateBytesPerPixel } from './kind.ts';

/** Optimisation steps at each level of the pyramid by default. */
export const textureSteps: Readonly<Record<Quality, number>> = { draft: 12, standard: 30, fine: 60 };

const formats = ['png', 'webp'] as const;
const leastSteps = 1;
const mostSteps = 200;

const schema = z.strictObject({
  size: sizeField({ max: 1024, usual: 512 }),
  aspect: sharedFields.aspect,
  quality: sharedFields.quality,
  steps: z
    .int()
    .min(leastSteps)
    .max(mostSteps)
    .optional()
    .meta({ description: 'optimisation steps at each size on the way', byQuality: textureSteps }),
  network: sharedFields.network,
  depth: sharedFields.depth,
  seed: sharedFields.seed,
  maxBytes: sharedFields.maxBytes,
  format: z.enum(formats).default('png').describe('file format'),
});

const requestSchema = schema.extend({
  kind: z.literal('texture'),
  steps: schema.shape.steps.unwrap(),
  seed: schema.shape.seed.unwrap(),
});

const reportSchema = z.object({
  kind: z.literal('texture'),
  ...reportFields,
  seconds: z.object({ total: z.number(), start: z.number(), levels: z.number(), encode: z.number() }),
});

export type TextureRequest = Readonly<z.output<typeof requestSchema>>;
export type TextureOptions = Omit<TextureRequest, 'seed'> & { readonly seed?: number | undefined };
export type TextureReport = Readonly<z.output<typeof reportSchema>>;

const fields = fieldsOf(schema);

/** Checks what a person asked for and fills in the defaults. @throws GramzoomError `request-field` */
export const parseTexture = (input: unknown): TextureOptions => {
  const { steps, ...options } = parseOptions(schema, input, (field) => expectationOf(fields, field));
  return { kind: 'texture', ...options, steps: steps ?? textureSteps[options.quality] };
};

/** A PNG of fine detail hardly gets smaller than its pixels. */
const pngBytesPerPixel = 3;

export const texture = {
  command: 'texture',
  shellCommand: 'texture',
  schema,
  fields,
  formats,
  requestSchema,
  reportSchema,
  unit: 'level',
  moves: false,
  sizes: [512, 768, 1024],
  concessions: [
    ['steps', textureSteps.fine],
    ['size', schema.shape.size.parse(undefined)],
    ['steps', textureSteps.standard],
    ['steps', leastSteps],
    ['size', leastSize],
  ],
  parse: parseTexture,
  units: ({ size }) => pyramidLevels(size),
  storageNeed: ({ size, maxBytes }) => {
    const pixels = size * size;
    const file = pixels * pngBytesPerPixel;
    return { checkpoint: pixels * stateBytesPerPixel, result: Math.min(file, maxBytes ?? file) + file };
  },
} as const satisfies Kind<TextureRequest, TextureOptions>;
