import { expect, it, vi } from 'vitest';
import type { PlatformEvent } from '../../../src/chat/platform.ts';
import { createEventBoundary } from '../../../src/chat/shared/event-boundary.ts';
import { readCommand, readMessage } from '../../../src/chat/slack/events.ts';
import type { Handler } from '../../../src/chat/slack/handler.ts';
import { isForBot, type Listeners, on, onEvent } from '../../../src/chat/slack/listeners.ts';
import { createReceiver } from '../../../src/chat/slack/receiver.ts';
import { createSlackApp } from '../../../src/chat/slack/slack-app.ts';
import type { Installation, Tenants } from '../../../src/chat/slack/tenants.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const installation: Installation = {
  ...{ tenant: 'T1', name: 'Zoo', botToken: 'xoxb-1', botUserId: 'UBOT', botId: 'BBOT', scopes: [] },
};

const message = (fields: object = {}, event_id = 'Ev1') => ({
  ...{ type: 'event_callback', event_id, event_time: 1_793_404_000, team_id: 'T1' },
  authorizations: [
    { team_id: 'T1', enterprise_id: null, user_id: 'UBOT', is_bot: true, is_enterprise_install: false },
  ],
  event: {
    ...{ type: 'message', channel: 'D1', channel_type: 'im', user: 'U1', ts: '1700000000.000100' },
    ...{ text: 'hello', ...fields },
  },
});

const command = (fields: object = {}) => ({
  ...{ command: '/gramzoom', text: 'queue', trigger_id: '1.2.3', team_id: 'T1', user_id: 'U1' },
  ...{ channel_id: 'C1', is_enterprise_install: 'false', ...fields },
});

type Handlers = {
  readonly command: Handler<ReturnType<typeof readCommand>>;
  readonly message: Handler<ReturnType<typeof readMessage>>;
};

/** A process that receives: everything but the transports and Slack is real. */
const createProcess = async (folder: string, handlers: Partial<Handlers>) => {
  const clock = createFakeClock();
  const store = await openStore(folder, { clock });
  const closing = new AbortController();
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };
  const boundary = createEventBoundary({ clock, log, signal: closing.signal });
  const nothing = async (): Promise<void> => {};
  const listeners: Listeners = {
    ...{ shortcuts: [], submissions: [], presses: [], departures: {} },
    commands: [[/./, on(readCommand, handlers.command ?? nothing)]],
    events: { message: onEvent(readMessage, handlers.message ?? nothing, isForBot) },
  };
  const observed: PlatformEvent[] = [];
  const { inbox } = store.store;
  const receiver = createReceiver({
    ...{ listeners, inbox, boundary, clock, log, signal: closing.signal },
    observe: (event) => observed.push(event),
  });
  const tenants = {
    find: async ({ teamId }: { readonly teamId: string | undefined }) => {
      if (teamId === 'T2') throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason: null });
      if (teamId !== 'T1') throw new GramzoomError('chat-gone', { platform: 'Slack' });
      return installation;
    },
  } as unknown as Tenants;
  createSlackApp({ receiver: receiver.bolt, listeners, tenants, clock, log, signal: closing.signal });
  return {
    ...{ clock, log, inbox, observed, receiver, closing, settled: boundary.settled },
    /** Everything that was acknowledged. */
    take: async (body: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> => {
      const acknowledged: unknown[] = [];
      const acknowledge = async (response: unknown) => void acknowledged.push(response ?? null);
      await receiver.take({ body, acknowledge });
      return acknowledged;
    },
    close: async () => {
      closing.abort();
      await boundary.settled();
      await store.close();
    },
  };
};

it('notes an event before it acknowledges it, and deals with it once, however often it comes', async () => {
  const seen: string[] = [];
  const bot = await createProcess(await createTempFolder(), {
    message: async ({ body, installation: { tenant }, team, delivery }) => {
      const pending = await bot.inbox.pending('slack');
      seen.push([body.text, tenant, team, delivery.id, delivery.isReplay, pending.length].join());
    },
  });
  expect(await bot.take(message())).toEqual([null]);
  await bot.settled();
  expect(await bot.take(message())).toEqual([null]);
  await bot.settled();
  expect(seen).toEqual(['hello,T1,T1,Ev1,false,1']);
  expect(await bot.inbox.pending('slack')).toEqual([]);
  await bot.close();
});

