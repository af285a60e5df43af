import type { ContestRole } from './contest.ts';

/** What can be done in a contest. */
export const contestRights = [
  'start',
  'status',
  'enter',
  'withdraw',
  'vote',
  'follow',
  'report',
  'hall',
  'review',
  'disqualify',
  'ban',
  'extend',
  'close',
  'cancel',
  'export',
] as const;
export type ContestRight = (typeof contestRights)[number];

const everybody: readonly ContestRole[] = ['everyone', 'entrant', 'host', 'moderator', 'operator'];
const keepers: readonly ContestRole[] = ['host', 'moderator', 'operator'];

/** Who may do what. Whether it is the time for it, and whether the rules of the contest let them, is asked besides. */
export const rolesWithRight: Readonly<Record<ContestRight, readonly ContestRole[]>> = {
  start: ['moderator', 'operator'],
  status: everybody,
  enter: everybody,
  withdraw: ['entrant', 'host', 'moderator', 'operator'],
  vote: everybody,
  follow: everybody,
  report: everybody,
  hall: everybody,
  review: keepers,
  disqualify: keepers,
  ban: keepers,
  extend: keepers,
  close: keepers,
  cancel: keepers,
  export: keepers,
};

/** Whether somebody who is all of these may do it. */
export const hasRight = (roles: readonly ContestRole[], right: ContestRight): boolean =>
  roles.some((role) => rolesWithRight[right].includes(role));
