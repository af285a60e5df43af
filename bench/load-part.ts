import type { BotProcess } from '../test/support/bot-process.ts';

export type LoadOptions = {
  /** How long requests are sent. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly jobs: number;
  readonly servers: number;
  /** The bot's. */
  readonly folder: string;
  readonly print: (line: string) => void;
};

/** One part of the load benchmark, on a fresh bot: prints what it measures, and says whether all was well. */
export type LoadPart = (bot: BotProcess, options: LoadOptions) => Promise<boolean>;
