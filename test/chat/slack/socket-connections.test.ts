import { expect, it, onTestFinished, vi } from 'vitest';
import type { SlackRequest } from '../../../src/chat/slack/receiver.ts';
import { createSocketConnections } from '../../../src/chat/slack/socket-connections.ts';
import type { GramzoomError } from '../../../src/domain/errors.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';

const scene = async (options: Partial<Parameters<typeof createSocketConnections>[0]> = {}) => {
  const fake = await startFakeSlack();
  const zoo = fake.team('zoo');
  const ann = zoo.person('ann');
  const art = ann.direct;
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };
  const requests: SlackRequest[] = [];
  const ends: GramzoomError[] = [];
  const connections = createSocketConnections({
    ...{ appToken: fake.appToken, apiUrl: fake.apiUrl, clock: fake.clock, log },
    onRequest: (request) => {
      requests.push(request);
      void request.acknowledge();
    },
    onEnd: (error) => void ends.push(error),
    ...options,
  });
  onTestFinished(() => connections.close());
  const both = () => fake.waitFor('both connections', () => fake.socket.connections.length === 2);
  return { fake, zoo, ann, art, log, requests, ends, connections, both };
};

it('opens two connections, side by side, and an event comes by one of them', async () => {
  const { fake, ann, art, requests, connections, both } = await scene();
  expect(connections.health()).toBe('Slack is not connected');
  await connections.start();
  expect(connections.health()).toBeNull();
  await both();
  ann.say(art, 'hello');
  ann.say(art, 'again');
  await fake.waitFor('the acknowledgements', () =>
    fake.deliveries.all.every((one) => one.acknowledgedAt !== null),
  );
  expect(requests.map(({ body: { type } }) => type)).toEqual(['event_callback', 'event_callback']);
  expect(fake.calls('apps.connections.open')).toHaveLength(2);
});

it('hears while one of them is asked to come anew, which it does at once', async () => {
  const { fake, ann, art, connections, both } = await scene();
  await connections.start();
  await both();
  const [first] = fake.socket.connections;
  fake.socket.disconnect(first!);
  ann.say(art, 'in between');
  await fake.waitFor('the acknowledgement', () => fake.deliveries.all[0]?.acknowledgedAt);
  expect(fake.deliveries.all[0]?.attempts).toBe(1);
  expect(connections.health()).toBeNull();
  await fake.waitFor('a new one', () => fake.calls('apps.connections.open').length === 3);
  await both();
  expect(fake.socket.connections).not.toContain(first);
});

it('opens them again after a cut, with growing pauses where Slack cannot be reached', async () => {
  const { fake, log, connections, both } = await scene();
  await connections.start();
  await both();
  for (const status of [500, 502]) fake.faults.status('apps.connections.open', status);
  fake.clock.advance(20_000);
  for (const connection of [...fake.socket.connections]) fake.socket.cut(connection);
  await fake.waitFor('both to fail', () => fake.calls('apps.connections.open').length === 4);
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledTimes(2));
  expect(connections.health()).toBe('Slack is not connected');
  expect(log.warn.mock.calls.map(([line, { tryingAgainInMs }]) => [line, tryingAgainInMs])).toEqual([
    ['slack: cannot be reached, trying again', 2000],
    ['slack: cannot be reached, trying again', 2000],
  ]);
  fake.clock.advance(2000);
  await both();
  await vi.waitFor(() => expect(connections.health()).toBeNull());
});

it('waits as long as Slack asks where there were too many of them', async () => {
  const { fake, log, connections, both } = await scene();
  fake.faults.rateLimited('apps.connections.open', 7, { times: 2 });
  const started = connections.start();
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledTimes(2));
  expect(log.warn).toHaveBeenCalledWith(
    'slack: cannot be reached, trying again',
    expect.objectContaining({ tryingAgainInMs: 7000 }),
  );
  fake.clock.advance(7000);
  await started;
  await both();
});

it.each([
  ['of the wrong kind', { appToken: 'xoxb-T1-bot' }],
  ['that Slack does not know', { appToken: 'xapp-1-unknown' }],
])('refuses to start with a token %s', async (_which, options) => {
  const { connections } = await scene(options);
  await expect(connections.start()).rejects.toMatchObject({
    code: 'token-refused',
    data: { platform: 'Slack', key: 'SLACK_APP_TOKEN' },
  });
});

it('ends the process where Slack lets the bot in no more', async () => {
  const { fake, ends, connections, both } = await scene();
  await connections.start();
  await both();
  fake.faults.error('apps.connections.open', 'invalid_auth', { times: 2 });
  fake.clock.advance(15_000);
  for (const connection of [...fake.socket.connections]) fake.socket.cut(connection);
  await vi.waitFor(() => expect(ends.map(({ code }) => code)).toEqual(['token-refused', 'token-refused']));
});

it('returns from the start where Slack is away, and keeps trying', async () => {
  const { fake, connections, both } = await scene();
  const held = [1, 2].map(() => fake.faults.hold('apps.connections.open', 'before'));
  const started = connections.start();
  await Promise.all(held.map((each) => each.arrived));
  fake.clock.advance(20_000);
  await started;
  expect(connections.health()).toBe('Slack is not connected');
  for (const each of held) each.release();
  await both();
});

it('ends at once where they are closed while they are being opened', async () => {
  const { fake, connections } = await scene();
  const [held] = [1, 2].map(() => fake.faults.hold('apps.connections.open', 'before'));
  const started = connections.start();
  await held!.arrived;
  await connections.close();
  await started;
  held!.release();
  expect(fake.socket.connections).toEqual([]);
});

it('warns once of other connections that eat what is sent', async () => {
  const { fake, log, connections, both } = await scene();
  fake.socket.setGhosts(1);
  await connections.start();
  await both();
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledTimes(1));
  expect(log.warn).toHaveBeenCalledWith(
    'slack: other connections of this app are open, and what goes to them is lost here',
    { counted: 3, own: 2 },
  );
});

it('survives a message that cannot be read', async () => {
  const { fake, ann, art, log, connections, both } = await scene();
  await connections.start();
  await both();
  const [first] = fake.socket.connections;
  for (const text of ['no json', '[]', '{"type":"events_api","payload":{}}', '{"type":"of another day"}'])
    first!.socket.send(text);
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalled());
  ann.say(art, 'hello');
  ann.say(art, 'again');
  await fake.waitFor('the acknowledgements', () =>
    fake.deliveries.all.every((one) => one.acknowledgedAt !== null),
  );
  expect(fake.socket.connections).toContain(first);
});

it('closes them although the other side does not take leave', async () => {
  const { fake, connections, both } = await scene();
  await connections.start();
  await both();
  for (const { socket } of fake.socket.connections) socket.pause();
  const closed = connections.close();
  await vi.waitFor(() => expect(fake.clock.waiting).toBeGreaterThan(0));
  fake.clock.advance(1000);
  await closed;
  expect(connections.health()).toBe('Slack is not connected');
});
