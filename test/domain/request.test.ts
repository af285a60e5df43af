import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/domain/expectation.ts';
import { zoom, zoomSteps } from '../../src/domain/kinds/zoom.ts';
import { kindNames, parseRequest, renderRequestSchema } from '../../src/domain/kinds.ts';
import { fieldRule, qualities } from '../../src/domain/request.ts';

const refused = (field: string, expected: Expectation) =>
  expect.objectContaining({ code: 'request-field', data: expect.objectContaining({ field, expected }) });

const whole = (min: number, max: number) => ({ kind: 'number', isWhole: true, min, max }) as const;
const fractional = (min: number, max: number): Expectation => ({ ...whole(min, max), isWhole: false });
const side: Expectation = { ...whole(64, 512), multipleOf: 16 };
const oneOf = (...choices: readonly string[]): Expectation => ({ kind: 'choice', choices });
const aSize: Expectation = { kind: 'bytes', minBytes: 20_000 };
const options: Expectation = { kind: 'option', known: zoom.fields.map(({ name }) => name) };

describe('a request', () => {
  it('is complete but for the seed where nothing is asked for', () => {
    expect(parseRequest({})).toEqual({
      kind: 'zoom',
      size: 256,
      aspect: 'square',
      frames: 48,
      fps: 20,
      zoom: 1.03,
      direction: 'in',
      quality: 'standard',
      steps: 3,
      network: 'pocket',
      depth: 'style',
      format: 'gif',
    });
  });

  it('is a zoom where it was stored before there were kinds', () => {
    const { kind: _, ...old } = { ...parseRequest({ size: 128 }), seed: 7 };
    expect(renderRequestSchema.parse(old)).toEqual({ kind: 'zoom', ...old });
  });

  it('is refused where it names a kind that there is not', () => {
    const kinds: Expectation = { kind: 'choice', choices: kindNames };
    expect(() => parseRequest({ kind: 'opera' })).toThrow(refused('kind', kinds));
  });

  it('keeps what was asked for', () => {
    const asked = {
      ...{ size: 128, frames: 30, fps: 25, zoom: 1.05, direction: 'out', steps: 9, network: 'vgg-19' },
      ...{ aspect: 'photo', quality: 'fine' },
      ...{ depth: 'texture', seed: 0, maxBytes: 20_000, format: 'mp4' },
    };
    expect(parseRequest(asked)).toEqual({ kind: 'zoom', ...asked });
    expect(parseRequest({ kind: 'zoom', ...asked })).toEqual({ kind: 'zoom', ...asked });
  });

  it.each([
    ['size', 64, 512],
    ['frames', 8, 240],
    ['zoom', 1.005, 1.2],
    ['steps', 1, 40],
    ['seed', 0, 2 ** 32 - 1],
  ] as const)('takes %s from %d to %d and nothing beyond', (field, min, max) => {
    const step = field === 'size' ? 16 : field === 'zoom' ? 0.001 : 1;
    expect(parseRequest({ [field]: min })).toHaveProperty(field, min);
    expect(parseRequest({ [field]: max })).toHaveProperty(field, max);
    for (const beyond of [min - step, max + step]) {
      expect(() => parseRequest({ [field]: beyond })).toThrow(
        expect.objectContaining({ data: expect.objectContaining({ field }) }),
      );
    }
  });

  it.each<[string, unknown, Expectation]>([
    ['size', 100, side],
    ['size', '256', side],
    ['size', Number.NaN, side],
    ['frames', 12.5, whole(8, 240)],
    ['zoom', 0.9, fractional(1.005, 1.2)],
    ['zoom', Number.POSITIVE_INFINITY, fractional(1.005, 1.2)],
    ['fps', 0, fractional(1, 50)],
    ['direction', 'sideways', oneOf('in', 'out')],
    ['aspect', 'wide', oneOf('square', 'photo')],
    ['quality', 'best', oneOf('draft', 'standard', 'fine')],
    ['format', 'bmp', oneOf('gif', 'webp', 'mp4', 'png')],
    ['network', '../../etc/passwd', { kind: 'network' }],
    ['network', '', { kind: 'network' }],
    ['depth', 'deep', oneOf('texture', 'style', 'scene')],
    ['seed', -1, whole(0, 4_294_967_295)],
    ['maxBytes', 'lots', aSize],
    ['maxBytes', '19kB', aSize],
    ['maxBytes', 10, aSize],
    ['colour', 'red', options],
  ])('is refused where %s is %j, with what it takes', (field, value, expected) => {
    expect(() => parseRequest({ [field]: value })).toThrow(refused(field, expected));
  });

  it.each([null, undefined, 'cat.jpg', 5, []])('is refused where it is %j', (value) => {
    expect(() => parseRequest(value)).toThrow(expect.objectContaining({ code: 'request-field' }));
  });

  it('says what it was given', () => {
    expect(() => parseRequest({ zoom: 'much' })).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ received: 'much' }) }),
    );
  });

  it.each([
    [20, 20],
    [24, 25],
    [50, 50],
    [30, 100 / 3],
    [1, 1],
    [12, 12.5],
  ])('gets the nearest rate that a GIF can hold: %d becomes %d', (asked, given) => {
    expect(parseRequest({ fps: asked }).fps).toBe(given);
  });

  it('gets the same rate when it is parsed again, as it crosses processes', () => {
    for (let fps = 1; fps <= 50; fps++) {
      const once = parseRequest({ fps });
      expect(parseRequest(once)).toEqual(once);
    }
  });

  it.each([
    ['10MB', 10_000_000],
    ['8 MiB', 8_388_608],
    [500_000, 500_000],
  ])('reads a budget of %s', (maxBytes, bytes) => {
    expect(parseRequest({ maxBytes }).maxBytes).toBe(bytes);
  });
});

