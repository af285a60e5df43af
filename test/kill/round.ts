import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BotClient, createClient, isOver, smallFilm } from '../support/bot-client.ts';
import { type BotProcess, killWhileStarting, startBotProcess } from '../support/bot-process.ts';
import { inspectFolder } from './inspect-folder.ts';
import { readResumes } from './lives.ts';
import { type Order, orders, type References } from './references.ts';

export const victims = ['group', 'renderer'] as const;
export type Victim = (typeof victims)[number];

/** When to kill: so long after the renders were sent, or once so many frames of one of them are done. */
export type Moment = { readonly afterMs: number } | { readonly framesDone: number };

export type Round = {
  readonly victim: Victim;
  readonly killedAfterMs: number;
  /** When, in the start after that, it was killed again; null: it was not. */
  readonly againAfterMs: number | null;
  /** Whether there was something to kill at that moment. */
  readonly killed: boolean;
  /** Renders that had been answered with 202 by then; the others count for nothing. */
  readonly accepted: number;
  /** Renders that were gone on with from a checkpoint. */
  readonly resumed: number;
  /** Frames that had to be computed again, of the render where there were most. */
  readonly framesAgain: number;
  /** What went wrong; empty where all is well. */
  readonly problems: readonly string[];
};

const environment = { LOG_LEVEL: 'debug', GRACE_MS: '20000' };

/** Of a post: with an id where it was accepted, with a message where not. */
type Answer = { readonly id: string; readonly message: string };
type Accepted = { readonly id: string; readonly order: Order };

/** Posts the orders at once. Those that get no answer, because nobody is there any more, are left out. */
const submitAll = async (
  client: BotClient,
): Promise<{ readonly accepted: Accepted[]; readonly refused: string[] }> => {
  const accepted: Accepted[] = [];
  const refused: string[] = [];
  await Promise.all(
    orders.map(async (order) => {
      const response = await client
        .post(order.asker, { ...smallFilm, seed: order.seed })
        .catch(() => undefined);
      const body = (await response?.json().catch(() => undefined)) as Answer | undefined;
      if (!body) return;
      if (response?.status === 202) accepted.push({ id: body.id, order });
      else refused.push(`a render was refused: ${body.message}`);
    }),
  );
  return { accepted, refused };
};

const waitUntil = async (moment: Moment, { log }: BotProcess): Promise<void> => {
  if ('afterMs' in moment) return await pause(moment.afterMs);
  const { framesDone } = moment;
  while (!log.some(({ kind, progress }) => kind === 'progress' && (progress?.done ?? 0) >= framesDone))
    await pause(5);
};

/**
 * One round: a fresh bot, three renders from two servers, and a kill at some moment. Whoever was
 * killed is started again (and, of the group, perhaps killed again while it starts), and everything that was accepted must come to its end once, as if nothing had
 * happened.
 */
export const playRound = async (
  victim: Victim,
  {
    moment,
    againAfterMs = null,
    references,
  }: {
    readonly moment: Moment;
    readonly againAfterMs?: number | null;
    readonly references: References;
  },
): Promise<Round> => {
  const folder = await mkdtemp(join(tmpdir(), 'gramzoom-kill-'));
  const problems: string[] = [];
  const expect = (isSo: boolean, problem: string): void => {
    if (!isSo) problems.push(problem);
  };
  let bot = await startBotProcess(folder, environment);
  const lives = [bot];
  try {
    const submitting = submitAll(createClient(bot.url));
    const sentAt = performance.now();
    await waitUntil(moment, bot);
    const killedAfterMs = Math.round(performance.now() - sentAt);
    let killed = true;
    if (victim === 'group') {
      bot.killGroup();
      await bot.gone;
    } else killed = bot.killRenderer();
    const { accepted, refused } = await submitting;
    problems.push(...refused);
    if (againAfterMs !== null) await killWhileStarting(folder, { afterMs: againAfterMs });
    if (victim === 'group') {
      bot = await startBotProcess(folder, environment);
      lives.push(bot);
    }
    const client = createClient(bot.url);
    for (const { id, order } of accepted) {
      const end = await client.until(id, isOver).catch((error: Error) => error);
      if (end instanceof Error) {
        problems.push(`a render did not end: ${end.message}`);
        continue;
      }
      expect(end.state === 'done', `a render ended as ${end.state}: ${end.error?.message}`);
      if (end.state !== 'done') continue;
      const film = await client.result(id);
      expect(film.equals(references.films.get(order.seed)!), `the film of seed ${order.seed} is another one`);
    }
    // Rows that were written without an answer are finished too; where one hangs, that has been said above.
    if (problems.length === 0) await client.untilIdle();
    bot.signal('SIGTERM');
    const status = await bot.gone;
    expect(status === 0, `it stopped with ${status}`);

    const facts = await inspectFolder(
      folder,
      accepted.map(({ id }) => id),
    );
    expect(facts.integrity === 'ok', `the database says ${facts.integrity}`);
    expect(facts.checkpointsLeft === 0, `${facts.checkpointsLeft} checkpoints are left`);
    expect(facts.doneRows >= accepted.length, `only ${facts.doneRows} rows are done`);
    for (const { films, all, finished } of facts.messages.values()) {
      expect(films === 1, `a render has ${films} final messages`);
      expect(all === 2, `a render has ${all} messages in all`);
      expect(finished, 'the outbox still owes a final message');
    }
    const { resumed, framesAgain } = readResumes(lives);
    expect(framesAgain <= 1, `${framesAgain} frames were computed again`);
    return {
      victim,
      killedAfterMs,
      againAfterMs: againAfterMs && Math.round(againAfterMs),
      killed,
      accepted: accepted.length,
      resumed,
      framesAgain,
      problems,
    };
  } finally {
    bot.killGroup();
    await bot.gone;
    await rm(folder, { recursive: true, force: true });
  }
};
