import type { ContestFacts } from '../../src/domain/contest/post.ts';
import type { ContestRules } from '../../src/domain/contest/rules.ts';

export const contestRules = (changes: Partial<ContestRules> = {}): ContestRules => ({
  theme: 'Scariest cat',
  entriesPerPerson: 1,
  needsApproval: false,
  isAnonymous: true,
  role: null,
  memberDays: 0,
  accountDays: 7,
  takesGuests: false,
  prize: null,
  fixed: { size: null, frames: null, network: null },
  ...changes,
});

/** A contest of Halloween 2026 in Berlin, as people are told of it. */
export const contestFacts = (changes: Partial<ContestFacts> = {}): ContestFacts => ({
  rules: contestRules(),
  phase: 'entering',
  hostName: 'Ada',
  zone: 'Europe/Berlin',
  enterFrom: { at: Date.UTC(2026, 9, 23, 22), wall: '2026-10-24T00:00' },
  enterUntil: { at: Date.UTC(2026, 9, 31, 17), wall: '2026-10-31T18:00' },
  voteUntil: { at: Date.UTC(2026, 10, 1, 17), wall: '2026-11-01T18:00' },
  entries: 0,
  voters: 0,
  ...changes,
});
