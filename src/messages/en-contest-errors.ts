import type { ErrorCode } from '../domain/errors.ts';
import type { ErrorSentences } from './error-sentences.ts';
import { createQuoted } from './phrases.ts';

/** The codes about contests. */
export type ContestErrorCode = Extract<ErrorCode, `contest-${string}`>;
export type ContestSentences = Pick<ErrorSentences, ContestErrorCode>;

const quoted = createQuoted('"', '"');

const days = (count: string): string => (count === '1' ? 'a day' : `${count} days`);

const phases = {
  draft: 'The contest has not begun yet: wait until it does.',
  entering: 'Films can still be entered, and nobody votes yet: wait until then.',
  voting: 'The contest takes no more films: people vote now.',
  closed: 'The contest is over: look at its results.',
  cancelled: 'The contest was called off: wait for the next one.',
} as const;

const eligibility = {
  role: (needs: string) =>
    `This contest is for people with the role ${quoted(needs)}: ask a moderator for it.`,
  member: (needs: string) =>
    `This contest is for people who have been here for ${days(needs)}: join the next one.`,
  late: () => 'Only people who were here when voting began can vote: join the next contest.',
  account: (needs: string) =>
    `This contest is for accounts that are older than ${days(needs)}: join a later one.`,
  outsider: () => 'This contest is not open to guests: ask a moderator.',
  banned: () => 'A moderator has banned you from this contest: ask them why.',
} as const;

const films = {
  'not-yours': 'Only films of your own can be entered: make one.',
  elsewhere: 'Only films that were made here can be entered: make one here.',
  'not-here': 'That film is no longer stored: make another one.',
} as const;

export const contestSentences: ContestSentences = {
  'contest-none': (_, { writeCommand }) =>
    `There is no contest here at the moment: a moderator can start one with ${writeCommand('contest start')}.`,
  'contest-running': ({ theme }, { writeCommand }) =>
    `There is a contest here already (${quoted(theme)}): end it first, with ${writeCommand('contest close')} or ${writeCommand('contest cancel')}.`,
  'contest-phase': ({ phase }) => phases[phase],
  'contest-right': ({ needs }) =>
    needs === 'host'
      ? 'Only the host of the contest and moderators can do that: ask one of them.'
      : 'Only moderators can do that: ask one of them.',
  'contest-not-eligible': ({ reason, needs }) => eligibility[reason](needs),
  'contest-entries': ({ most }, { writeCommand }) =>
    `You have entered ${most === 1 ? 'a film' : `${most} films`}, which is as many as you may: withdraw one first, with ${writeCommand('contest status')}.`,
  'contest-fixed': ({ field, needs, received }, { nameField }) =>
    `All films of this contest have ${nameField(field)} ${quoted(needs)}, and this one has ${quoted(received)}: make another one.`,
  'contest-moment': ({ field, received, problem }, { nameField }) => {
    const named = `${nameField(field)} ${quoted(received)}`;
    switch (problem) {
      case 'past':
        return `${named} is over: name a later time.`;
      case 'order':
        if (field === 'until') return `${named} comes too early: name a time after the present end.`;
        return `${named} comes too early: entering has to begin before it ends, and to end before voting does.`;
      case 'far':
        return `${named} is more than a year away: name an earlier time.`;
      default:
        return problem satisfies never;
    }
  },
  'contest-role': ({ received }, { nameField }) =>
    received === null
      ? `There are no roles here: leave out ${nameField('role')} and ${nameField('prize')}.`
      : `${quoted(received)} is no role that people can be given here: name one that is.`,
  'contest-film': ({ problem }) => films[problem],
  'contest-own-vote': () => 'Nobody can vote for a film or photo of their own: choose another one.',
  'contest-not-in': () => 'That film is not in the contest (any more): choose another one.',
};
