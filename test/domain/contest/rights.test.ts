import { describe, expect, it } from 'vitest';
import { type ContestRole, contestRoles } from '../../../src/domain/contest/contest.ts';
import { contestRights, hasRight } from '../../../src/domain/contest/rights.ts';

/** Who may do what: `x` may. */
const table = `
                everyone entrant host moderator operator
  start         -        -       -    x         x
  status        x        x       x    x         x
  enter         x        x       x    x         x
  withdraw      -        x       x    x         x
  vote          x        x       x    x         x
  follow        x        x       x    x         x
  report        x        x       x    x         x
  hall          x        x       x    x         x
  review        -        -       x    x         x
  disqualify    -        -       x    x         x
  ban           -        -       x    x         x
  extend        -        -       x    x         x
  close         -        -       x    x         x
  cancel        -        -       x    x         x
  export        -        -       x    x         x
`;

const [roles = [], ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('rights in a contest', () => {
  it('are a table of every right and every role', () => {
    expect(roles).toEqual(contestRoles);
    expect(rows.map(([right]) => right)).toEqual(contestRights);
  });

  for (const right of contestRights) {
    const cells = rows.find(([name]) => name === right)?.slice(1) ?? [];
    it.each(contestRoles.map((role, column) => ({ role, may: cells[column] === 'x' })))(
      `say of ${right} for $role: $may`,
      ({ role, may }) => {
        expect(hasRight([role], right)).toBe(may);
      },
    );
  }

  it('add up for somebody who is several of these', () => {
    const both: readonly ContestRole[] = ['everyone', 'moderator'];
    expect(hasRight(both, 'close')).toBe(true);
    expect(hasRight([], 'status')).toBe(false);
  });
});
