import type { CommandName, HelpTopic } from '../domain/command-name.ts';
import type { ContestFacts } from '../domain/contest/post.ts';
import type { ContestField, ContestPreset, ContestSwitch } from '../domain/contest/rules.ts';
import type { ContestView } from '../domain/contest/view.ts';
import type { Failure } from '../domain/errors.ts';
import type { ErasureCount, JobState } from '../domain/job.ts';
import type { KindName } from '../domain/kinds.ts';
import type { MessageAction, MessageBody } from '../domain/message.ts';
import type { Progress } from '../domain/progress.ts';
import type { Depth, FieldRule, Quality, SharedField } from '../domain/request.ts';
import type { ContestPhrases } from './contest-phrases.ts';
import type { ErrorSentence, ErrorSentences } from './error-sentences.ts';
import type { Choices, KindWords } from './kinds.ts';
import type { Named, NameField, Notation, WriteCommand } from './names.ts';
import type { Panel } from './panel.ts';

/** What is said when somebody deletes for good. */
type ErasureWords = {
  /**
   * Asks before everything of a person is deleted, and tells how to confirm it where there is no button.
   * @param forget how to type the command there
   */
  readonly everythingQuestion: (count: ErasureCount, forget?: string) => string;
  readonly everythingDone: (count: ErasureCount) => string;
  /** Asks before a photo is deleted with all its films. */
  readonly photoQuestion: (count: ErasureCount) => string;
  readonly photoDone: (count: ErasureCount) => string;
  /** On the button that confirms it. */
  readonly confirm: string;
  /** The `confirm` of `/forget`. */
  readonly option: Named;
};

/** A render in a list, as far as words need it. */
export type RenderLine = {
  readonly id: string;
  readonly state: JobState;
  readonly position: number | null;
  readonly waiting: number;
  readonly etaSeconds: number | null;
  readonly kind: KindName;
  readonly progress: Progress;
  readonly seed: number;
  readonly network: string;
  readonly depth: Depth;
  readonly failure: Failure | null;
  /** Whether it continues, or is posted, only once there is room on the disk. */
  readonly waitsForSpace?: boolean;
};

/** An option and a network in a list, as far as words need them. */
export type OptionLine = Omit<FieldRule, 'kind' | 'description' | 'multipleOf'>;
export type NetworkLine = { readonly name: string; readonly depths: readonly Depth[] };

/** What the commands answer, where the answer is no message about a render. Lines are separate. */
export type CommandWords = {
  readonly cancelled: (render: Pick<RenderLine, 'id'>) => string;
  readonly queue: (
    line: { readonly running: RenderLine | null; readonly waiting: readonly RenderLine[] },
    options?: Notation,
  ) => string;
  readonly mine: (renders: readonly RenderLine[], options?: Notation) => string;
  readonly help: (
    commands: readonly {
      readonly name: CommandName;
      readonly fields: readonly OptionLine[];
      readonly renderKind?: KindName;
    }[],
    options: {
      readonly topic: HelpTopic;
      /** How to begin there. */
      readonly start?: string;
      readonly networks: readonly NetworkLine[];
      /** What one film may cost, in default films. */
      readonly maxWork: number;
      readonly nameField?: NameField;
      readonly writeCommand?: WriteCommand;
    },
  ) => string;
};

/** What a language says in words of its own, as it stands. */
export type Texts = {
  /** Its BCP 47 name. */
  readonly language: string;
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
  /** What all commands about contests begin with, and what they are for. */
  readonly contestCommand: Named;
  readonly contestFields: Readonly<Record<ContestField, Named>>;
  /** The `contest` of the commands that make something. */
  readonly contestOption: Named;
  /** What moderators and those who report a film write. */
  readonly reasonOption: Named;
  /** What is said about contests. */
  readonly contest: ContestPhrases;
  /** The choices of each option that has some, as they are called in a menu. */
  readonly choices: Choices & {
    readonly quality: Readonly<Record<Quality, string>>;
    readonly depth: Readonly<Record<Depth, string>>;
    readonly topic: Readonly<Record<HelpTopic, string>>;
    readonly preset: Readonly<Record<ContestPreset, string>>;
  } & Readonly<Record<ContestSwitch, Readonly<Record<'on' | 'off', string>>>>;
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
  /** To something that no part of the bot knows. @param help how to type the command there */
  readonly notUnderstood: (help?: string) => string;
  /** Of several photos in a message: `Photo 2 of 4`. */
  readonly photoChoice: (which: { readonly number: number; readonly total: number }) => string;
  /** Over the menu of those that were not taken. */
  readonly otherPhotos: string;
  readonly deleted: string;
  readonly sent: string;
};

