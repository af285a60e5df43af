import { readConfig } from '../config.ts';
import { botLines } from '../messages/en.ts';
import { createLog } from '../ops/log.ts';
import { stopOnSignals } from '../ops/shutdown.ts';
import { systemClock } from '../ops/system-clock.ts';

/** Until a signal's listener ends the process. */
const forEver = (): Promise<never> => new Promise<never>(() => {});

/**
 * `gramzoom bot`: runs until a signal stops it, and ends the process then. What people read goes to standard
 * output, the log to standard error.
 * @throws GramzoomError where the bot cannot start
 */
export const botCommand = async (): Promise<never> => {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  // Only the bot pays for loading its parts.
  const { startBot } = await import('../main.ts');
  const stopping = new AbortController();
  const starting = startBot(config, { log, signal: stopping.signal });
  stopOnSignals({
    process,
    clock: systemClock,
    graceMs: config.graceMs,
    stop: async (signal) => {
      log.info('stopping', { signal });
      say(botLines.stopping);
      stopping.abort();
      const bot = await starting.catch(() => undefined);
      await bot?.stop();
      log.info('stopped');
    },
    exit: (status) => {
      log.flush();
      process.exit(status);
    },
    onTrouble: (what, error) => log.error(what, { error }),
  });
  // Node says it too and ends the process; everything accepted is on the disk.
  process.on('uncaughtExceptionMonitor', (error) => {
    log.error('a bug ends this process', { error });
    log.flush();
  });
  const bot = await starting.catch((error: unknown) => {
    // A start that was stopped on its way is no failure: the process ends as after any other stop.
    if (stopping.signal.aborted) return undefined;
    throw error;
  });
  if (!bot) return await forEver();
  const { page, operations, resumed } = bot;
  const renders = resumed.fetching + resumed.rendering + resumed.delivering;
  const lines = [botLines.started({ page, operations }), ...(renders > 0 ? [botLines.tookUp(renders)] : [])];
  say(lines.join('\n'));
  log.info('started', { page, operations, resumed, dataDir: config.dataDir });
  return await forEver();
};
