import { GramzoomError, toFailure } from '../src/domain/errors.ts';
import { wordsFor } from '../src/messages/languages.ts';
import type { BotOnFake } from '../test/support/bot-on-fake.ts';
import type { createWaitFor } from '../test/support/wait-for.ts';

export type LoadCommand = 'gramzoom' | 'queue';

/** What became of a command. */
export type Outcome = 'taken' | 'user-limit' | 'server-limit' | 'line' | 'silence' | 'other';

/** A command that was used; always of this moment. */
export type Used = {
  /** From the leaving of each of its requests to the arrival of its acknowledgement; without those that have none. */
  latenciesMs(): readonly number[];
  isAnswered(): boolean;
  outcome(): Outcome;
  /** What they read. */
  text(): string;
};

/** Somebody on a server; ids are as the store has them. */
export type Member = {
  readonly user: string;
  readonly server: string;
  use(command: LoadCommand): Promise<Used>;
};

/** A server with its people. */
export type Server = readonly Member[];

/** A fake platform for a load. */
export interface LoadSite {
  readonly platform: string;
  readonly bot: BotOnFake;
  createServer(name: string, people: readonly { readonly name: string; readonly locale: string }[]): Server;
  /** Before the bot begins: writes into its folder what it has to find there. */
  prepare(folder: string): Promise<void>;
  /** Resolves once the bot has come. */
  botCame(): Promise<unknown>;
  /** Somebody asks for a film that is not over before it is cancelled. */
  askForLong(member: Member): Promise<{ cancel(): void }>;
  readonly waitFor: ReturnType<typeof createWaitFor>;
  /** What was not as the platform describes it. */
  violations(): readonly string[];
  /** The bot's so far, and those of them that were refused as too many. */
  requests(): { readonly all: number; readonly refused: number };
  close(): Promise<void>;
}

/** How many unfinished renders anybody may have. */
export const loadLimits = { perUser: 2, perServer: 6 };

/** Shorter than anything else, and longer than any load. */
export const quickFilm = { size: 64, frames: 8, steps: 1 };
export const longFilm = { size: 256, frames: 240, steps: 40 };

/** Which limit somebody is told of, if any; in texts without what keeps them from formatting. */
export const limitIn = (text: string, locale: string): 'user-limit' | 'server-limit' | undefined => {
  const { errorSentence } = wordsFor(locale);
  const plain = (words: string): string => words.replaceAll('\\', '');
  const limits = { 'user-limit': loadLimits.perUser, 'server-limit': loadLimits.perServer } as const;
  return (['user-limit', 'server-limit'] as const).find(
    (code) =>
      plain(text) === plain(errorSentence(toFailure(new GramzoomError(code, { limit: limits[code] })))),
  );
};
