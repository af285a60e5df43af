import type { ErrorCode } from '../domain/errors.ts';
import type { ErrorSentences } from './error-sentences.ts';

/** The codes about contests. */
export type ContestErrorCode = Extract<ErrorCode, `contest-${string}`>;
export type ContestSentences = Pick<ErrorSentences, ContestErrorCode>;

const phases = {
  draft: 'The contest has not begun yet: wait until it does.',
  entering: 'Films can still be entered, and nothing is over yet: wait until then.',
  voting: 'The contest takes no films any more: people vote now.',
  closed: 'The contest is over: look at its results.',
  cancelled: 'The contest was cancelled.',
} as const;

const eligibility = {
  role: (needs: string) => `This contest is for people with the role ${needs}: ask a moderator for it.`,
  member: (needs: string) =>
    `This contest is for people who have been here for ${needs} days: join the next one.`,
  late: () => 'Only people who were here when voting opened can vote: join the next contest.',
  account: (needs: string) =>
    `This contest is for accounts that are older than ${needs} days: join a later one.`,
  outsider: () => 'This contest is not open to guests: ask a moderator.',
  banned: () => 'A moderator has banned you from this contest: ask them why.',
} as const;

export const contestSentences: ContestSentences = {
  'contest-none': () =>
    'There is no contest here at the moment: a moderator can start one with /contest start.',
  'contest-running': ({ theme }) =>
    `There is a contest here already (${JSON.stringify(theme)}): close or cancel it first.`,
  'contest-phase': ({ phase }) => phases[phase],
  'contest-right': ({ needs }) =>
    needs === 'host'
      ? 'Only the host of the contest and moderators can do that: ask one of them.'
      : 'Only moderators can do that: ask one of them.',
  'contest-not-eligible': ({ reason, needs }) => eligibility[reason](needs),
  'contest-entries': ({ most }) =>
    `You have entered ${most === 1 ? 'a film' : `${most} films`}, which is as many as you may: withdraw one first.`,
  'contest-fixed': ({ field, needs, received }) =>
    `This contest is for films with ${field} ${needs}, and this one has ${received}: make another one.`,
  'contest-moment': ({ received, problem }) =>
    problem === 'past'
      ? `${JSON.stringify(received)} is over: name a later time.`
      : problem === 'order'
        ? `${JSON.stringify(received)} comes too early: entering has to begin before it ends, and end before voting does.`
        : `${JSON.stringify(received)} is too far away: a contest takes at most half a year.`,
  'contest-role': ({ received }) =>
    received === null
      ? 'There are no roles here: leave out role and prize.'
      : `There is no role called ${JSON.stringify(received)} here: name one that there is.`,
  'contest-film': ({ problem }) =>
    problem === 'not-yours'
      ? 'Only films of your own can be entered: make one.'
      : problem === 'elsewhere'
        ? 'Only films that were made here can be entered: make one here.'
        : 'That film is no longer stored: make another one.',
  'contest-own-vote': () => 'Nobody can vote for their own film or photo: choose another one.',
  'contest-not-in': () => 'That film is not in the contest (any more): choose another one.',
};
