import type { BotOnFake } from '../support/bot-on-fake.ts';
import type { createWaitFor } from '../support/wait-for.ts';

/** What everybody asks for. */
export type TownFilm = { readonly size: number; readonly frames: number; readonly steps: number };

/** So much of a render's id as messages show. */
export const shownId = (id: string): string => id.slice(0, 8);

/** One message of the bot that everybody sees and that still stands. */
export type Said = {
  /** The beginning of the id of the render that it is about; empty where it does not say so. */
  readonly render: string;
  /** `picture`: one on the way, which is to be gone in the end. */
  readonly kind: 'answer' | 'picture' | 'film';
  readonly text: string;
  /** The names of those whom it calls. */
  readonly pinged: readonly string[];
  /** The file of a film. */
  readonly bytes: Uint8Array | undefined;
  /** Whether the bot's own 🎲 is on it. */
  readonly hasDice: boolean;
};

/** A request for a film as it was sent, answered or not. */
export type Wish = {
  /** Tells it from all others. */
  readonly key: string;
  readonly person: string;
  readonly seed: number;
  /** What the event of its render is. */
  readonly event: string;
  /** Whether the platform told them that nobody answered, so that they asked again. */
  readonly isUnanswered: boolean;
  /** What they were told instead of getting a film. */
  readonly refusal: string | null;
};

type By = 'asker' | 'neighbour';

/** A finished film and the people around it. */
export type FilmHandle = {
  readonly said: Said;
  /** By which wish that was answered it came, where it came by one. */
  readonly wish: string | null;
  readonly names: Readonly<Record<By, string>>;
  /** Reacts with a 🎲. @returns what the event of the render that it leads to begins with */
  roll(by: By): string;
  /** Presses a button and waits until that is acknowledged. @returns the event of what it leads to */
  press(action: 'reroll' | 'delete', by: By): Promise<string>;
};

/** A fake platform with people of three servers on it who want so many films. */
export interface Town {
  /** What the platform is called. */
  readonly platform: string;
  /** How the real bot is started there: for `startBotProcess`. */
  readonly bot: BotOnFake;
  /** Before the bot begins: writes into its folder what it has to find there. */
  prepare(folder: string): Promise<void>;
  /** Asks for one of the films, and where the platform says that nobody answered, asks again. */
  askUntilAnswered(index: number): Promise<void>;
  wishes(): readonly Wish[];
  /** How often the platform told somebody that nobody answered, so that they did it again. */
  unanswered(): number;
  /** All that the bot has said, anywhere. */
  said(): readonly Said[];
  films(): readonly FilmHandle[];
  /** How often people have used a command, and the like. */
  used(): number;
  /** How often the platform has done what the bot asked it to do. */
  writes(): number;
  lastRequest(): string;
  onChange(listener: () => void): () => void;
  readonly waitFor: ReturnType<typeof createWaitFor>;
  /** Names of the bot's files that nobody sees and nothing needs any more. */
  leftFiles(): readonly string[];
  /** A bot begins that knows of no refusal that one before it got. */
  forgetRefusals?(): void;
  /** What was not as the platform describes it. */
  violations(): readonly string[];
  close(): Promise<void>;
}

export type CreateTown = (renders: number, film: TownFilm) => Promise<Town>;
