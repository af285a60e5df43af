/** Who may take part in a contest. */
import type { PersonFacts, VoteDoubt } from './contest.ts';
import type { EligibilityProblem } from './eligibility-problem.ts';
import type { ContestPhase } from './phase.ts';
import type { ContestRules } from './rules.ts';

const dayMs = 24 * 60 * 60 * 1000;

type Rules = Pick<ContestRules, 'role' | 'memberDays' | 'accountDays' | 'takesGuests'>;

const isYounger = (since: number | null, days: number, now: number): boolean =>
  since !== null && since > now - days * dayMs;

/**
 * Why somebody may not enter or vote; null if they may. What a platform does not tell of them keeps nobody out.
 * Instants are in milliseconds since 1970.
 * @returns `needs`: a number of days, or a role's name, as the error `contest-not-eligible` has it
 */
export const eligibilityProblem = (
  { role, memberDays, accountDays, takesGuests }: Rules,
  person: PersonFacts,
  {
    now,
    phase,
    phaseSince,
    isBanned,
  }: {
    readonly now: number;
    readonly phase: ContestPhase;
    readonly phaseSince: number;
    readonly isBanned: boolean;
  },
): { readonly reason: EligibilityProblem; readonly needs: string } | null => {
  if (isBanned) return { reason: 'banned', needs: '' };
  if (person.isOutsider && !takesGuests) return { reason: 'outsider', needs: '' };
  if (role && !person.roles.includes(role.id)) return { reason: 'role', needs: role.name };
  if (isYounger(person.accountSince, accountDays, now)) {
    return { reason: 'account', needs: String(accountDays) };
  }
  if (isYounger(person.memberSince, memberDays, now)) return { reason: 'member', needs: String(memberDays) };
  if (phase === 'voting' && person.memberSince !== null && person.memberSince > phaseSince) {
    return { reason: 'late', needs: '' };
  }
  return null;
};

/** An account younger than that, or than three times what the rules ask for, is doubtful. */
const doubtfulAccountDays = 30;
/** Who changes a ballot more often than that may be trying out what counts. */
const usualChanges = 10;

/**
 * Why a vote may not be honest: it counts, and the host is shown it.
 * @param context `announcedAt`: when the contest was announced, in milliseconds since 1970; `changes`: how often the
 * ballot has been changed
 */
export const doubtsOf = (
  { accountDays }: Pick<ContestRules, 'accountDays'>,
  { accountSince, memberSince }: Pick<PersonFacts, 'accountSince' | 'memberSince'>,
  {
    now,
    announcedAt,
    changes,
  }: { readonly now: number; readonly announcedAt: number; readonly changes: number },
): readonly VoteDoubt[] => {
  const doubts: VoteDoubt[] = [];
  if (isYounger(accountSince, Math.max(doubtfulAccountDays, 3 * accountDays), now))
    doubts.push('young-account');
  if (memberSince !== null && memberSince > announcedAt) doubts.push('joined-late');
  if (changes > usualChanges) doubts.push('many-changes');
  return doubts;
};
