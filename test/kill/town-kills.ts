import { setTimeout as pause } from 'node:timers/promises';
import { isFinished, maxAttempts } from '../../src/domain/job.ts';
import { createRandom, type Random } from '../../src/domain/random.ts';
import { createClient } from '../support/bot-client.ts';
import {
  BotDidNotStart,
  type BotProcess,
  killWhileStarting,
  startBotProcess,
} from '../support/bot-process.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { checkTown, type TownFigures } from './check-town.ts';
import { inspectStore, readRows } from './inspect-folder.ts';
import { readResumes } from './lives.ts';
import { type References, renderReferences } from './references.ts';
import type { CreateTown, Town, TownFilm } from './town.ts';
import { useFilms } from './use-films.ts';

/**
 * When to kill: so long after the process was started, so long after it said that it runs, so long after the next
 * command was sent to it, or once the platform has done what it was asked to so many times, and before the bot hears of it.
 */
export type TownMoment =
  | { readonly kind: 'starting'; readonly afterMs: number }
  | { readonly kind: 'running'; readonly afterMs: number }
  | { readonly kind: 'command'; readonly afterMs: number }
  | { readonly kind: 'request'; readonly number: number };

/** A start takes about half as long. */
const startMs = 1_500;
const mostRequests = 8;
/** In that time a command is written down and answered. */
const answerMs = 40;

/** So that the kills are over about when the renders are: how long a process lives, at most. */
const longestLife = (kills: number, { seconds }: References): number =>
  Math.min(10_000, Math.max(1_000, (2_500 * seconds) / Math.max(1, kills)));

/** @param lifeMs how long a process lives, at most; @param options.most what the platform does for it, at most */
export const drawMoment = (
  random: Random,
  lifeMs: number,
  { most = mostRequests }: { readonly most?: number } = {},
): TownMoment => {
  const [which, where] = [random.uniform(), random.uniform()];
  if (which < 0.15) return { kind: 'starting', afterMs: startMs * where };
  if (which < 0.45) return { kind: 'running', afterMs: lifeMs * where };
  if (which < 0.6) return { kind: 'command', afterMs: answerMs * where };
  return { kind: 'request', number: 1 + Math.floor(most * where) };
};

export type Kill = {
  readonly moment: TownMoment;
  /** What the platform had been asked last. */
  readonly lastRequest: string;
  /** Commands that were sent so far, and films that are there. */
  readonly asked: number;
  readonly films: number;
};

export type TownRun = {
  readonly kills: number;
  readonly figures: TownFigures | null;
  readonly resumed: number;
  readonly framesAgain: number;
  /** Messages that were found instead of being sent twice. */
  readonly suppressed: number;
  /** What was done with films afterwards. */
  readonly uses: readonly string[];
  readonly problems: readonly string[];
};

/** As much of a platform as tells when to kill. */
type Watched = Pick<Town, 'writes' | 'used' | 'onChange'>;

/** Kills once something has happened there, before the bot hears what came of it; or where nothing happens. */
const killWhen = async (
  town: Watched,
  bot: BotProcess,
  options: { readonly isTime: () => boolean; readonly afterMs?: number; readonly quietMs: number },
): Promise<void> => {
  const { isTime, afterMs = 0, quietMs } = options;
  const timers = [setTimeout(() => bot.killGroup(), quietMs)];
  const stop = town.onChange(() => {
    if (!isTime()) return;
    stop();
    if (afterMs === 0) bot.killGroup();
    else timers.push(setTimeout(() => bot.killGroup(), afterMs));
  });
  await bot.gone;
  timers.forEach(clearTimeout);
  stop();
};

/** Waits for a moment to kill at. */
export const killAt = async (
  town: Watched,
  bot: BotProcess,
  { moment, quietMs }: { readonly moment: TownMoment; readonly quietMs: number },
): Promise<void> => {
  if (moment.kind === 'request') {
    const goal = town.writes() + moment.number;
    return await killWhen(town, bot, { isTime: () => town.writes() >= goal, quietMs });
  }
  if (moment.kind === 'command') {
    const used = town.used();
    const isTime = (): boolean => town.used() > used;
    return await killWhen(town, bot, { isTime, afterMs: moment.afterMs, quietMs });
  }
  await pause(moment.afterMs);
};

/** Renders what films should look like; for `playKills`. */
export const renderTownFilms = (renders: number, film: TownFilm): Promise<References> =>
  renderReferences(
    Array.from({ length: renders }, (_, index) => index + 1),
    film,
  );

/**
 * One bot on a fake platform, killed so many times while people in three servers wait for films. What was answered,
 * and what was written down without an answer, must come to its end once; films must be of use afterwards.
 */