it('acknowledges no event that cannot be noted, so that Slack sends it again', async () => {
  const handle = vi.fn(async () => {});
  const bot = await createProcess(await createTempFolder(), { message: handle });
  const full = new GramzoomError('disk-full', { folder: null });
  vi.spyOn(bot.inbox, 'add').mockRejectedValueOnce(full);
  expect(await bot.take(message())).toEqual([]);
  await bot.settled();
  expect(bot.log.error).toHaveBeenCalledWith(
    'event: failed to handle it',
    expect.objectContaining({ error: full }),
  );
  expect(await bot.take(message())).toEqual([null]);
  await bot.settled();
  expect(handle).toHaveBeenCalledTimes(1);
  await bot.close();
});

it.each([
  ['by the bot itself', { user: 'UBOT' }],
  ['by another bot', { bot_id: 'B2' }],
  ['that was changed', { subtype: 'message_changed' }],
  ['in a channel without a mention', { channel_type: 'channel', files: [{ id: 'F1' }] }],
  ['that mentions it without a file, which comes as a mention', { channel_type: 'channel', text: '<@UBOT>' }],
  ['of a type of another day', { type: 'no_such_event' }],
])('acknowledges a message %s and leaves no trace of it', async (_which, fields) => {
  const handle = vi.fn(async () => {});
  const bot = await createProcess(await createTempFolder(), { message: handle });
  const add = vi.spyOn(bot.inbox, 'add');
  expect(await bot.take(message(fields))).toEqual([null]);
  await bot.settled();
  expect(add).not.toHaveBeenCalled();
  expect(handle).not.toHaveBeenCalled();
  await bot.close();
});

it('acknowledges an event that cannot be read, and logs what it looks like without what is in it', async () => {
  const bot = await createProcess(await createTempFolder(), {});
  expect(await bot.take(message({ ts: 'private' }))).toEqual([null]);
  expect(await bot.take({ type: 'event_callback', event: { type: 'message' } })).toEqual([null]);
  await bot.settled();
  expect(JSON.stringify(bot.log.error.mock.calls)).toContain('ts: invalid_format');
  expect(JSON.stringify(bot.log.error.mock.calls)).not.toContain('private');
  await bot.close();
});

it('acknowledges what comes from where the bot is not installed, with one line in the log', async () => {
  const handle = vi.fn(async () => {});
  const bot = await createProcess(await createTempFolder(), { command: handle, message: handle });
  const elsewhere = { team_id: 'T9', authorizations: [{ team_id: 'T9', user_id: 'UBOT', is_bot: true }] };
  expect(await bot.take(command(elsewhere))).toEqual([null]);
  expect(await bot.take({ ...message(), ...elsewhere })).toEqual([null]);
  await bot.settled();
  expect(handle).not.toHaveBeenCalled();
  expect(bot.log.warn.mock.calls.map(([line]) => line)).toEqual([
    'slack: a request of a workspace in which the bot is not installed',
  ]);
  expect(await bot.inbox.pending('slack')).toEqual([]);
  await bot.close();
});

it('waits where nobody can tell whose event it is, and leaves it to the next process after minutes', async () => {
  const handle = vi.fn(async () => {});
  const bot = await createProcess(await createTempFolder(), { command: handle, message: handle });
  const elsewhere = { team_id: 'T2', authorizations: [{ team_id: 'T2', user_id: 'UBOT', is_bot: true }] };
  // Whoever pressed a button has seen that it failed.
  expect(await bot.take(command(elsewhere))).toEqual([]);
  expect(await bot.take({ ...message(), ...elsewhere })).toEqual([null]);
  for (let tries = 0; tries < 8; tries++) {
    await vi.waitFor(() => expect(bot.clock.waiting + bot.log.error.mock.calls.length).toBe(2));
    bot.clock.advance(60_000);
  }
  await bot.settled();
  expect(handle).not.toHaveBeenCalled();
  expect(await bot.inbox.pending('slack')).toHaveLength(1);
  await bot.close();
});

it('leaves an event to the next process where this one stops, and that one acknowledges nothing', async () => {
  const folder = await createTempFolder();
  const first = await createProcess(folder, {
    message: async () => {
      throw new GramzoomError('stopping', {});
    },
  });
  expect(await first.take(message())).toEqual([null]);
  await first.settled();
  await first.close();
  const seen: boolean[] = [];
  const second = await createProcess(folder, {
    message: async ({ delivery }) => {
      seen.push(delivery.isReplay, await delivery.accept());
    },
  });
  await second.receiver.replay();
  await second.settled();
  expect(seen).toEqual([true, true]);
  expect(await second.take(message())).toEqual([null]);
  await second.settled();
  expect(seen).toHaveLength(2);
  await second.close();
});

