import { expect, onTestFinished } from 'vitest';
import type { Reacted, Renders } from '../../src/app/renders.ts';
import { createDiscordChat, type DiscordChatDeps } from '../../src/chat/discord/discord-chat.ts';
import type { PlatformEvent } from '../../src/chat/platform.ts';
import type { GramzoomError } from '../../src/domain/errors.ts';
import type { FakeDiscord } from './discord/fake-discord.ts';
import { passTimeUntil } from './discord/quick-time.ts';
import { startFake } from './discord/start-fake.ts';
import { createFakeRenders, type FakeRenders, pressBy } from './fake-renders.ts';

type Noted =
  | 'submit'
  | 'reroll'
  | 'enlarge'
  | 'cancel'
  | 'remove'
  | 'react'
  | 'refuse'
  | 'unreact'
  | 'clearReactions'
  | 'leave'
  | 'filmGone';
/** What a use case was asked for. */
export type Call = { readonly [K in Noted]: readonly [what: K, ...Parameters<Renders[K]>] }[Noted];

/** A picture by its name; nobody opens it here. */
export const photo = { name: 'cat.png', bytes: Buffer.from('a photo of a cat') };

/** The bot's side of Discord over renders without a renderer. It has not begun to listen. */
export const createBot = (fake: FakeDiscord, given: Partial<DiscordChatDeps> = {}) => {
  const observed: PlatformEvent[] = [];
  const logged: string[] = [];
  const ended: GramzoomError[] = [];
  const calls: Call[] = [];
  const pending: Promise<unknown>[] = [];
  let reacted: () => Promise<Reacted> = async () => ({ kind: 'ignored' });
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Error ? `${value.stack} ${value.cause}` : value;
  const note =
    (level: string) =>
    (message: string, fields: object = {}): void => {
      logged.push(`${level} ${message} ${JSON.stringify(fields, plain)}`);
      // Once whatever comes after it waits.
      setImmediate(() => fake.core.changed());
    };
  const log = { info: note('info'), warn: note('warn'), error: note('error'), forJob: () => log };
  const fakeRenders = createFakeRenders(() => bot.chat, {
    put: async () => expect.unreachable(),
    remove: async () => expect.unreachable(),
  });
  const noted = <K extends Exclude<Noted, 'react'>>(what: K): Renders[K] =>
    ((...args: Parameters<Renders[K]>) => {
      calls.push([what, ...args] as never);
      const work = (fakeRenders[what] as (...given: Parameters<Renders[K]>) => Promise<unknown>)(...args);
      pending.push(work.catch(() => {}));
      fake.core.changed();
      return work;
    }) as unknown as Renders[K];
  const renders: FakeRenders = {
    ...fakeRenders,
    press: (button) => pressBy(renders)(button),
    submit: noted('submit'),
    reroll: noted('reroll'),
    enlarge: noted('enlarge'),
    cancel: noted('cancel'),
    remove: noted('remove'),
    refuse: noted('refuse'),
    unreact: noted('unreact'),
    clearReactions: noted('clearReactions'),
    leave: noted('leave'),
    filmGone: noted('filmGone'),
    react: async (...args: Parameters<Renders['react']>) => {
      calls.push(['react', ...args]);
      fake.core.changed();
      return await reacted();
    },
  };
  const platform = createDiscordChat({
    token: fake.token,
    blobs: { get: async () => undefined, put: async () => '' } as never,
    clock: fake.clock,
    log,
    observe: (event) => void observed.push(event),
    onEnd: (error) => {
      ended.push(error);
      fake.core.changed();
    },
    api: fake.restApi,
    fileHosts: [`http://${fake.cdnHost}`],
    ...given,
  });
  const bot = {
    ...platform,
    start: (signal?: AbortSignal) => platform.listen(renders, signal && { signal }),
  };
  onTestFinished(async () => {
    // What still waits for its turn in a channel would keep the test for as long as Discord's limits do.
    await passTimeUntil(fake, bot.close());
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
  return {
    bot,
    renders,
    observed,
    logged,
    ended,
    calls,
    /** Waits until what was asked for so far has been done. */
    settled: async () => void (await Promise.all(pending)),
    /** What comes of the next reactions. */
    reactedWith: (outcome: () => Promise<Reacted>) => {
      reacted = outcome;
    },
  };
};

/** A bot that listens, in a server with one person and one channel. */
export const listening = async (
  options: Parameters<typeof startFake>[0] & {
    readonly bot?: Partial<DiscordChatDeps>;
    readonly prepare?: (fake: FakeDiscord) => void | Promise<void>;
  } = {},
) => {
  const { bot: deps, prepare, ...given } = options;
  const fake = await startFake(given);
  const ann = fake.person('ann');
  const guild = fake.guild({ members: [ann] });
  const place = guild.channel('art');
  await prepare?.(fake);
  const made = createBot(fake, deps);
  await made.bot.start();
  await fake.waitFor('the commands', () => fake.commands.global.size > 0);
  return { fake, ann, guild, place, ...made };
};
