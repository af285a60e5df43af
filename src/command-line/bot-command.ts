import type { OpenPlatforms } from '../bot/platforms.ts';
import type { BotRenderer } from '../bot/rendering.ts';
import { readConfig } from '../config.ts';
import { type GramzoomError, toFailure, toGramzoomError } from '../domain/errors.ts';
import { botLines } from '../messages/bot-lines.ts';
import { commandLine, type SettingDoubts } from '../messages/command-line-words.ts';
import { en } from '../messages/en.ts';
import { watchForBugs } from '../ops/last-resort.ts';
import { createLog } from '../ops/log.ts';
import { stopOnSignals } from '../ops/shutdown.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import { readInvocation } from './invocation.ts';

/** npm passes a signal on within a moment. */
const echoMs = 1_000;

/** Avoids a restart loop: whatever starts this process again at once would ask the platform all the time. */
const pauseMs = 30_000;

/**
 * Ends a process that a platform does not let in: one sentence, a pause, and exit status 1. Others end at once.
 * @returns whether it was about such an error
 */
export const exitOnAuthFailure = async (
  error: GramzoomError,
  options: {
    readonly clock: Clock;
    readonly say: (error: GramzoomError) => void;
    readonly exit: (status: number) => void;
  },
): Promise<boolean> => {
  if (error.code !== 'token-refused' && error.code !== 'setup-refused') return false;
  options.say(error);
  await new Promise<void>((resolve) => void options.clock.after(pauseMs, resolve));
  options.exit(1);
  return true;
};

/** Until a signal's listener ends the process. */
const forEver = (): Promise<never> => new Promise<never>(() => {});

/**
 * `gramzoom bot`: runs until a signal stops it, and ends the process then. What people read goes to standard
 * output, the log to standard error.
 * @param options.openPlatforms other platforms than those that are configured, for tests
 * @param options.renderer another one than a child process with an engine, for tests
 * @param options.clock of the bot, another one than the machine's, for tests
 * @param options.doubts about `.env`, to be logged
 * @throws GramzoomError where the bot cannot start
 */
export const botCommand = async ({
  openPlatforms,
  renderer,
  clock,
  doubts,
}: {
  readonly openPlatforms?: OpenPlatforms;
  readonly renderer?: BotRenderer;
  readonly clock?: Clock;
  readonly doubts?: SettingDoubts | undefined;
} = {}): Promise<never> => {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  if (doubts) log.warn(commandLine.settingDoubts(doubts), doubts);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const exit = (status: number): void => {
    log.flush();
    process.exit(status);
  };
  const stopping = new AbortController();
  // Only the bot pays for loading its parts.
  const starting = import('../main.ts').then(({ startBot }) =>
    startBot(config, {
      ...{ log, signal: stopping.signal },
      ...(openPlatforms && { openPlatforms }),
      ...(renderer && { renderer }),
      ...(clock && { clock }),
    }),
  );
  stopOnSignals({
    process,
    clock: systemClock,
    graceMs: config.graceMs,
    echoMs: readInvocation().isLaunched ? echoMs : 0,
    stop: async (signal) => {
      log.info('bot: stopping', { signal });
      say(botLines.stopping);
      stopping.abort();
      const bot = await starting.catch(() => undefined);
      await bot?.stop();
      log.info('bot: stopped');
    },
    exit,
    onTrouble: (what, error) => log.error(what, { error }),
  });
  process.stdout.once('error', (error) => log.warn('bot: standard output could not be written', { error }));
  watchForBugs({
    process,
    clock: systemClock,
    graceMs: config.graceMs,
    stop: async () => {
      stopping.abort();
      await (await starting).stop();
    },
    exit,
    onBug: (what, error) => {
      log.error(what, { error });
      log.flush();
    },
  });
  const explain = (error: GramzoomError): void =>
    void process.stderr.write(`${en.operatorSentence(toFailure(error))}\n`);
  const bot = await starting.catch(async (thrown: unknown) => {
    // A start that was interrupted is not a failure: the process ends as after any other stop.
    if (stopping.signal.aborted) return undefined;
    await exitOnAuthFailure(toGramzoomError(thrown), { clock: systemClock, say: explain, exit });
    throw thrown;
  });
  if (!bot) return await forEver();
  const { page, operations, platforms, resumed } = bot;
  const renders = resumed.fetching + resumed.rendering + resumed.delivering;
  const lines = [
    botLines.started({ page, operations, platforms }),
    ...(renders > 0 ? [botLines.tookUp(renders)] : []),
  ];
  say(lines.join('\n'));
  log.info('bot: started', { page, operations, platforms, resumed, dataDir: config.dataDir });
  const error = await bot.ended;
  log.error('bot: this process ends', { error });
  // The running render is saved, as with any other stop.
  const lastMoment = systemClock.after(config.graceMs, () => exit(1));
  await bot.stop().catch((problem: unknown) => log.error('bot: the stop failed', { error: problem }));
  lastMoment.cancel();
  if (!(await exitOnAuthFailure(error, { clock: systemClock, say: explain, exit }))) {
    explain(error);
    exit(1);
  }
  return await forEver();
};