it('goes on behind a noted event that the disk has damaged', async () => {
  const folder = await createTempFolder();
  const seen: string[] = [];
  const bot = await createProcess(folder, { message: async ({ delivery }) => void seen.push(delivery.id) });
  for (const [id, body] of [
    ['Ev1', '{"type":"event_call'],
    ['Ev2', 'null'],
    ['Ev3', JSON.stringify(message({}, 'Ev3'))],
  ] as const) {
    await bot.inbox.add('slack', { id, body });
  }
  await bot.receiver.replay();
  await bot.settled();
  expect(seen).toEqual(['Ev3']);
  expect(bot.log.error).toHaveBeenCalledTimes(2);
  expect(await bot.inbox.pending('slack')).toEqual([]);
  await bot.close();
});

it('is done with an event whose listener fails, with a line in the log', async () => {
  const bot = await createProcess(await createTempFolder(), {
    message: async () => {
      throw new Error('a bug');
    },
  });
  expect(await bot.take(message())).toEqual([null]);
  await bot.settled();
  expect(bot.log.error).toHaveBeenCalledTimes(1);
  expect(await bot.inbox.pending('slack')).toEqual([]);
  await bot.close();
});

it('acknowledges a command when its listener accepts it, and resumes it where the process dies after that', async () => {
  const folder = await createTempFolder();
  const dying = Promise.withResolvers<void>();
  const first = await createProcess(folder, {
    command: async ({ delivery }) => {
      expect(await delivery.accept({ text: 'queued' })).toBe(true);
      await dying.promise;
      throw new GramzoomError('stopping', {});
    },
  });
  expect(await first.take(command())).toEqual([{ text: 'queued' }]);
  expect(first.observed).toEqual([{ kind: 'acknowledged', platform: 'slack', seconds: 0 }]);
  dying.resolve();
  await first.close();
  const resumed: string[] = [];
  const second = await createProcess(folder, {
    command: async ({ body, delivery }) => void resumed.push(`${delivery.isReplay} ${body.text}`),
  });
  await second.receiver.replay();
  await second.settled();
  expect(resumed).toEqual(['true queue']);
  expect(await second.inbox.pending('slack')).toEqual([]);
  await second.close();
});

it('tells whoever runs the bot that Slack leaves events out, since there are too many', async () => {
  const bot = await createProcess(await createTempFolder(), {});
  const limited = { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1_793_404_000 };
  expect(await bot.take(limited)).toEqual([null]);
  await bot.settled();
  expect(bot.log.warn).toHaveBeenCalledWith(expect.stringContaining('some are left out'), { team: 'T1' });
  await bot.close();
});

it('acknowledges a command that its listener neither accepts nor refuses, and does not note it', async () => {
  const bot = await createProcess(await createTempFolder(), { command: async () => {} });
  expect(await bot.take(command())).toEqual([null]);
  expect(await bot.inbox.pending('slack')).toEqual([]);
  await bot.close();
});

it('acknowledges no command whose listener fails before it accepts it, so that Slack says so', async () => {
  const bot = await createProcess(await createTempFolder(), {
    command: async () => {
      throw new Error('a bug');
    },
  });
  expect(await bot.take(command())).toEqual([]);
  await bot.settled();
  expect(bot.log.error).toHaveBeenCalledTimes(1);
  await bot.close();
});

it('tells a listener that a command was accepted before', async () => {
  const answers: boolean[] = [];
  const bot = await createProcess(await createTempFolder(), {
    command: async ({ delivery }) => void answers.push(await delivery.accept()),
  });
  expect(await bot.take(command())).toEqual([null]);
  expect(await bot.take(command())).toEqual([null]);
  await bot.settled();
  expect(answers).toEqual([true, false]);
  await bot.close();
});

it('takes nothing once it is closed', async () => {
  const handle = vi.fn(async () => {});
  const bot = await createProcess(await createTempFolder(), { message: handle });
  await bot.close();
  expect(await bot.take(message())).toEqual([]);
  expect(handle).not.toHaveBeenCalled();
});

it('counts how late events are', async () => {
  const bot = await createProcess(await createTempFolder(), {});
  const event_time = bot.clock.wallTime() / 1000 - 3;
  await bot.take({ ...message(), event_time });
  await bot.take(command({ actions: [{ action_ts: String(event_time) }] }));
  const heard = { kind: 'heard', platform: 'slack', lagSeconds: 3 };
  expect(bot.observed.filter(({ kind }) => kind === 'heard')).toEqual([heard, heard]);
  await bot.close();
});
