import { describe, expect, it } from 'vitest';
import { type SpokenNames, spokenOptions } from '../../commands/spoken-options.ts';
import { kinds } from '../../src/domain/kinds.ts';

const names: SpokenNames = {
  kinds: new Map([['zoom', 'zoom']]),
  fields: (kind) =>
    new Map([
      ...kinds[kind].fields.map(({ name }) => [name.toLowerCase(), name] as const),
      ['größe', 'size'],
    ]),
};
const read = (text: string) => spokenOptions(text, names);

describe('options among words', () => {
  it.each([
    ['size:128 frames:24', { size: 128, frames: 24 }],
    ['my cat, size:128, frames:24!', { size: 128, frames: 24 }],
    ['size:128,frames:24', { size: 128, frames: 24 }],
    ['`size:128 frames:24`', { size: 128, frames: 24 }],
    ['`size:128`, please, and ```frames:24```', { size: 128, frames: 24 }],
    ['(size:128; frames=24)', { size: 128, frames: 24 }],
    ['size: 128 frames = 24', { size: 128, frames: 24 }],
    ['Size 128 FRAMES 24 please', { size: 128, frames: 24 }],
    ['please make size 1000', { size: 1000 }],
    ['größe:64 zoom:1.05.', { size: 64, zoom: 1.05 }],
    ['max_bytes:2 MB and max quality', { maxBytes: '2 MB' }],
    ['max-bytes:"10 MB"', { maxBytes: '10 MB' }],
    ['direction out, quality draft', { direction: 'out', quality: 'draft' }],
    ['size:', { size: '' }],
    ['frames: ?', { frames: '' }],
    ['seed:"7', { seed: 7 }],
    ['colour:red', { colour: 'red' }],
    ['size:128 colour:red', { size: 128, colour: 'red' }],
  ])('options are found in "%s"', (text, options) => {
    expect(read(text).options).toEqual(options);
  });

  it.each([
    '',
    'my cat',
    'see https://example.org/a:b at 12:30',
    'a zoom 10 seconds long',
    'what size? the quality is good',
    'cat: the best of all',
    '🎃🎃 ((( ,,, ;;;',
  ])('no options are found in %j', (text) => {
    expect(read(text)).toEqual({ kind: 'zoom', options: {}, isOrder: false });
  });

  it('tell an order from talk by the options that there are', () => {
    expect(read('note:this').isOrder).toBe(false);
    expect(read('note:this frames:8').isOrder).toBe(true);
  });

  it('options given twice are refused', () => {
    expect(() => read('size:64 größe:128')).toThrow(expect.objectContaining({ code: 'option-twice' }));
  });

  it('are read from very long texts at once', () => {
    expect(read(`${'a-'.repeat(50_000)} size:64`).options).toEqual({ size: 64 });
    expect(read(`${'size '.repeat(20_000)}size:64`).options).toEqual({ size: 64 });
  });
});
