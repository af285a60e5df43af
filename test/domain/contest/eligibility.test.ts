import { describe, expect, it } from 'vitest';
import type { PersonFacts } from '../../../src/domain/contest/contest.ts';
import { doubtsOf, eligibilityProblem } from '../../../src/domain/contest/eligibility.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 9, 31, 12);

const open = { role: null, memberDays: 0, accountDays: 0, takesGuests: true };
const member: PersonFacts = {
  name: 'Ann',
  accountSince: now - 1000 * day,
  memberSince: now - 500 * day,
  roles: [],
  isOutsider: false,
};
const entering = { now, phase: 'entering', phaseSince: now - day, isBanned: false } as const;
const voting = { ...entering, phase: 'voting' } as const;
const cat = { id: '7', name: 'Cat lover' };

describe('who may take part', () => {
  it('is everybody where the rules ask for nothing', () => {
    const newcomer = { ...member, accountSince: now, memberSince: now, isOutsider: true };
    expect(eligibilityProblem(open, newcomer, entering)).toBeNull();
  });

  it('is nobody who is banned', () => {
    expect(eligibilityProblem(open, member, { ...entering, isBanned: true })).toEqual({
      reason: 'banned',
      needs: '',
    });
  });

  it('is no guest where guests are not taken', () => {
    const rules = { ...open, takesGuests: false };
    expect(eligibilityProblem(rules, { ...member, isOutsider: true }, entering)).toEqual({
      reason: 'outsider',
      needs: '',
    });
    expect(eligibilityProblem(rules, member, entering)).toBeNull();
  });

  it('is whoever has the role that the rules ask for', () => {
    const rules = { ...open, role: cat };
    expect(eligibilityProblem(rules, { ...member, roles: ['8'] }, entering)).toEqual({
      reason: 'role',
      needs: 'Cat lover',
    });
    expect(eligibilityProblem(rules, { ...member, roles: ['8', '7'] }, entering)).toBeNull();
  });

  it.each([
    ['account', 'accountSince', 'accountDays'],
    ['member', 'memberSince', 'memberDays'],
  ] as const)(
    'is whoever has been there for the days asked for, to the millisecond: %s',
    (reason, since, days) => {
      const rules = { ...open, [days]: 7 };
      expect(eligibilityProblem(rules, { ...member, [since]: now - 7 * day + 1 }, entering)).toEqual({
        reason,
        needs: '7',
      });
      expect(eligibilityProblem(rules, { ...member, [since]: now - 7 * day }, entering)).toBeNull();
    },
  );

  it('is nobody for voting who came after it had opened', () => {
    const late = { ...member, memberSince: voting.phaseSince + 1 };
    expect(eligibilityProblem(open, late, voting)).toEqual({ reason: 'late', needs: '' });
    expect(eligibilityProblem(open, late, entering)).toBeNull();
    expect(eligibilityProblem(open, { ...member, memberSince: voting.phaseSince }, voting)).toBeNull();
  });

  it('keeps nobody out for what a platform does not tell', () => {
    const unknown = { ...member, accountSince: null, memberSince: null };
    expect(eligibilityProblem({ ...open, accountDays: 365, memberDays: 365 }, unknown, voting)).toBeNull();
  });
});

describe('doubts about a vote', () => {
  const context = { now, announcedAt: now - 7 * day, changes: 0 };

  it('are none about somebody who has been there for long', () => {
    expect(doubtsOf({ accountDays: 7 }, member, context)).toEqual([]);
    expect(doubtsOf({ accountDays: 7 }, { accountSince: null, memberSince: null }, context)).toEqual([]);
  });

  it('are about an account younger than thirty days or three times what the rules ask for', () => {
    const aged = (days: number, accountDays: number) =>
      doubtsOf({ accountDays }, { ...member, accountSince: now - days * day }, context);
    expect(aged(29, 7)).toEqual(['young-account']);
    expect(aged(30, 7)).toEqual([]);
    expect(aged(59, 20)).toEqual(['young-account']);
    expect(aged(60, 20)).toEqual([]);
  });

  it('are about somebody who came once the contest was announced', () => {
    const came = (memberSince: number) => doubtsOf({ accountDays: 7 }, { ...member, memberSince }, context);
    expect(came(context.announcedAt + 1)).toEqual(['joined-late']);
    expect(came(context.announcedAt)).toEqual([]);
  });

  it('are about a ballot changed more than ten times', () => {
    expect(doubtsOf({ accountDays: 7 }, member, { ...context, changes: 11 })).toEqual(['many-changes']);
    expect(doubtsOf({ accountDays: 7 }, member, { ...context, changes: 10 })).toEqual([]);
  });
});
