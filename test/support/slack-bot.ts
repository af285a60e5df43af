import { expect, onTestFinished } from 'vitest';
import type { Renders } from '../../src/app/renders.ts';
import type { PlatformEvent } from '../../src/chat/platform.ts';
import { createSlackChat, type SlackChatDeps } from '../../src/chat/slack/slack-chat.ts';
import type { GramzoomError } from '../../src/domain/errors.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeChat } from './fake-chat.ts';
import { createFakeRenders, type FakeRenders, pressBy } from './fake-renders.ts';
import type { FakeSlack, SlackTeam } from './slack/fake-slack.ts';
import { startFakeSlack } from './slack/start-fake.ts';
import { createTempFolder } from './temp-folder.ts';

export type Noted =
  | 'submit'
  | 'reroll'
  | 'enlarge'
  | 'cancel'
  | 'remove'
  | 'erase'
  | 'react'
  | 'refuse'
  | 'unreact'
  | 'leave';
/** What a use case was asked for. */
export type Call = { readonly [K in Noted]: readonly [what: K, ...Parameters<Renders[K]>] }[Noted];

type CallOf<K extends Noted> = readonly [what: K, ...Parameters<Renders[K]>];

/**
 * The bot's side of Slack over renders without a renderer, which say nothing on Slack themselves. It has not begun to
 * listen. A second one in the same folder is the next process.
 */
export const createSlackBot = async (
  fake: FakeSlack,
  {
    botToken,
    folder,
    ...given
  }: Partial<SlackChatDeps> & { readonly botToken: string; readonly folder: string },
) => {
  const observed: PlatformEvent[] = [];
  const logged: string[] = [];
  const ended: GramzoomError[] = [];
  const calls: Call[] = [];
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Error ? `${value.stack} ${value.cause}` : value;
  const note =
    (level: string) =>
    (message: string, fields: object = {}): void => {
      logged.push(`${level} ${message} ${JSON.stringify(fields, plain)}`);
      setImmediate(() => fake.state.changed());
    };
  const log = { info: note('info'), warn: note('warn'), error: note('error'), forJob: () => log };
  const chat = createFakeChat({ platform: 'slack' });
  const fakeRenders = createFakeRenders(() => chat, {
    put: async () => expect.unreachable(),
    remove: async () => expect.unreachable(),
  });
  const noted = <K extends Exclude<Noted, 'react'>>(what: K): Renders[K] =>
    (async (...args: Parameters<Renders[K]>) => {
      calls.push([what, ...args] as never);
      const work = fakeRenders[what] as (...given: Parameters<Renders[K]>) => Promise<unknown>;
      return await work(...args).finally(() => setImmediate(() => fake.state.changed()));
    }) as unknown as Renders[K];
  const renders: FakeRenders & { /** What comes of reactions. */ reacts: Renders['react'] } = {
    ...fakeRenders,
    reacts: async () => ({ kind: 'ignored' }),
    press: (button) => pressBy(renders)(button),
    submit: noted('submit'),
    reroll: noted('reroll'),
    enlarge: noted('enlarge'),
    cancel: noted('cancel'),
    remove: noted('remove'),
    erase: noted('erase'),
    react: async (...args) => {
      calls.push(['react', ...args]);
      fake.state.changed();
      return await renders.reacts(...args);
    },
    refuse: noted('refuse'),
    unreact: noted('unreact'),
    leave: noted('leave'),
  };
  const opened = await openStore(folder, { clock: fake.clock });
  const { inbox, installations } = opened.store;
  const platform = createSlackChat({
    ...{ botToken, appToken: fake.appToken, signingSecret: null, oauth: null, maxPhotoBytes: 25_000_000 },
    ...{ inbox, installations, clock: fake.clock, log, apiUrl: fake.apiUrl, fileHosts: [fake.origin] },
    observe: (event) => void observed.push(event),
    onEnd: (error) => {
      ended.push(error);
      fake.state.changed();
    },
    blobs: { get: async () => undefined, put: async () => '' } as never,
    ...given,
  });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await platform.close();
    await opened.close();
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
  };
  onTestFinished(close);
  return {
    ...{ platform, renders, chat, inbox, observed, logged, ended, calls, close },
    start: () => platform.listen(renders),
    /** Waits until a use case has been asked for so often, and gives with what. */
    asked: async <K extends Noted>(what: K, times = 1): Promise<readonly [CallOf<K>, ...CallOf<K>[]]> => {
      const found = () => calls.filter(([name]) => name === what);
      await fake.waitFor(`${what} ${times}`, () => found().length >= times);
      return found() as never;
    },
  };
};

/** A bot that listens, in a workspace with one person and one channel. */
export const listeningOnSlack = async ({
  locale = 'en-US',
  prepare,
  ...given
}: Parameters<typeof startFakeSlack>[0] & {
  readonly locale?: string;
  readonly prepare?: (fake: FakeSlack, team: SlackTeam) => void;
} = {}) => {
  const fake = await startFakeSlack(given);
  const team = fake.team('zoo');
  const ann = team.person('ann', { locale });
  const place = team.channel('art', { members: [ann] });
  prepare?.(fake, team);
  const folder = await createTempFolder();
  const { token: botToken } = team.installation;
  const made = await createSlackBot(fake, { botToken, folder });
  await made.start();
  return { fake, team, ann, place, folder, botToken, ...made };
};
