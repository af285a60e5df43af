import type { CommandName } from '../domain/command-name.ts';
import type { ContestFacts } from '../domain/contest/post.ts';
import type { MessageAction } from '../domain/message.ts';
import { momentText } from './contest-names.ts';
import type { ContestPhrases } from './contest-phrases.ts';
import type { NameField, Notation, WriteCommand } from './names.ts';

/** A language, as far as contests need it. */
export type ContestLanguage = {
  readonly phrases: ContestPhrases;
  /** What options, commands and buttons are called where the platform says nothing else. */
  readonly nameField: NameField;
  readonly writeCommand: WriteCommand;
  readonly actions: Readonly<Record<MessageAction, { readonly label: string }>>;
  /** How a choice of an option is called in a menu. */
  readonly choiceName: (option: string, choice: string) => string;
};

/** The same with how a place shows things. */
export type ContestVoice = ContestLanguage & { readonly notation: Notation };

export const voiceOf = (language: ContestLanguage, notation: Notation): ContestVoice => ({
  ...language,
  nameField: notation.nameField ?? language.nameField,
  writeCommand: notation.writeCommand ?? language.writeCommand,
  notation,
});

/** What there is to do now, and until when. */
export const phaseText = (contest: ContestFacts, voice: ContestVoice): string => {
  const { phase, zone, enterFrom, enterUntil, voteUntil } = contest;
  const said = voice.phrases.phase;
  switch (phase) {
    case 'draft':
      return said.draft(momentText(enterFrom, zone, voice));
    case 'entering':
      return said.entering(momentText(enterUntil, zone, voice));
    case 'voting':
      return said.voting(momentText(voteUntil, zone, voice));
    case 'closed':
      return said.closed;
    case 'cancelled':
      return said.cancelled;
    default:
      return phase satisfies never;
  }
};

/** How many films there are, and once they can be voted for how many people have voted: no more before the end. */
export const countsText = (
  { phase, entries, voters, rules }: ContestFacts,
  { phrases }: ContestVoice,
): string => {
  if (phase === 'voting' || phase === 'closed') return phrases.posts.took(entries, voters);
  // Some may wait to be let in.
  if (entries === 0 && rules.needsApproval) return phrases.posts.noneIn;
  return phrases.posts.filmsSoFar(entries);
};

/** `/gramzoom contest:on` */
export const enterCommand = ({ writeCommand, nameField, choiceName }: ContestVoice): string => {
  const command: CommandName = 'gramzoom';
  return `${writeCommand(command)} ${nameField('contest')}:${choiceName('contest', 'on')}`;
};
