import { describe, expect, it } from 'vitest';
import { fieldRule, parseRequest, requestFields } from '../../src/domain/request.ts';

const refused = (field: string, expected: RegExp) =>
  expect.objectContaining({
    code: 'request-field',
    data: expect.objectContaining({ field, expected: expect.stringMatching(expected) }),
  });

describe('a request', () => {
  it('is complete but for the seed where nothing is asked for', () => {
    expect(parseRequest({})).toEqual({
      size: 256,
      frames: 48,
      fps: 20,
      zoom: 1.03,
      direction: 'in',
      steps: 6,
      network: 'pocket',
      format: 'gif',
    });
  });

  it('keeps what was asked for', () => {
    const asked = {
      ...{ size: 128, frames: 30, fps: 25, zoom: 1.05, direction: 'out', steps: 9, network: 'vgg-19' },
      ...{ seed: 0, maxBytes: 20_000, format: 'mp4' },
    };
    expect(parseRequest(asked)).toEqual(asked);
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
      expect(() => parseRequest({ [field]: beyond })).toThrow(refused(field, /from/));
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['size', 100, /a multiple of 16 from 64 to 512/],
    ['size', '256', /a multiple of 16/],
    ['size', Number.NaN, /a multiple of 16/],
    ['frames', 12.5, /a whole number from 8 to 240/],
    ['zoom', 0.9, /a number from 1\.005 to 1\.2/],
    ['zoom', Number.POSITIVE_INFINITY, /a number/],
    ['fps', 0, /a number from 1 to 50/],
    ['direction', 'sideways', /one of in, out/],
    ['format', 'bmp', /one of gif, webp, mp4, png/],
    ['network', '../../etc/passwd', /network's name/],
    ['network', '', /network's name/],
    ['seed', -1, /a whole number from 0 to 4294967295/],
    ['maxBytes', 'lots', /10MB/],
    ['maxBytes', '19kB', /20kB/],
    ['maxBytes', 10, /20kB/],
    ['colour', 'red', /one of size, frames, fps/],
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

describe('the rules of the fields', () => {
  it('cover every field, each with a description', () => {
    expect(requestFields.map((field) => field.name)).toEqual([
      ...['size', 'frames', 'fps', 'zoom', 'direction', 'steps', 'network', 'seed', 'maxBytes', 'format'],
    ]);
    expect(requestFields.every((field) => field.description.length > 0)).toBe(true);
  });

  it('say what forms and help need', () => {
    expect(fieldRule('size')).toMatchObject({
      kind: 'integer',
      default: 256,
      min: 64,
      max: 512,
      multipleOf: 16,
    });
    expect(fieldRule('zoom')).toMatchObject({ kind: 'number', default: 1.03, min: 1.005, max: 1.2 });
    expect(fieldRule('direction')).toMatchObject({ kind: 'choice', choices: ['in', 'out'], default: 'in' });
    expect(fieldRule('maxBytes').kind).toBe('bytes');
    expect(fieldRule('network')).toMatchObject({ kind: 'text', default: 'pocket' });
    expect(fieldRule('seed')).not.toHaveProperty('default');
  });

  it('have defaults that are valid', () => {
    const defaults = requestFields.filter((field) => field.default !== undefined);
    expect(parseRequest(Object.fromEntries(defaults.map((field) => [field.name, field.default])))).toEqual(
      parseRequest({}),
    );
  });
});
