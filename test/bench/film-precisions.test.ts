import { describe, expect, it } from 'vitest';
import type { FilmFigures } from '../../bench/film-figures.ts';
import { readFilmOptions } from '../../bench/film-options.ts';
import { comparePrecisions } from '../../bench/film-precisions.ts';
import { precisionLines } from '../../bench/film-text.ts';
import type { Precision } from '../../src/domain/engines.ts';
import { goodFilm, judgement } from '../support/good-film.ts';

const film = (
  photo: string,
  precision: Precision,
  { distance = 0.2, seamRatio = 1, seconds = 19, label = 'standard' } = {},
): FilmFigures => ({
  ...goodFilm,
  film: { ...goodFilm.film, photo, precision, label },
  judges: { 'vgg19-16x': judgement(distance, 0.05) },
  motion: { ...goodFilm.motion, seamRatio },
  cost: { ...goodFilm.cost, seconds: { ...goodFilm.cost.seconds, total: seconds } },
});

const rowsOf = (films: readonly FilmFigures[]) =>
  new Map(comparePrecisions(films)[0]?.rows.map((row) => [row.name, row]));

describe('films in bytes against films in floats', () => {
  it('are compared by means over the photos', () => {
    const row = rowsOf([
      film('cat', 'float', { distance: 0.1 }),
      film('cat', 'int8', { distance: 0.11 }),
      film('cup', 'int8', { distance: 0.3 }),
      film('cup', 'float', { distance: 0.3 }),
    ]).get('vgg19-16x')!;
    expect(row.float).toBeCloseTo(0.2, 12);
    expect(row.int8).toBeCloseTo(0.205, 12);
    expect(row.ratio).toBeCloseTo(1.025, 12);
    expect(row.spread.least).toBeCloseTo(1, 12);
    expect(row.spread.most).toBeCloseTo(1.1, 12);
    expect(row.holds).toBe(true);
  });

  it('may be nearer to the photo by any amount, and farther away by a twentieth', () => {
    const holds = (distance: number) =>
      rowsOf([film('cat', 'float'), film('cat', 'int8', { distance })]).get('vgg19-16x')!.holds;
    expect([0.1, 0.209, 0.211].map(holds)).toEqual([true, true, false]);
  });

  it('keep a seam that is neither wider nor narrower by a twentieth', () => {
    const holds = (seamRatio: number) =>
      rowsOf([film('cat', 'float'), film('cat', 'int8', { seamRatio })]).get('seam ratio')!.holds;
    expect([0.94, 0.96, 1.04, 1.06].map(holds)).toEqual([false, true, true, false]);
  });

  it('are left out where there is no film in the other precision, or nobody judged', () => {
    expect(comparePrecisions([film('cat', 'float'), film('cup', 'int8')])).toEqual([]);
    const films = [film('cat', 'float'), film('cat', 'int8'), film('cup', 'int8', { distance: 9 })];
    expect(comparePrecisions(films)[0]!.photos).toBe(1);
    expect(rowsOf(films).get('vgg19-16x')!.int8).toBeCloseTo(0.2, 12);
    expect(rowsOf(films).has('vgg19-conv3')).toBe(false);
  });

  it('are compared quality by quality, and printed with what was missed', () => {
    const draft = { label: 'draft', seconds: 8 };
    const comparisons = comparePrecisions([
      ...[film('cat', 'float'), film('cat', 'int8', { seconds: 9.4 })],
      ...[film('cat', 'float', draft), film('cat', 'int8', { ...draft, seconds: 4.2 })],
    ]);
    const lines = precisionLines(comparisons);
    expect(lines.filter((line) => line.includes('against'))).toEqual([
      'int8 against float, standard, 1 photo',
      'int8 against float, draft, 1 photo',
    ]);
    const seconds = lines.filter((line) => line.trim().startsWith('seconds'));
    expect(seconds[0]).toMatch(/ 19\.0 +9\.40 +0\.495 .* at most 0\.5: holds$/);
    expect(seconds[1]).toMatch(/ 8\.00 +4\.20 +0\.525 .* at most 0\.5: MISSED$/);
  });

  it('are made as they are asked for, and else as the product chooses', () => {
    expect(readFilmOptions([]).precisions).toEqual(['auto']);
    expect(readFilmOptions(['--precision', 'float,int8']).precisions).toEqual(['float', 'int8']);
    expect(() => readFilmOptions(['--precision', 'float,int4'])).toThrow();
  });
});