describe('a duration', () => {
  it.each([
    [{ duration: 2 }, 40],
    [{ duration: 2, fps: 10 }, 20],
    [{ duration: 1.99 }, 40],
    [{ duration: 2.4 }, 48],
    [{ duration: 13, fps: 10.1 }, 130],
    // The rate that a GIF can hold is what counts: 100/3 for 30.
    [{ duration: 3, fps: 30 }, 100],
    [{ duration: 0.16, fps: 50 }, 8],
    [{ duration: 240, fps: 1 }, 240],
  ])('becomes frames: %j', (input, frames) => {
    const request = parseRequest(input);
    expect(request.frames).toBe(frames);
    expect(request).not.toHaveProperty('duration');
    expect(parseRequest(request)).toEqual(request);
  });

  it.each([
    [{ duration: 0.3 }, { kind: 'seconds', min: 0.4, max: 12, fps: 20 }],
    [{ duration: 13 }, { kind: 'seconds', min: 0.4, max: 12, fps: 20 }],
    [
      { duration: 8, fps: 30 },
      { kind: 'seconds', min: 0.24, max: 7.2, fps: 33.33 },
    ],
    [{ duration: 1000 }, { kind: 'seconds', min: 0.4, max: 12, fps: 20 }],
    [
      { duration: -1, fps: 50 },
      { kind: 'seconds', min: 0.16, max: 4.8, fps: 50 },
    ],
    [{ duration: 'long' }, { kind: 'seconds', min: 0.4, max: 12, fps: 20 }],
    [{ duration: Number.NaN, fps: 'fast' }, fractional(0.16, 240)],
  ] as const)('is refused with the seconds that do, at the rate that is asked for: %j', (input, expected) => {
    const data = { field: 'duration', expected, received: String(input.duration) };
    expect(() => parseRequest(input)).toThrow(expect.objectContaining({ code: 'request-field', data }));
  });

  it('is refused beside frames, even where both say the same', () => {
    for (const frames of [20, 48]) {
      expect(() => parseRequest({ duration: 2.4, frames })).toThrow(
        expect.objectContaining({ code: 'request-fields', data: { field: 'duration', other: 'frames' } }),
      );
    }
  });
});

describe('the steps of a frame', () => {
  it('follow from the quality', () => {
    for (const quality of qualities) expect(parseRequest({ quality }).steps).toBe(zoomSteps[quality]);
    expect(zoomSteps.draft).toBeLessThan(zoomSteps.standard);
    expect(zoomSteps.standard).toBeLessThan(zoomSteps.fine);
  });

  it('are those that are asked for, at any quality', () => {
    for (const quality of qualities) {
      expect(parseRequest({ quality, steps: 3 })).toMatchObject({ quality, steps: 3 });
    }
  });
});

describe('a request as it is stored', () => {
  const stored = { ...parseRequest({}), seed: 7 };

  it('is read as it was written', () => {
    expect(renderRequestSchema.parse(stored)).toEqual(stored);
  });

  it('may be from before there were shapes and qualities, when there was a motion: its steps count', () => {
    const { aspect: _, quality: __, ...older } = { ...stored, steps: 6, motion: 'morph' };
    expect(renderRequestSchema.parse(older)).toEqual({ ...stored, steps: 6 });
  });

  it('says its steps, its seed and its frames itself', () => {
    const { steps: _, ...withoutSteps } = stored;
    const { seed: __, ...withoutSeed } = stored;
    for (const wrong of [withoutSteps, withoutSeed, { ...stored, duration: 2 }]) {
      expect(renderRequestSchema.safeParse(wrong).success).toBe(false);
    }
  });
});

describe('the rules of the fields', () => {
  it('cover every field, each with a description', () => {
    expect(zoom.fields.map((field) => field.name)).toEqual([
      ...['size', 'aspect', 'frames', 'duration', 'fps', 'zoom', 'direction', 'quality', 'steps'],
      ...['network', 'depth', 'seed', 'maxBytes', 'format'],
    ]);
    expect(zoom.fields.every((field) => field.description.length > 0)).toBe(true);
  });

  it('say what forms and help need', () => {
    expect(fieldRule(zoom.fields, 'size')).toMatchObject({
      kind: 'integer',
      default: 256,
      min: 64,
      max: 512,
      multipleOf: 16,
    });
    expect(fieldRule(zoom.fields, 'zoom')).toMatchObject({
      kind: 'number',
      default: 1.03,
      min: 1.005,
      max: 1.2,
    });
    expect(fieldRule(zoom.fields, 'direction')).toMatchObject({
      kind: 'choice',
      choices: ['in', 'out'],
      default: 'in',
    });
    expect(fieldRule(zoom.fields, 'quality')).toMatchObject({
      kind: 'choice',
      choices: ['draft', 'standard', 'fine'],
      default: 'standard',
    });
    expect(fieldRule(zoom.fields, 'duration')).toMatchObject({ kind: 'number', min: 0.16, max: 240 });
    expect(fieldRule(zoom.fields, 'maxBytes').kind).toBe('bytes');
    expect(fieldRule(zoom.fields, 'network')).toMatchObject({ kind: 'text', default: 'pocket' });
    for (const name of ['seed', 'steps', 'duration'] as const) {
      expect(fieldRule(zoom.fields, name)).not.toHaveProperty('default');
    }
  });

  it('have defaults that are valid', () => {
    const defaults = zoom.fields.filter((field) => field.default !== undefined);
    expect(parseRequest(Object.fromEntries(defaults.map((field) => [field.name, field.default])))).toEqual(
      parseRequest({}),
    );
  });
});
