import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { SlidingWindow } from '../../concurrency/sliding-window.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock, Timer } from '../../ports/clock.ts';

/** What can be left waits so long for an answer where a final one waits, too. */
const graceMs = 1000;

/**
 * What goes first where not everything can be said at once: last words, then answers, then pictures and notices. Of
 * what matters as much, what is said to each person goes in turns.
 */
export const ranks = { final: 0, answer: 1, progress: 2 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

type Waiting = {
  readonly rank: Rank;
  readonly owner: string;
  readonly start: () => void;
  readonly refuse: () => void;
};

type Channel = {
  readonly started: SlidingWindow;
  readonly waiting: Waiting[];
  /** Owners, and when they were let through last, as a number that rises. */
  readonly served: Map<string, number>;
  /** On their way, and can be left. */
  readonly leavable: Set<AbortController>;
  timer: Timer | undefined;
};

export type RateBudget = {
  /**
   * Does something to a message when it is its turn.
   * @param options.channel whose limit it counts against; null if there is none
   * @param options.owner to whom it is said: of several people each has one thing said in turn; nobody's unless told
   * @param options.message which message is written: it is written by one at a time, in the order of asking
   * @param options.signal it can be left: once this aborts, or where a final one would wait for it
   * @throws GramzoomError `chat-unreachable` where it was left before its turn, `stopping` where it was not its turn before the end
   */
  run<T>(
    options: {
      readonly channel: string | null;
      readonly owner?: string;
      readonly message?: string;
      readonly rank: Rank;
      readonly signal?: AbortSignal | undefined;
    },
    work: (left: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Lets nobody through any more, and waits for those in flight. */
  close(): Promise<void>;
};

/**
 * Keeps the bot within what a platform lets it write in a channel, so that it does not hear of that limit.
 * @param options.platform the platform's name, for errors
 * @param options.most how many writes there may be in each window of `windowMs`
 */
export const createRateBudget = ({
  clock,
  platform,
  most,
  windowMs,
}: {
  readonly clock: Clock;
  readonly platform: string;
  readonly most: number;
  readonly windowMs: number;
}): RateBudget => {
  const channels = new Map<string, Channel>();
  /** After whoever writes the message now. */
  const inOrder = new KeyedMutex();
  const running = new Set<Promise<unknown>>();
  let turns = 0;
  let sweptAt = clock.now();
  let isClosed = false;

  const stopping = (): GramzoomError => new GramzoomError('stopping', {});
  const leftOut = (): GramzoomError =>
    new GramzoomError('chat-unreachable', { platform, reason: 'something more urgent' });

  /** Channels in which nothing happens are forgotten when something happens elsewhere. */
  const sweep = (): void => {
    if (clock.now() - sweptAt < windowMs) return;
    sweptAt = clock.now();
    for (const [id, channel] of channels) {
      if (channel.started.count === 0 && channel.waiting.length === 0 && channel.leavable.size === 0) {
        channels.delete(id);
      }
    }
  };

  const channelOf = (id: string): Channel => {
    const channel = channels.get(id) ?? {
      ...{ started: new SlidingWindow(clock, windowMs), waiting: [], served: new Map(), leavable: new Set() },
      timer: undefined,
    };
    channels.set(id, channel);
    return channel;
  };

  /** Of those that matter most, the first for whoever was let through longest ago. */
  const next = ({ waiting, served }: Channel): Waiting | undefined => {
    const servedAt = ({ owner }: Waiting): number => served.get(owner) ?? 0;
    const [best] = waiting.toSorted((a, b) => a.rank - b.rank || servedAt(a) - servedAt(b));
    if (!best) return undefined;
    waiting.splice(waiting.indexOf(best), 1);
    served.set(best.owner, ++turns);
    return best;
  };

  const pump = (channel: Channel): void => {
    channel.timer?.cancel();
    channel.timer = undefined;
    while (channel.started.count < most) {
      const first = next(channel);
      if (!first) return;
      channel.started.add();
      first.start();
    }
    if (channel.waiting.length === 0) return;
    channel.timer = clock.after(channel.started.freeAt(most) - clock.now(), () => pump(channel));
  };

  const turn = async (
    id: string | null,
    { rank, owner }: Pick<Waiting, 'rank' | 'owner'>,
    left: AbortSignal,
  ): Promise<void> => {
    if (isClosed) throw stopping();
    if (left.aborted) throw leftOut();
    if (id === null) return;
    sweep();
    const channel = channelOf(id);
    const { promise, resolve: start, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { rank, owner, start, refuse: () => reject(stopping()) };
    const leave = (): void => {
      const at = channel.waiting.indexOf(waiting);
      if (at >= 0) channel.waiting.splice(at, 1);
      reject(leftOut());
    };
    left.addEventListener('abort', leave, { once: true });
    channel.waiting.push(waiting);
    pump(channel);
    await promise.finally(() => left.removeEventListener('abort', leave));
  };

  /** A platform's client may send one request after the other: a final one does not wait for that. */
  const hurry = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const { leavable } = channelOf(id);
    const before = [...leavable];
    const timer = clock.after(graceMs, () => {
      for (const leaving of before) if (leavable.has(leaving)) leaving.abort();
    });
    return await work().finally(() => timer.cancel());
  };

  return {
    run: async ({ channel, message, rank, owner = '', signal }, work) => {
      const leaving = new AbortController();
      const left = AbortSignal.any([leaving.signal, ...(signal ? [signal] : [])]);
      const inTurn = async () => {
        await turn(channel, { rank, owner }, left);
        if (channel === null) return await work(left);
        if (rank === ranks.final) return await hurry(channel, () => work(left));
        if (!signal) return await work(left);
        const { leavable } = channelOf(channel);
        leavable.add(leaving);
        return await work(left).finally(() => leavable.delete(leaving));
      };
      const doing = message === undefined ? inTurn() : inOrder.run(message, inTurn);
      running.add(doing);
      try {
        return await doing;
      } finally {
        running.delete(doing);
      }
    },
    close: async () => {
      isClosed = true;
      for (const { waiting, timer } of channels.values()) {
        timer?.cancel();
        for (const { refuse } of waiting.splice(0)) refuse();
      }
      await Promise.allSettled(running);
    },
  };
};
