import { describe, expect, it } from 'vitest';
import { entryStates, isLegalEntryMove } from '../../../src/domain/contest/contest.ts';
import { contestPhases, isLegalPhaseMove, isOpen } from '../../../src/domain/contest/phase.ts';

/** From the phase at the left to the one above: `x` may be. */
const phaseTable = `
              draft entering voting closed cancelled
  draft       -     x        -      -      x
  entering    -     -        x      x      x
  voting      -     -        -      x      x
  closed      -     -        x      -      -
  cancelled   -     -        -      -      -
`;

const entryTable = `
                rendering waiting in withdrawn rejected disqualified
  rendering     -         x       x  x         -        -
  waiting       -         -       x  x         x        x
  in            -         -       -  x         -        x
  withdrawn     -         -       -  -         -        -
  rejected      -         -       x  -         -        -
  disqualified  -         -       x  -         -        -
`;

const cellsOf = (table: string): ReadonlyMap<string, boolean> => {
  const [heads = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([from, ...cells]) => heads.map((to, i) => [`${from} -> ${to}`, cells[i] === 'x'] as const)),
  );
};

const everyMove = <T extends string>(states: readonly T[]): readonly (readonly [T, T])[] =>
  states.flatMap((from) => states.map((to) => [from, to] as const));

describe('the phases of a contest', () => {
  it.each(everyMove(contestPhases))('move from %s to %s only where the table says so', (from, to) => {
    expect(isLegalPhaseMove(from, to)).toBe(cellsOf(phaseTable).get(`${from} -> ${to}`));
  });

  it('are open until it is closed or cancelled', () => {
    expect(contestPhases.filter(isOpen)).toEqual(['draft', 'entering', 'voting']);
  });
});

describe('the states of an entry', () => {
  it.each(everyMove(entryStates))('move from %s to %s only where the table says so', (from, to) => {
    expect(isLegalEntryMove(from, to)).toBe(cellsOf(entryTable).get(`${from} -> ${to}`));
  });
});
