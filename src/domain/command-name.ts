import { kinds } from './kinds.ts';

/** The commands that take a photo: one for each kind of render. */
export const kindCommands = Object.values(kinds).map(({ command }) => command);
export type KindCommand = (typeof kindCommands)[number];

/** What people can type, in the order in which help shows it. */
export const commandNames = [...kindCommands, 'reroll', 'cancel', 'queue', 'mine', 'forget', 'help'] as const;
/** Commands of two words: the first is what they are about. */
export const contestCommands = [
  'contest start',
  'contest status',
  'contest entries',
  'contest extend',
  'contest close',
  'contest cancel',
  'contest hall',
  'contest export',
] as const;
export type ContestCommand = (typeof contestCommands)[number];
export type CommandName = (typeof commandNames)[number];

/** What `/help` can be asked about: how to begin, or every option. */
export const helpTopics = ['start', 'options'] as const;
export type HelpTopic = (typeof helpTopics)[number];
