import { kinds } from './kinds.ts';

/** The commands that take a photo: one for each kind of render. */
export const kindCommands = Object.values(kinds).map(({ command }) => command);
export type KindCommand = (typeof kindCommands)[number];

/** What a command of two words begins with: what it is about. */
export const contestWord = 'contest';
export const contestVerbs = [
  'start',
  'status',
  'entries',
  'extend',
  'close',
  'cancel',
  'hall',
  'export',
] as const;
export type ContestVerb = (typeof contestVerbs)[number];
export type ContestCommand = `${typeof contestWord} ${ContestVerb}`;
export const contestCommand = <Verb extends ContestVerb>(verb: Verb): `${typeof contestWord} ${Verb}` =>
  `${contestWord} ${verb}`;
export const contestCommands: readonly ContestCommand[] = contestVerbs.map(contestCommand);

/** What people can type, in the order in which help shows it. */
export const commandNames = [
  ...kindCommands,
  ...(['reroll', 'cancel', 'queue', 'mine'] as const),
  ...contestCommands,
  ...(['forget', 'help'] as const),
];
export type CommandName = (typeof commandNames)[number];

export const isContestCommand = (name: CommandName): name is ContestCommand =>
  name.startsWith(`${contestWord} `);

/** The first words of all commands, once each: what can be typed after a slash. */
export const firstWords: readonly string[] = [...new Set(commandNames.map((name) => name.split(' ')[0]!))];

/** What `/help` can be asked about: how to begin, every option, or contests. */
export const helpTopics = ['start', 'options', 'contest'] as const;
export type HelpTopic = (typeof helpTopics)[number];
