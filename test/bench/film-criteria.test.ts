import { describe, expect, it } from 'vitest';
import { againstGramzoom, verdictsOf } from '../../bench/film-criteria.ts';
import type { FilmFigures, Judgement } from '../../bench/film-figures.ts';
import { type LineName, lineNames } from '../../bench/film-lines.ts';
import { filmLine, headingLine, verdictLines } from '../../bench/film-text.ts';

const judgement = (mean: number, deviation: number): Judgement => ({
  mean,
  deviation,
  every: [mean],
  first: mean,
  middle: mean,
  last: mean,
});
const range = { least: 0.9, most: 1.1, lastOverFirst: 1 };
const shift = { last: 0, worst: 1, worstFrame: 3 };

const evenRatios = Object.fromEntries(lineNames.map((name) => [name, 1])) as Record<LineName, number>;

/** A film that keeps everything. */
const good: FilmFigures = {
  film: { photo: 'cat', label: 'standard', size: 256, frames: 48, seed: 1, network: 'pocket' },
  motion: { least: 0.8, most: 1.2, seamRatio: 1, distances: [] },
  judges: { 'vgg19-16x': judgement(0.2, 0.05) },
  flicker: { warpError: 3, floor: 2, flicker: 1 },
  drift: { colour: shift, spread: shift, contrast: range, gradientEnergy: range },
  lines: { ratios: { ...evenRatios, across: 1.1 }, score: 1, strongest: 'across', others: 1.2, limit: 1.5 },
  cost: {
    seconds: { total: 19, start: 5, frames: 13, encode: 1 },
    evaluations: { start: 100, frames: 92 },
    perFrame: { withStart: 4, alone: 2 },
    msPerEvaluation: 90,
    peakBytes: 400e6,
    fileBytes: 1e6,
    productRate: 250,
  },
};
const misses = (figures: FilmFigures): readonly string[] =>
  verdictsOf([good, figures]).flatMap(({ missed }) => missed);

describe('what films shall keep', () => {
  it('is kept by a good film', () => {
    expect(verdictsOf([good]).map(({ holds }) => holds)).toEqual(Array(6).fill(true));
  });

  it.each<[string, Partial<FilmFigures>, string]>([
    ['a jump at the seam', { motion: { ...good.motion, seamRatio: 1.06 } }, 'cat standard: 1.060'],
    ['a stall', { motion: { ...good.motion, least: 0.7 } }, 'cat standard: 0.70 to 1.20'],
    ['uneven frames', { judges: { 'vgg19-16x': judgement(0.2, 0.11) } }, 'cat standard: vgg19-16x 11 %'],
    ['a line', { lines: { ...good.lines, score: 1.6 } }, 'cat standard: across 1.600 > 1.500'],
    [
      'a slow film',
      { cost: { ...good.cost, seconds: { ...good.cost.seconds, total: 21 } } },
      'cat standard: 21.0 s',
    ],
    ['a large process', { cost: { ...good.cost, peakBytes: 500e6 } }, 'cat standard: 500 MB'],
  ])('is missed by %s, and by which film and how far', (_, change, missed) => {
    expect(misses({ ...good, ...change })).toEqual([missed]);
  });

  it('says nothing of what nobody judged or of times at other sizes', () => {
    const small = { ...good, film: { ...good.film, size: 128 }, judges: {} };
    const verdicts = verdictsOf([small]);
    expect(verdicts.map(({ holds }) => holds)).toEqual([true, true, null, true, null, true]);
    expect(verdictLines(verdicts)[2]).toMatch(/^ {2}- +judge distance/);
  });

  it('includes a thirtieth of the evaluations of gramzoom, and pictures as near', () => {
    const reference = (mean: number, withStart: number): FilmFigures => ({
      ...good,
      judges: { 'vgg19-16x': judgement(mean, 0) },
      cost: { ...good.cost, perFrame: { withStart, alone: 147 } },
    });
    expect(againstGramzoom([good], [reference(0.2, 120)]).holds).toBe(true);
    expect(againstGramzoom([good], [reference(0.19, 119)]).missed).toEqual([
      'cat standard: vgg19-16x 0.2000 > 0.1900, 1/29.8 of the evaluations',
    ]);
    expect(againstGramzoom([good], []).holds).toBeNull();
  });

  it('is printed with one line per film under its headings', () => {
    const line = filmLine(good);
    expect(line).not.toContain('\n');
    for (const [heading, text] of [
      ['seam', '1.000'],
      ['vgg19-16x', '0.200'],
      ['lines', '1.00 <= 1.50'],
      ['MB', '400'],
    ] as const) {
      const at = headingLine().indexOf(heading);
      expect(line.slice(at, at + text.length), heading).toBe(text);
    }
  });
});
