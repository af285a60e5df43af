import { z } from 'zod';
import { toGramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';

/** Every event of a kind may be unreadable from one day to the next: one line in a while tells as much. */
const lineEveryMs = 60_000;

/** Says how many were passed over since the last line of a type; null: one was written a moment ago. */
export const createLineLimit = (clock: Pick<Clock, 'now'>): ((type: string) => number | null) => {
  const last = new Map<string, { readonly at: number; passedOver: number }>();
  return (type) => {
    const before = last.get(type);
    if (before && clock.now() - before.at < lineEveryMs) {
      before.passedOver += 1;
      return null;
    }
    last.set(type, { at: clock.now(), passedOver: 0 });
    return before?.passedOver ?? 0;
  };
};

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Names of fields are the platform's; ids that are used as such are somebody's. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (/^\d+$/.test(String(part)) ? '*' : String(part))).join('.');

const mostFields = 40;

/** What an event looks like: its fields and the kinds of their values, without anything that somebody wrote. */
const shapeOf = (event: unknown): unknown =>
  typeof event === 'object' && event !== null && !Array.isArray(event)
    ? Object.fromEntries(
        Object.entries(event)
          .filter(([name]) => /^[a-z_]+$/.test(name))
          .slice(0, mostFields)
          .map(([name, value]) => [name, kindOf(value)]),
      )
    : kindOf(event);

/** Why an event could not be dealt with, as fields of the log: for one that cannot be read, the paths alone. */
const reasonOf = (thrown: unknown): object => {
  if (thrown instanceof z.ZodError) {
    return {
      wrong: thrown.issues.map((issue) => {
        const expected = 'expected' in issue ? `, expected ${issue.expected}` : '';
        return `${pathOf(issue.path) || 'all of it'}: ${issue.code}${expected}`;
      }),
    };
  }
  // These quote what they could not read.
  if (thrown instanceof SyntaxError)
    return { wrong: [thrown.name], stack: thrown.stack?.split('\n').slice(1) };
  return { error: toGramzoomError(thrown) };
};

/** Whether an event is what it should not be, rather than something here. */
const isUnreadable = (thrown: unknown): boolean =>
  thrown instanceof z.ZodError || thrown instanceof SyntaxError;

/**
 * What stands between a platform's events and those who deal with them, so that none of them can end the process.
 * @param options.signal once it is aborted nothing is begun or logged any more
 */
export const createEventBoundary = ({
  clock,
  log,
  signal,
}: {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: AppLog;
  readonly signal: AbortSignal;
}) => {
  const working = new Set<Promise<void>>();
  const lineLimit = createLineLimit(clock);

  const attempt = async (type: string, event: unknown, work: (event: unknown) => unknown): Promise<void> => {
    try {
      await work(event);
    } catch (error) {
      if (signal.aborted) return;
      const passedOver = isUnreadable(error) ? lineLimit(type) : 0;
      if (passedOver === null) return;
      log.error('event: failed to handle it', {
        ...{ type, ...reasonOf(error), shape: shapeOf(event) },
        ...(passedOver > 0 && { others: passedOver }),
      });
    }
  };

  return {
    /**
     * Does something with an event. Whatever it throws, at once or later, concerns this event alone and is logged:
     * the event's type and shape, not what is in it; of unreadable ones of a type one line a minute. Throws nothing.
     */
    handle: (type: string, event: unknown, work: (event: unknown) => unknown): void => {
      if (signal.aborted) return;
      const done = attempt(type, event, work).finally(() => working.delete(done));
      working.add(done);
    },
    /** Until nothing is being dealt with any more. */
    settled: async (): Promise<void> => void (await Promise.all(working)),
  };
};

export type EventBoundary = ReturnType<typeof createEventBoundary>;
