import type { CommandName, HelpTopic } from '../domain/command-name.ts';
import type { Depth } from '../domain/depth.ts';
import type { ErasureCount } from '../domain/job.ts';
import type { KindName } from '../domain/kinds.ts';
import type { MessageAction, MessageBody } from '../domain/message.ts';
import type { FieldRule, Quality, SharedField } from '../domain/request.ts';
import type { ChoiceLines, CommandWords } from './command-words.ts';
import type { ErrorSentence } from './error-sentences.ts';
import type { Choices, KindWords } from './kinds.ts';
import type { Named, Notation } from './names.ts';

/** What is said when somebody deletes for good. */
type ErasureWords = {
  /** Asks before everything of a person is deleted, and tells how to confirm it where there is no button. */
  readonly everythingQuestion: (count: ErasureCount) => string;
  readonly everythingDone: (count: ErasureCount) => string;
  /** Asks before a photo is deleted with all its films. */
  readonly photoQuestion: (count: ErasureCount) => string;
  readonly photoDone: (count: ErasureCount) => string;
  /** On the button that confirms it. */
  readonly confirm: string;
  /** The `confirm` of `/forget`. */
  readonly option: Named;
};

/**
 * All that the bot says in a chat, in one language: `en.ts`, `de.ts` and whatever is added. A new language is one
 * such object and a line in `languages.ts`; nothing in it can be left out.
 */
export type ChatWords = {
  /** Its BCP 47 name. */
  readonly language: string;
  /**
   * One sentence for a person: what is wrong and what to do about it, and nothing about the machine. Options have their
   * names in `fields`.
   */
  readonly errorSentence: ErrorSentence;
  /** The same for whoever runs the program, with paths, addresses and reasons. */
  readonly operatorSentence: ErrorSentence;
  /** What the bot says about a render, in one sentence. */
  readonly renderSentence: (body: MessageBody, options?: Notation) => string;
  /** What the commands answer, where the answer is no message about a render. */
  readonly commandWords: CommandWords;
  readonly commands: Readonly<Record<CommandName, Named>>;
  /** What one film may cost, in default films, and what that comes from. */
  readonly workLimit: (maxWork: number) => string;
  /** The options that all kinds of renders share; those of each kind are in `kinds`. */
  readonly fields: Readonly<Record<SharedField, Named>>;
  /** The `photo` of the commands that take one and the `render` of those commands that are about one. */
  readonly photoOption: Named;
  readonly renderOption: Named;
  /** The `topic` of `/help`. */
  readonly topicOption: Named;
  /** What happens without an option that has no default of its own. */
  readonly otherwise: (option: Pick<FieldRule, 'name' | 'byQuality'>) => string | undefined;
  /** The choices of each option that has some, as they are called in a menu. */
  readonly choices: Choices & { readonly topic: Readonly<Record<HelpTopic, string>> };
  readonly choiceLines: ChoiceLines;
  /** What a person gets for the time of each quality, and sees of the photo at each depth. */
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly depths: Readonly<Record<Depth, string>>;
  readonly actions: Readonly<Record<MessageAction, { readonly label: string; readonly help: string }>>;
  /** Under a film: `seed 7`, `re-roll of a1b2c3d4`. */
  readonly seed: (seed: number) => string;
  readonly parent: (id: string) => string;
  /** `4.1 MB` */
  readonly bytes: (bytes: number) => string;
  /** `a, b or c` */
  readonly listed: (names: readonly string[]) => string;
  readonly kinds: Readonly<Record<KindName, KindWords>>;
  readonly threadName: (about: string) => string;
  readonly erasure: ErasureWords;
  /** To something that no part of the bot knows. */
  readonly notUnderstood: string;
  /** Of several photos in a message: `Photo 2 of 4`. */
  readonly photoChoice: (which: { readonly number: number; readonly total: number }) => string;
  /** Over the menu of those that were not taken. */
  readonly otherPhotos: string;
  readonly deleted: string;
  readonly sent: string;
};
