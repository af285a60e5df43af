import type { ContestCommand } from '../domain/command-name.ts';
import { contestFields as contestRules, entryFields, extendFields } from '../domain/contest/rules.ts';
import type { FieldRule } from '../domain/request.ts';
import type { Texts } from './chat-words.ts';
import { chatName, type Named } from './names.ts';

/** What the commands about contests are called, and their options. */
export type ContestNames = {
  readonly contestCommand: Named;
  readonly contestCommands: Readonly<Record<ContestCommand, Named>>;
  readonly contestFields: Texts['contestFields'];
  readonly contestOption: Named;
  readonly contestChoices: Pick<Texts['choices'], 'preset' | 'approval' | 'anonymous' | 'guests' | 'contest'>;
};

/** The schema speaks English. */
const inEnglish = (fields: readonly FieldRule[]): Readonly<Record<string, Named>> =>
  Object.fromEntries(
    fields.map(({ name, description }) => [name, { name: chatName(name), description }] as const),
  );

const onOff = { on: 'on', off: 'off' } as const;

export const contestCommand: ContestNames['contestCommand'] = {
  name: 'contest',
  description: 'a contest of films: enter, vote and win',
};

export const contestCommands: ContestNames['contestCommands'] = {
  'contest start': { name: 'contest start', description: 'start a contest here' },
  'contest status': { name: 'contest status', description: 'see how the contest stands, enter and vote' },
  'contest entries': { name: 'contest entries', description: 'look through the films that were entered' },
  'contest extend': { name: 'contest extend', description: 'give more time to enter or to vote' },
  'contest close': { name: 'contest close', description: 'end entering or voting now' },
  'contest cancel': { name: 'contest cancel', description: 'call the contest off' },
  'contest hall': { name: 'contest hall', description: 'see who has won the contests here' },
  'contest export': { name: 'contest export', description: 'save the results and all films as a page' },
};

export const contestFields = inEnglish([...contestRules, ...extendFields]) as ContestNames['contestFields'];

export const contestOption = inEnglish(entryFields)['contest'] as Named;

export const reasonOption: Named = { name: 'reason', description: 'why' };

export const contestChoices: ContestNames['contestChoices'] = {
  preset: { halloween: 'Halloween' },
  approval: onOff,
  anonymous: onOff,
  guests: onOff,
  contest: onOff,
};