export const playKills = async (options: {
  readonly createTown: CreateTown;
  readonly kills: number;
  readonly renders: number;
  readonly seed: number;
  readonly film: TownFilm;
  readonly references: References;
  readonly onKill?: (kill: Kill) => void;
}): Promise<TownRun> => {
  const { kills, renders, references, onKill = () => {} } = options;
  const lifeMs = longestLife(kills, references);
  const patienceMs = Math.max(90_000, 4_000 * references.seconds);
  const random = createRandom(options.seed);
  const folder = temporaryFolder();
  const town = await options.createTown(renders, options.film);
  await town.prepare(folder.path);
  const { program, environment: login } = town.bot;
  // Limits are another test's.
  const limits = { USER_LIMIT: '1000', SERVER_LIMIT: '1000' };
  const environment = { ...login, ...limits, LOG_LEVEL: 'debug', GRACE_MS: '20000' };
  const lives: BotProcess[] = [];
  const problems: string[] = [];
  const asking: Promise<void>[] = [];
  const note = (error: unknown): void => void problems.push(String(error));

  const start = async (): Promise<BotProcess> => {
    town.forgetRefusals?.();
    const bot = await startBotProcess(folder.path, environment, { program });
    lives.push(bot);
    return bot;
  };
  const kill = async (bot: BotProcess): Promise<void> => {
    bot.killGroup();
    const status = await bot.gone;
    if (status !== 'SIGKILL') problems.push(`it ended by itself, with ${status}`);
  };
  /** In the first half of the kills people ask, so that there is something to do in the second. */
  const askBefore = (kill: number): void => {
    while (asking.length < renders && (asking.length * kills) / (2 * renders) <= kill) {
      const index = asking.length;
      const afterMs = lifeMs * random.uniform();
      asking.push(
        pause(afterMs)
          .then(() => town.askUntilAnswered(index))
          .catch(note),
      );
    }
  };
  /**
   * A render that was begun three times and got no further is given up, which is another test's: whoever died in
   * one place that often but once lives until it gets further.
   */
  const isAtLastTry = (): boolean =>
    lives.length > 0 &&
    readRows(folder.path).some(({ state, attempt }) => !isFinished(state) && attempt >= maxAttempts - 1);
  const die = async (moment: TownMoment): Promise<void> => {
    if (moment.kind === 'starting' && !isAtLastTry()) {
      return await killWhileStarting(folder.path, { afterMs: moment.afterMs, environment, program });
    }
    const bot = await start();
    while (isAtLastTry()) await pause(50);
    await killAt(town, bot, { moment, quietMs: 2 * lifeMs });
    await kill(bot);
  };
  const live = async (moment: TownMoment): Promise<void> => {
    await die(moment);
    const films = town.said().filter(({ kind }) => kind === 'film').length;
    onKill({ moment, lastRequest: town.lastRequest(), asked: town.wishes().length, films });
  };

  try {
    for (let index = 0; index < kills; index++) {
      askBefore(index);
      await live(drawMoment(random, lifeMs));
    }
    askBefore(Number.POSITIVE_INFINITY);
    let bot = await start();
    await Promise.all(asking);
    await createClient(bot.url, { patienceMs }).untilIdle();
    const uses = await useFilms(town, {
      patienceMs,
      restart: async (whileDown) => {
        await kill(bot);
        whileDown();
        bot = await start();
      },
    });
    await createClient(bot.url, { patienceMs }).untilIdle();
    bot.signal('SIGTERM');
    const status = await bot.gone;
    if (status !== 0) problems.push(`it stopped with ${status}`);

    const checked = checkTown(town, { facts: await inspectStore(folder.path), uses, references });
    const lines = lives.flatMap(({ log }) => log);
    const errors = lines.filter(({ level }) => level === 'error' || level === 'fatal');
    return {
      kills: kills + 1,
      figures: checked.figures,
      ...readResumes(lives),
      suppressed: lines.filter(({ kind }) => kind === 'duplicate-suppressed').length,
      uses: uses.map(({ what }) => what),
      problems: [
        ...problems,
        ...checked.problems,
        ...errors.map(({ msg }) => `the log has an error: ${msg}`),
      ],
    };
  } catch (error) {
    const why = error instanceof BotDidNotStart ? error.message : String(error);
    const failed = { kills, figures: null, ...readResumes(lives), suppressed: 0, uses: [] };
    return { ...failed, problems: [...problems, why] };
  } finally {
    for (const bot of lives) bot.killGroup();
    await Promise.all(lives.map(({ gone }) => gone));
    await town.close();
    folder.remove();
  }
};
