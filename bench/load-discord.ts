import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { GramzoomError, toFailure } from '../src/domain/errors.ts';
import { wordsFor } from '../src/messages/languages.ts';
import { readRows } from '../test/kill/inspect-folder.ts';
import { botOnDiscord } from '../test/support/bot-on-fake.ts';
import { startBotProcess } from '../test/support/bot-process.ts';
import { samplePhoto, temporaryFolder } from '../test/support/command-line.ts';
import type { InteractionContext } from '../test/support/discord/driver/asked.ts';
import { createFakeDiscord, type FakeDiscord } from '../test/support/discord/fake-discord.ts';
import { printLatencies } from './load-answers.ts';
import { type Asker, createCrowd, takenOf, type Wish, wishesOf } from './load-crowd.ts';
import { countByServer, servesInTurn } from './load-order.ts';
import { printMemory, watchMemoryOf } from './memory-slope.ts';
import { row } from './table.ts';

export type DiscordLoad = {
  readonly seconds: number;
  /** Commands in that time. */
  readonly interactions: number;
  readonly servers: number;
  readonly threads: string;
  readonly print: (line: string) => void;
};

const limits = { perUser: 2, perServer: 6 };
const aimMs = 1000;
const callback = '/interactions/{interaction_id}/{interaction_token}/callback';

const photo = { name: 'sample.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
/** Longer than the whole run on any machine: it is never finished. */
const longFilm = { size: 256, frames: 240, steps: 40 };
const smallFilm = { size: 64, frames: 8, steps: 1 };

type Sent = { readonly wish: Wish; readonly asked: InteractionContext };

/** What became of a command. */
type Outcome = 'taken' | 'user-limit' | 'server-limit' | 'line' | 'silence' | 'other';

const plain = (text: string): string => text.replaceAll('\\', '');

const outcomeOf = ({ wish, asked }: Sent): Outcome => {
  const { reply, didNotRespond } = asked;
  if (didNotRespond || !reply) return 'silence';
  if (wish.command === 'queue') return reply.ephemeral ? 'line' : 'other';
  if (!reply.ephemeral) return 'taken';
  const { errorSentence } = wordsFor(wish.person.settings.locale);
  const isSaid = (code: 'user-limit' | 'server-limit', limit: number): boolean =>
    plain(reply.content) === plain(errorSentence(toFailure(new GramzoomError(code, { limit }))));
  if (isSaid('user-limit', limits.perUser)) return 'user-limit';
  return isSaid('server-limit', limits.perServer) ? 'server-limit' : 'other';
};

const problemOf = (sent: Sent): string | null => {
  const outcome = outcomeOf(sent);
  if (outcome === 'silence') return 'nobody answered';
  return outcome === 'other' ? `the answer was: ${sent.asked.reply?.content}` : null;
};

const asAsker = ({ person, place }: Pick<Wish, 'person' | 'place'>): Asker => ({
  user: person.id,
  server: place.guildId ?? '',
});

/** Uses the commands, each when it is due. */
const sendAll = async (wishes: readonly Wish[]): Promise<readonly Sent[]> => {
  const sending: Promise<Sent>[] = [];
  const begun = performance.now();
  for (const wish of wishes) {
    const wait = begun + wish.atMs - performance.now();
    if (wait > 1) await pause(wait);
    const { command, person, place } = wish;
    const values = command === 'gramzoom' ? { photo, ...smallFilm } : {};
    sending.push(person.command(command, values, { in: place }).then((asked) => ({ wish, asked })));
  }
  return await Promise.all(sending);
};

/** From an interaction's leaving to its answer's arrival, in milliseconds, sorted. */
const latenciesOf = (fake: FakeDiscord, sent: readonly Sent[]): readonly number[] => {
  const arrivals = new Map<string | undefined, number>();
  for (const { path, params, at } of fake.requests) {
    const { interaction_id: id } = params;
    if (path === callback && !arrivals.has(id)) arrivals.set(id, at);
  }
  return sent
    .flatMap(({ asked }) => {
      const arrival = arrivals.get(asked.id);
      const interaction = fake.core.interactions.get(asked.token);
      return arrival === undefined || !interaction ? [] : [arrival - interaction.createdAt];
    })
    .toSorted((a, b) => a - b);
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
  fake: FakeDiscord,
  load: { readonly sent: readonly Sent[]; readonly errors: readonly string[] },
  print: (line: string) => void,
): void => {
  const { sent, errors } = load;
  const outcomes = sent.map(outcomeOf);
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  printLatencies({ requests: sent.length, errors, latencies: latenciesOf(fake, sent) }, { aimMs, print });
  print(row('renders taken', String(count('taken'))));
  print(row('told no', `${count('user-limit')} by a person's limit, ${count('server-limit')} by a server's`));
  print(row('told how it stands', String(count('line'))));
  const refused = fake.requests.filter(({ status }) => status === 429).length;
  print(row('requests to Discord', `${fake.requests.length}, ${refused} of them too many`));
};

/**
 * Commands by many people in many servers while a film is rendered; then who is served in which order.
 * @returns whether everybody was answered, limits were kept and servers took turns
 */
export const loadOnDiscord = async (options: DiscordLoad): Promise<boolean> => {
  const { seconds, interactions, servers, threads, print } = options;
  const fake = await createFakeDiscord();
  const [others, crowd] = [createCrowd(fake, servers), createCrowd(fake, servers)];
  const folder = temporaryFolder();
  const { program, environment } = botOnDiscord(fake);
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
    await fake.waitFor('the commands', () => fake.commands.global.size > 0);
    const [person, place] = [crowd[0]!.members[0]!, crowd[0]!.place];
    const ahead = await person.command('gramzoom', { photo, ...longFilm }, { in: place });
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
    await fake.waitFor('answers', () =>
      all.every(({ asked }) => asked.reply !== null || asked.didNotRespond),
    );
    const rows = readRows(folder.path);
    const [first, ...waitingRows] = rows;

    const errors = [
      ...all.flatMap((each) => problemOf(each) ?? []),
      ...fake.violations.map(({ route, problems }) => `${route}: ${problems.join(', ')}`),
    ];
    print(
      `while a film is rendered, and after as much from others: ${interactions} commands in ${seconds} s from ${servers} servers`,
    );
    printLoad(fake, { sent, errors }, print);
    const delay = [own.percentile(99), own.max].map((ns) => `${(ns / 1e6).toFixed(0)} ms`);
    print(row('the fake Discord itself', `was late by ${delay.join(' at p99, by ')} at most`));
    if (first?.state !== 'running') print(row('note', 'the film was over before the end'));
    printMemory(samples, print);
    const asks = all.flatMap(({ wish }) => (wish.command === 'gramzoom' ? [asAsker(wish)] : []));
    const isLimited = keepsLimits({ asked: [asAsker({ person, place }), ...asks], taken: rows }, print);

    const serverByJob = new Map(waitingRows.map(({ id, server }) => [id, server]));
    const waiting = countByServer(serverByJob);
    const most = Math.max(...waiting.values());
    print(
      `${waitingRows.length} renders from ${waiting.size} servers wait, at most ${most} of them from one`,
    );
    const cancel = ahead.reply?.buttons[0]?.customId;
    if (!cancel || !ahead.reply) throw new Error('the film cannot be cancelled');
    person.press(ahead.reply, cancel);
    const isFair = await servesInTurn(bot, { folder: folder.path, serverByJob, print });
    return errors.length === 0 && isLimited && isFair;
  } finally {
    bot.killGroup();
    await bot.gone;
    await fake.close();
    folder.remove();
  }
};
