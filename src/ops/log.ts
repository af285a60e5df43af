import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { AppLog, LogFields } from '../ports/log.ts';

const standardError = 2;

/** Lines that wait for a reader, or for room where they are written; further ones are dropped. */
const maxWaitingBytes = 4 * 2 ** 20;

const hidden = '[redacted]';

/** What each kind of secret looks like in a line of text, and what stays of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // A field of a JSON object whose name says it all, at any depth.
  [
    /("[^"]*(?:token|secret|password|authorization|cookie|encryption_?key)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi,
    `$1"${hidden}"`,
  ],
  // The same in a form, a query or an environment.
  [/\b(\w*(?:_token|_secret|_key|password)=)[^\s&"'\\]+/gi, `$1${hidden}`],
  // Slack: bot, user, app and renewing tokens, and addresses that are as good as one.
  [/\b(?:xoxe\.)?x(?:ox[a-z]|app)-[\w-]{8,}/g, hidden],
  [/(\/\/hooks\.slack[\w.-]*\/\w+\/)[\w/-]+/g, `$1${hidden}`],
  [/(\/\/files\.slack\.com\/upload\/)[^\s"\\]+/g, `$1${hidden}`],
  // Discord: a bot's token, and the token in the address of an interaction's or webhook's messages.
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, hidden],
  [/(\/webhooks\/\d+\/)[\w-]+/g, `$1${hidden}`],
  [/(\/interactions\/\d+\/)[\w-]+/g, `$1${hidden}`],
  [/\b(Bearer|Bot)\s+[\w.~+/-]{8,}=*/g, `$1 ${hidden}`],
  // A name and password in an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*):[^\s/@"]+@/gi, `$1:${hidden}@`],
];

/** A line of the log without what nobody should read there, wherever in the line it was. */
export const redact = (line: string): string =>
  patterns.reduce((text, [pattern, kept]) => text.replace(pattern, kept), line);

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

const createStandardError = (): ReturnType<typeof destination> => {
  const stream = destination({ dest: standardError, sync: false, maxLength: maxWaitingBytes });
  // It would try for ever to write at once what a full disk or a closed terminal does not take.
  const flushSync = stream.flushSync.bind(stream);
  stream.on('error', () => {
    stream.flushSync = () => {};
  });
  stream.on('write', () => {
    stream.flushSync = flushSync;
  });
  return stream;
};

/**
 * The log: one JSON object a line, without secrets.
 * A line that cannot be written ends nothing: it waits for the next one, with which it is tried again.
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
  const stream = to ?? createStandardError();
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
      if (!('flushSync' in stream) || typeof stream.flushSync !== 'function') return;
      try {
        stream.flushSync();
      } catch {
        // Nobody is left to be told.
      }
    },
  };
};
