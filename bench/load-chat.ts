import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { readRows } from '../test/kill/inspect-folder.ts';
import { startBotProcess } from '../test/support/bot-process.ts';
import { temporaryFolder } from '../test/support/command-line.ts';
import { printLatencies } from './load-answers.ts';
import { type Asker, createCrowd, takenOf, type Wish, wishesOf } from './load-crowd.ts';
import { countByServer, servesInTurn } from './load-order.ts';
import { type LoadSite, loadLimits as limits, type Outcome, type Used } from './load-site.ts';
import { printMemory, watchMemoryOf } from './memory-slope.ts';
import { row } from './table.ts';

export type ChatLoad = {
  readonly seconds: number;
  /** Commands in that time. */
  readonly interactions: number;
  readonly servers: number;
  readonly threads: string;
  readonly print: (line: string) => void;
};

const aimMs = 1000;

type Sent = { readonly wish: Wish; readonly used: Used };

const problemOf = ({ used }: Sent): string | null => {
  const outcome = used.outcome();
  if (outcome === 'silence') return 'nobody answered';
  return outcome === 'other' ? `the answer was: ${used.text()}` : null;
};

/** Uses the commands, each when it is due. */
const sendAll = async (wishes: readonly Wish[]): Promise<readonly Sent[]> => {
  const sending: Promise<Sent>[] = [];
  const begun = performance.now();
  for (const wish of wishes) {
    const wait = begun + wish.atMs - performance.now();
    if (wait > 1) await pause(wait);
    sending.push(wish.member.use(wish.command).then((used) => ({ wish, used })));
  }
  return await Promise.all(sending);
};

/** Whether as many were taken as the limits allow, and nobody more than their share. */
const keepsLimits = (
  counted: { readonly asked: readonly Asker[]; readonly taken: readonly Asker[] },
  print: (line: string) => void,
): boolean => {
  const { asked, taken } = counted;
  const wanted = takenOf(asked, limits);
  const allowed = takenOf(taken, limits);
  const isKept = taken.length === wanted && allowed === taken.length;
  const { perUser, perServer } = limits;
  print(
    row(
      'limits',
      `${perUser} of a person and ${perServer} of a server: ${taken.length} renders taken, ${wanted} due${isKept ? '' : ': BROKEN'}`,
    ),
  );
  return isKept;
};

/** Prints what became of the commands that count, and what it cost. */
const printLoad = (
  site: LoadSite,
  load: { readonly sent: readonly Sent[]; readonly errors: readonly string[] },
  print: (line: string) => void,
): void => {
  const { sent, errors } = load;
  const outcomes = sent.map(({ used }) => used.outcome());
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  const latencies = sent.flatMap(({ used }) => used.latenciesMs()).toSorted((a, b) => a - b);
  printLatencies({ requests: sent.length, errors, latencies }, { aimMs, print });
  print(row('renders taken', String(count('taken'))));
  print(row('told no', `${count('user-limit')} by a person's limit, ${count('server-limit')} by a server's`));
  print(row('told how it stands', String(count('line'))));
  const { all, refused } = site.requests();
  print(row(`requests to ${site.platform}`, `${all}, ${refused} of them too many`));
};

/**
 * Commands by many people in many servers while a film is rendered; then who is served in which order.
 * @returns whether everybody was answered, limits were kept and servers took turns
 */
export const loadOnChat = async (site: LoadSite, options: ChatLoad): Promise<boolean> => {
  const { seconds, interactions, servers, threads, print } = options;
  const [others, crowd] = [createCrowd(site, servers), createCrowd(site, servers)];
  const folder = temporaryFolder();
  await site.prepare(folder.path);
  const { program, environment } = site.bot;
  const settings = {
    LOG_LEVEL: 'info',
    THREADS: threads,
    USER_LIMIT: String(limits.perUser),
    SERVER_LIMIT: String(limits.perServer),
    // One film is long enough for everything else to happen meanwhile.
    MAX_WORK: '100',
  };
  const bot = await startBotProcess(folder.path, { ...environment, ...settings }, { program });
  try {
    await site.botCame();
    const member = crowd[0]![0]!;
    const ahead = await site.askForLong(member);
    while (!bot.log.some(({ msg }) => msg === 'render: started')) await pause(20);

    // What a process takes for such a load at first is no growth.
    const before = await sendAll(wishesOf(others, { count: interactions, seconds }));
    const memory = watchMemoryOf(bot.child.pid!);
    const own = monitorEventLoopDelay({ resolution: 5 });
    own.enable();
    const sent = await sendAll(wishesOf(crowd, { count: interactions, seconds }));
    own.disable();
    const samples = memory.stop();
    const all = [...before, ...sent];
    await site.waitFor('answers', () => all.every(({ used }) => used.isAnswered()));
    const rows = readRows(folder.path);
    const [first, ...waitingRows] = rows;

    const errors = [...all.flatMap((each) => problemOf(each) ?? []), ...site.violations()];
    print(
      `while a film is rendered, and after as much from others: ${interactions} commands in ${seconds} s from ${servers} servers`,
    );
    printLoad(site, { sent, errors }, print);
    const delay = [own.percentile(99), own.max].map((ns) => `${(ns / 1e6).toFixed(0)} ms`);
    print(row(`the fake ${site.platform} itself`, `was late by ${delay.join(' at p99, by ')} at most`));
    if (first?.state !== 'running') print(row('note', 'the film was over before the end'));
    printMemory(samples, print);
    const asks = all.flatMap(({ wish }) => (wish.command === 'gramzoom' ? [wish.member] : []));
    const isLimited = keepsLimits({ asked: [member, ...asks], taken: rows }, print);

    const serverByJob = new Map(waitingRows.map(({ id, server }) => [id, server]));
    const waiting = countByServer(serverByJob);
    const most = Math.max(...waiting.values());
    print(
      `${waitingRows.length} renders from ${waiting.size} servers wait, at most ${most} of them from one`,
    );
    ahead.cancel();
    const isFair = await servesInTurn(bot, { folder: folder.path, serverByJob, print });
    return errors.length === 0 && isLimited && isFair;
  } finally {
    bot.killGroup();
    await bot.gone;
    await site.close();
    folder.remove();
  }
};
