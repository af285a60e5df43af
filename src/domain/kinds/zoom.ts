/** The endless zoom: frame after frame, the last leading back into the first. What only films have is here. */
import { z } from 'zod';
import { GramzoomError } from '../errors.ts';
import type { Expectation } from '../expectation.ts';
import { reportFields } from '../report.ts';
import {
  expectationOf,
  fieldsOf,
  leastSize,
  outputFormats,
  parseOptions,
  type Quality,
  sharedFields,
  sizeField,
} from '../request.ts';
import { type Kind, stateBytesPerPixel } from './kind.ts';

/** GIF delays are whole centiseconds, so every film runs at 100/n frames a second, n >= 2. */
export const delayCentiseconds = (fps: number): number => Math.max(2, Math.round(100 / fps));

/** Optimisation steps per frame by default. */
export const zoomSteps: Readonly<Record<Quality, number>> = { draft: 1, standard: 3, fine: 6 };

const leastFrames = 8;
const mostFrames = 240;
const leastSteps = 1;
const leastFps = 1;
const mostFps = 50;

/**
 * What a person can ask for: defaults, limits, units and help live here and nowhere else. The command
 * line's flags, slash options, form fields, help and validation are all derived from it.
 */
const schema = z.strictObject({
  size: sizeField({ max: 512, usual: 256 }),
  aspect: sharedFields.aspect,
  frames: z.int().min(leastFrames).max(mostFrames).default(48).describe('frames in the loop'),
  duration: z
    .number()
    .min(leastFrames / mostFps)
    .max(mostFrames / leastFps)
    .optional()
    .describe('length of the loop in seconds, instead of frames'),
  fps: z
    .number()
    .min(leastFps)
    .max(mostFps)
    .default(20)
    .transform((fps) => 100 / delayCentiseconds(fps))
    .describe('frames per second, rounded to the nearest 100/n'),
  zoom: z.number().min(1.005).max(1.2).default(1.03).describe('enlargement from one frame to the next'),
  direction: z.enum(['in', 'out']).default('in').describe('whether the film zooms in or out'),
  quality: sharedFields.quality,
  steps: z
    .int()
    .min(leastSteps)
    .max(40)
    .optional()
    .meta({ description: 'optimisation steps per frame', byQuality: zoomSteps }),
  network: sharedFields.network,
  depth: sharedFields.depth,
  seed: sharedFields.seed,
  maxBytes: sharedFields.maxBytes,
  format: z.enum(outputFormats).default('gif').describe('file format'),
});

/** How many photos a film goes through at most. */
export const mostPhotos = 3;

/** A photo besides the render's own: its blob, and the first render of it (see `PhotoSource`). */
const furtherPhoto = z.strictObject({ photo: z.string().regex(/^[0-9a-f]{64}$/), root: z.string().min(1) });

/** A request that says everything, as it is stored and handed to the renderer: the seed has been drawn. */
const requestSchema = schema.omit({ duration: true }).extend({
  kind: z.literal('zoom'),
  steps: schema.shape.steps.unwrap(),
  seed: schema.shape.seed.unwrap(),
  /** Photos that the film goes through after its own, in this order, before it leads back. Nobody can ask for it. */
  through: z.exactOptional(
    z
      .array(furtherPhoto)
      .min(1)
      .max(mostPhotos - 1)
      .readonly(),
  ),
});

const reportSchema = z.object({
  kind: z.literal('zoom'),
  ...reportFields,
  frames: z.int().positive(),
  fps: z.number().positive(),
  /** Enlargement per written frame. */
  zoom: z.number().positive(),
  direction: z.enum(['in', 'out']),
  /** d_(N-1) / median(d_0..d_(N-2)) over the frames as encoded; null for a single picture. */
  seamRatio: z.number().nullable(),
  seconds: z.object({ total: z.number(), start: z.number(), frames: z.number(), encode: z.number() }),
});

/** A request as a person makes it: everything may be left out. */
export type ZoomInput = z.input<typeof schema>;
export type ZoomRequest = Readonly<z.output<typeof requestSchema>>;
export type ZoomReport = Readonly<z.output<typeof reportSchema>>;
/** A request with its defaults filled in; the seed only where it was named. */
export type ZoomOptions = Omit<ZoomRequest, 'seed'> & { readonly seed?: number | undefined };

const fields = fieldsOf(schema);

/** The seconds that a loop can take at a frame rate. */
const durationsAt = (fps: number): Expectation => {
  const rounded = (value: number): number => Number(value.toFixed(2));
  const [min, max] = [leastFrames / fps, mostFrames / fps].map(rounded) as [number, number];
  return { kind: 'seconds', min, max, fps: rounded(fps) };
};

/**
 * Checks what a person asked for and fills in the defaults: says in frames what was said in seconds, and in steps what
 * was said as a quality.
 * @throws GramzoomError `request-field` naming the first field that is wrong and what it takes; `request-fields`
 * where two of them exclude each other.
 */
export const parseZoom = (input: unknown): ZoomOptions => {
  const parsed = parseOptions(schema, input, (field) => {
    const fps = field === 'duration' && z.object({ fps: schema.shape.fps }).safeParse(input).data?.fps;
    return fps ? durationsAt(fps) : expectationOf(fields, field);
  });
  const { duration, steps, ...options } = parsed;
  const resolved = { kind: 'zoom', ...options, steps: steps ?? zoomSteps[options.quality] } as const;
  if (duration === undefined) return resolved;
  if ((input as ZoomInput).frames !== undefined) {
    throw new GramzoomError('request-fields', { field: 'duration', other: 'frames' });
  }
  const frames = Math.round(duration * options.fps);
  if (frames < leastFrames || frames > mostFrames) {
    const expected = durationsAt(options.fps);
    throw new GramzoomError('request-field', { field: 'duration', expected, received: String(duration) });
  }
  return { ...resolved, frames };
};

/** At most so many frames come before the film and are kept with it. */
const mostLeadInFrames = 24;
/** Of a film, in the format that takes most. */
const filmBytesPerPixel = 1;

export const zoom = {
  command: 'gramzoom',
  shellCommand: 'render',
  schema,
  fields,
  formats: outputFormats,
  requestSchema,
  reportSchema,
  unit: 'frame',
  moves: true,
  sizes: [256, 384, 512],
  // Steps beyond the finest quality show least.
  concessions: [
    ['steps', zoomSteps.fine],
    ['frames', schema.shape.frames.parse(undefined)],
    ['steps', zoomSteps.standard],
    ['size', schema.shape.size.parse(undefined)],
    ['frames', leastFrames],
    ['steps', leastSteps],
    ['size', leastSize],
  ],
  parse: parseZoom,
  units: ({ frames }) => frames,
  storageNeed: ({ size, frames, maxBytes }) => {
    const pixels = size * size;
    const film = frames * pixels * filmBytesPerPixel;
    return {
      checkpoint: (frames + mostLeadInFrames + 1) * pixels * 3 + pixels * stateBytesPerPixel,
      result: Math.min(film, maxBytes ?? film) + 3 * pixels,
    };
  },
} as const satisfies Kind<ZoomRequest, ZoomOptions>;
