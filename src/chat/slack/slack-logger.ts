import { type Logger, LogLevel } from '@slack/bolt';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';

/** Tokens, and addresses that are as good as tokens. */
const secrets = /\bx(?:ox[a-z]|app)[\w.-]*-[\w-]+|\bwss?:\/\/\S+/g;

/** A request that fails is thrown as well, and told by whoever made it. */
const usual = /^(?!http request failed)/;

/**
 * A logger for Slack's libraries: their warnings and errors, without secrets, the same one once a minute. What they do
 * all day is not told.
 * @param options.tells which of them, where more is told otherwise
 */
export const createSlackLogger = (
  log: AppLog,
  { clock, tells = usual }: { readonly clock: Pick<Clock, 'now'>; readonly tells?: RegExp },
): Logger => {
  const lineLimit = createLineLimit(clock);
  const say = (...parts: readonly unknown[]): void => {
    const said = parts.map(String).join(' ').replaceAll(secrets, '…');
    if (!tells.test(said)) return;
    // Numbers in it change from line to line.
    const others = lineLimit(said.replaceAll(/\d+/g, '0'));
    if (others === null) return;
    log.warn('slack: a library of Slack warns', { said, ...(others > 0 && { others }) });
  };
  return {
    ...{ debug: () => {}, info: () => {}, warn: say, error: say },
    ...{ setLevel: () => {}, setName: () => {} },
    getLevel: () => LogLevel.WARN,
  };
};
