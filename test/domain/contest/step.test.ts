import { describe, expect, it } from 'vitest';
import type { ContestId, EntryId } from '../../../src/domain/contest/contest.ts';
import {
  type ContestStep,
  type ContestStepKind,
  decodeStep,
  encodeStep,
} from '../../../src/domain/contest/step.ts';
import type { JobId } from '../../../src/domain/job.ts';

const contest = '-_aBcDeFgHiJkLmNoPqR01' as ContestId;
const entry = 'zZ-9_aBcDeFgHiJkLmNoPq' as EntryId;
const render = 'rrrrrrrrrrrrrrrrrrrrrr' as JobId;

const steps = {
  status: { kind: 'status', contest },
  choose: { kind: 'choose', contest },
  enter: { kind: 'enter', contest, render },
  withdraw: { kind: 'withdraw', contest, entry },
  ballot: { kind: 'ballot', contest, page: 9999 },
  rank: { kind: 'rank', contest, entry, rank: 3, page: 9999 },
  show: { kind: 'show', contest, entry },
  report: { kind: 'report', contest, entry },
  follow: { kind: 'follow', contest, on: true },
  review: { kind: 'review', contest, position: 9999 },
  approve: { kind: 'approve', contest, entry },
  reject: { kind: 'reject', contest, entry },
  disqualify: { kind: 'disqualify', contest, entry },
  ban: { kind: 'ban', contest, entry },
  unban: { kind: 'unban', contest, entry },
} as const satisfies Record<ContestStepKind, ContestStep>;

describe('a step as a text', () => {
  it.each(Object.values(steps))('is read as the step that it was, and fits into a button: $kind', (step) => {
    const text = encodeStep(step);
    expect(decodeStep(text)).toEqual(step);
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^[\w.-]+$/);
  });

  it('has another text for everything that can be told apart', () => {
    const variants: readonly ContestStep[] = [
      ...Object.values(steps),
      { ...steps.follow, on: false },
      ...([0, 1, 2] as const).map((rank) => ({ ...steps.rank, rank })),
      { ...steps.rank, page: 0 },
      { ...steps.review, position: 0 },
    ];
    expect(new Set(variants.map(encodeStep)).size).toBe(variants.length);
    for (const step of variants) expect(decodeStep(encodeStep(step))).toEqual(step);
  });

  it.each([
    '',
    '.',
    'status',
    'status.',
    'status.abc',
    `status.${contest}.`,
    `status.${contest}.more`,
    `STATUS.${contest}`,
    `constructor.${contest}`,
    `__proto__.${contest}`,
    `toString.${contest}.${entry}`,
    `enter.${contest}`,
    `enter.${contest}.`,
    `enter.${contest}.a b c d`,
    `enter.${contest}.../../etc`,
    `show.${contest}.${'x'.repeat(41)}`,
    `ballot.${contest}.-1`,
    `ballot.${contest}.01`,
    `ballot.${contest}.1e3`,
    `ballot.${contest}.10000`,
    `ballot.${contest}.١`,
    `rank.${contest}.${entry}.4.0`,
    `rank.${contest}.${entry}.-1.0`,
    `rank.${contest}.${entry}.1`,
    `rank.${contest}.${entry}.1.0.0`,
    `rank.${contest}.${entry}.01.0`,
    `follow.${contest}`,
    `follow.${contest}.2`,
    `follow.${contest}.true`,
    `status.${contest}\n`,
    ` status.${contest}`,
    `status.${contest}'; drop table contests; --`,
    'x'.repeat(4000),
  ])('is nothing where it is %j', (text) => {
    expect(decodeStep(text)).toBeUndefined();
  });
});