/** The parts of sentences and lists that each language says in its own way; `create-words.ts` puts them together. */
export type Phrases = {
  /** `1.005` */
  readonly number: (value: number) => string;
  /** `about 40 s`, `about 2 min`, `about 3 h`: no more exact than it is known. */
  readonly about: (seconds: number) => string;
  /** `done in 40 seconds`, `about 40 s left`, `about 40 s until it is done` */
  readonly doneAt: (moment: string) => string;
  readonly left: (about: string) => string;
  readonly doneIn: (about: string) => string;
  /** A render in a list. Of one that renders its step is said. */
  readonly states: Readonly<Record<Exclude<JobState, 'queued' | 'running'>, string>>;
  readonly deletedInChat: string;
  readonly waitsForSpace: string;
  readonly numberOf: (position: number, total: number) => string;
  /** Its message. */
  readonly looking: string;
  readonly next: string;
  readonly place: (position: number, total: number) => string;
  readonly cancelled: string;
  /** The film that leads through the winners of a contest. */
  readonly reel: { readonly name: string; readonly ready: string };
  /** Lists. */
  readonly cancelledRender: (id: string) => string;
  readonly now: (render: string) => string;
  readonly more: (count: number) => string;
  readonly nothing: string;
  readonly noneYet: string;
  /** Where the options are explained, and contests. */
  readonly moreHelp: (help: string) => string;
  /** `1 to 6`, `default 3`, `1, 3 or 6 by quality`, `with vgg16 or vgg19` */
  readonly range: (min: string, max: string) => string;
  readonly usual: (value: string) => string;
  readonly byQuality: (steps: string) => string;
  readonly offeredBy: (networks: string) => string;
  /** What happens without an option that every kind has and that has no default. */
  readonly otherwise: Readonly<Record<string, string>>;
};

/** What a new language has to give, and a line in `languages.ts`; nothing in it can be left out. */
export type Language = Texts & { readonly sentences: ErrorSentences; readonly phrases: Phrases };

/** All that the bot says in a chat, in one language. */
export type ChatWords = Texts & {
  /**
   * One sentence for a person: what is wrong and what to do about it, and nothing about the machine. Options have their
   * names in `fields`.
   */
  readonly errorSentence: ErrorSentence;
  /** The same for whoever runs the program, with paths, addresses and reasons. */
  readonly operatorSentence: ErrorSentence;
  /** What the bot says about a render, in one sentence; about a contest in several lines, the first a headline. */
  readonly renderSentence: (body: MessageBody, options?: Notation) => string;
  /** What one person sees of a contest and can do there. */
  readonly contestPanel: (view: ContestView, options?: Notation) => Panel;
  /** The rules of a contest that people have to know, each in a line. */
  readonly contestRules: (contest: ContestFacts, options?: Notation) => readonly string[];
  /** What the commands answer, where the answer is no message about a render. */
  readonly commandWords: CommandWords;
  /** What happens without an option that has no default of its own. */
  readonly otherwise: (option: Pick<FieldRule, 'name' | 'byQuality'>) => string | undefined;
  /**
   * One line for each quality, and for each depth that any of the networks offers, with their names where not all do:
   * `scene: large things too (with vgg16 or vgg19)`; none for other options.
   */
  readonly choiceLines: (option: string, networks: readonly NetworkLine[]) => readonly string[];
  /** `64 to 512`, of a number with both ends. */
  readonly rangeOf: (option: OptionLine) => string | undefined;
};
