/**
 * Why somebody may not. `role`: they lack it. `member`: not in the server for long enough; `late`: they came after
 * voting had opened. `account`: too young. `outsider`: a guest. `banned`: by a moderator.
 */
export const eligibilityProblems = ['role', 'member', 'late', 'account', 'outsider', 'banned'] as const;
export type EligibilityProblem = (typeof eligibilityProblems)[number];
