import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { AppLog, LogFields } from '../ports/log.ts';
import { redact } from './redact.ts';

const standardError = 2;

export type Log = AppLog & {
  debug(message: string, fields?: LogFields): void;
  /** Writes what waits, now: before a process ends by force. */
  flush(): void;
};

/** An error with its code and causes, as fields; the last cause may be a text, such as a child's last words. */
const describeError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && { cause: describeError(cause) }) };
};

const wrap = (logger: Logger): AppLog => {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      logger[level](fields, message);
  return {
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    forJob: (id) => wrap(logger.child({ job: id })),
  };
};

/**
 * The log: one JSON object a line, without secrets.
 * @param options.to where the lines go; standard error by default. Without waiting for whoever reads there,
 * since a slow reader must not stop the bot.
 */
export const createLog = ({
  level,
  to,
}: {
  readonly level: string;
  readonly to?: DestinationStream;
}): Log => {
  const stream = to ?? destination({ dest: standardError, sync: false });
  const logger = pino(
    {
      level,
      // Neither the process id nor the host's name, which do not change and would be on every line.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      hooks: { streamWrite: redact },
    },
    stream,
  );
  return {
    ...wrap(logger),
    debug: (message, fields = {}) => logger.debug(fields, message),
    flush: () => {
      if ('flushSync' in stream && typeof stream.flushSync === 'function') stream.flushSync();
    },
  };
};
