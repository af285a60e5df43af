import { describe, expect, it } from 'vitest';
import { againstGramzoom, verdictsOf } from '../../bench/film-criteria.ts';
import type { FilmFigures } from '../../bench/film-figures.ts';
import { filmLine, headingLine, verdictLines } from '../../bench/film-text.ts';
import { goodFilm as good, judgement } from '../support/good-film.ts';

const misses = (figures: FilmFigures): readonly string[] =>
  verdictsOf([good, figures]).flatMap(({ missed }) => missed);

describe('what films shall keep', () => {
  it('is kept by a good film', () => {
    expect(verdictsOf([good]).map(({ holds }) => holds)).toEqual(Array(6).fill(true));
  });

  it.each<[string, Partial<FilmFigures>, string]>([
    ['a jump at the seam', { motion: { ...good.motion, seamRatio: 1.06 } }, 'cat standard float: 1.060'],
    ['a stall', { motion: { ...good.motion, least: 0.7 } }, 'cat standard float: 0.70 to 1.20'],
    [
      'uneven frames',
      { judges: { 'vgg19-16x': judgement(0.2, 0.11) } },
      'cat standard float: vgg19-16x 11 %',
    ],
    ['a line', { lines: { ...good.lines, score: 1.6 } }, 'cat standard float: across 1.600 > 1.500'],
    [
      'a slow film',
      { cost: { ...good.cost, seconds: { ...good.cost.seconds, total: 21 } } },
      'cat standard float: 21.0 s',
    ],
    ['a large process', { cost: { ...good.cost, peakBytes: 500e6 } }, 'cat standard float: 500 MB'],
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
      'cat standard float: vgg19-16x 0.2000 > 0.1900, 1/29.8 of the evaluations',
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
