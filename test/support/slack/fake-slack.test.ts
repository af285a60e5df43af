import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import type { FakeSlack, FakeSlackOptions, SlackTeam } from './fake-slack.ts';
import { startFakeSlack } from './start-fake.ts';

/** What goes wrong here does so on purpose. */
const nothing = (): void => {};
const logger: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
};
const failing = (error: string, more: object = {}) => ({ data: { error, ...more } });

const clientOf = ({ apiUrl: slackApiUrl }: FakeSlack, { installation }: SlackTeam) =>
  new WebClient(installation.token, {
    slackApiUrl,
    logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });

const scene = async (options: FakeSlackOptions = {}) => {
  const fake = await startFakeSlack(options);
  const acme = fake.team('acme');
  const ann = acme.person('ann');
  return { fake, acme, ann, art: acme.channel('art', { members: [ann] }), client: clientOf(fake, acme) };
};

type Told = { type: string; body: Record<string, unknown>; ack(answer?: object): Promise<void> };
const listen = async (fake: FakeSlack, hear: (told: Told) => void): Promise<void> => {
  const client = new SocketModeClient({
    appToken: fake.appToken,
    clientOptions: { slackApiUrl: fake.apiUrl },
    logger,
  });
  client.on('slack_event', (told: Told) => {
    hear(told);
    fake.state.changed();
  });
  await client.start();
  onTestFinished(() => client.disconnect());
};

const png = { name: 'cat.png', bytes: Buffer.from('a cat') };
const upload = async (client: WebClient, channel?: string): Promise<string> => {
  const where = channel === undefined ? {} : { channel_id: channel };
  const answer = await client.filesUploadV2({ file: png.bytes, filename: png.name, ...where } as never);
  return (answer as unknown as { files: { files: { id: string }[] }[] }).files[0]?.files[0]?.id ?? '';
};
const plain = (text: string) => ({ type: 'plain_text' as const, text });

describe('the fake Slack', () => {
  it('shares a file only after it has been asked about', async () => {
    const { art, client } = await scene({ pollsUntilShared: 2 });
    const file = await upload(client, art.id);
    for (const shares of [0, 0, 1]) {
      const { file: info } = await client.files.info({ file });
      expect(info?.shares?.public?.[art.id]?.length ?? 0).toBe(shares);
      expect(art.messages()).toHaveLength(shares);
    }
  });

  it('refuses a picture that is not processed yet, and takes it later', async () => {
    const { art, client } = await scene();
    const file = await upload(client);
    const blocks = [{ type: 'image' as const, slack_file: { id: file }, alt_text: 'a cat' }];
    const post = () => client.chat.postMessage({ channel: art.id, text: 'a cat', blocks });
    await expect(post()).rejects.toMatchObject(failing('invalid_blocks'));
    await client.files.info({ file });
    await post();
    expect(art.messages()[0]?.pictures).toEqual([{ alt: 'a cat', bytes: png.bytes }]);
  });

  it('gives a file to whoever has the right token, and a page to sign in to all others', async () => {
    const { acme, ann, art, client } = await scene();
    const [photo] = ann.say(art, 'look', { files: [png] }).files;
    const { file } = await client.files.info({ file: photo?.id ?? '' });
    const typeFor = async (token: string) => {
      const answer = await fetch(file?.url_private ?? '', { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, answer.headers.get('content-type')];
    };
    expect(await typeFor(acme.installation.token)).toEqual([200, 'image/png']);
    expect(await typeFor('xoxb-wrong')).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('names the scope that is missing', async () => {
    const { art, client } = await scene({ scopes: ['chat:write'] });
    const add = client.reactions.add({ channel: art.id, timestamp: '1.1', name: 'game_die' });
    await expect(add).rejects.toMatchObject(failing('missing_scope', { needed: 'reactions:write' }));
  });

  it.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    [
      'too much in a button',
      [{ type: 'actions', elements: [{ type: 'button', text: plain('a'), value: 'a'.repeat(2001) }] }],
    ],
    ['a long header', [{ type: 'header', text: plain('a'.repeat(151)) }]],
    ['a field for files', [{ type: 'input', label: plain('a'), element: { type: 'file_input' } }]],
    ['two blocks of one id', ['a', 'a'].map((block_id) => ({ type: 'divider', block_id }))],
  ])('refuses %s in a message, and remembers it', async (_, blocks) => {
    const { fake, art, client } = await scene();
    const post = client.chat.postMessage({ channel: art.id, text: 'a', blocks: blocks as never });
    await expect(post).rejects.toMatchObject(failing('invalid_blocks'));
    expect(fake.violations.splice(0)).toHaveLength(1);
  });

  it('lets a workspace change 50 messages a minute, and remembers who goes on all the same', async () => {
    const clock = createFakeClock();
    const { fake, art, client } = await scene({ clock, rateLimits: 'on' });
    const { ts = '' } = await client.chat.postMessage({ channel: art.id, text: 'one' });
    const update = (by = client) => by.chat.update({ channel: art.id, ts, text: 'two' });
    for (let count = 0; count < 50; count += 1) await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: 60 });
    await expect(update(clientOf(fake, fake.team('other')))).rejects.toMatchObject(
      failing('channel_not_found'),
    );
    clock.advance(10_000);
    await expect(update()).rejects.toMatchObject({ retryAfter: 50 });
    expect(fake.violations.splice(0)).toEqual([expect.stringContaining('a 429 was ignored')]);
    clock.advance(60_000);
    await update();
  });

  it('opens a modal once, in time, and tells what was filled in', async () => {
    const clock = createFakeClock();
    const { fake, ann, art, client } = await scene({ clock });
    const element = { type: 'file_input' as const, action_id: 'photo' };
    const blocks = [{ type: 'input' as const, block_id: 'photo', label: plain('Photo'), element }];
    const view = { type: 'modal' as const, title: plain('Film'), submit: plain('Go'), blocks };
    const open = ({ trigger_id }: Record<string, unknown>) =>
      client.views.open({ trigger_id: String(trigger_id), view });
    let submitted = {};
    await listen(fake, ({ type, body, ack }) => {
      if (type === 'slash_commands')
        return void (body['text'] === 'late' ? ack() : open(body).then(() => ack()));
      submitted = body;
      void ack({ response_action: 'errors', errors: { photo: 'no cat' } });
    });
    const { body } = await ann.command('/gramzoom', '', art);
    expect(await ann.submit()).toMatchObject({ errors: { photo: expect.any(String) }, delivery: null });
    ann.fill({ photo: [png] });
    expect(await ann.submit()).toMatchObject({ errors: { photo: 'no cat' } });
    const files = [{ name: 'cat.png' }];
    expect(submitted).toMatchObject({ view: { state: { values: { photo: { photo: { files } } } } } });
    await expect(open(body)).rejects.toMatchObject(failing('exchanged_trigger_id'));
    const late = await ann.command('/gramzoom', 'late', art);
    clock.advance(3000);
    await expect(open(late.body)).rejects.toMatchObject(failing('expired_trigger_id'));
  });

  it('tells one of several connections, and another one where that is gone before it has acknowledged', async () => {
    const { fake, ann, art } = await scene({ events: ['app_mention', 'message.channels'] });
    const told: (Told & { readonly by: number })[] = [];
    for (const by of [1, 2]) await listen(fake, (one) => void told.push({ ...one, by }));
    ann.askBot(art, 'hello', { files: [png], filesIn: 'message' });
    await fake.waitFor('both events', () => told.length === 2);
    expect(new Set(told.map(({ by }) => by)).size).toBe(2);
    expect(told.map(({ body }) => body['event'])).toContainEqual(
      expect.objectContaining({ subtype: 'file_share' }),
    );
    fake.socket.cut(fake.socket.connections[0]!);
    await fake.waitFor('one to be told again', () => told.length === 3);
    await told[2]!.ack();
    const isAcknowledged = () =>
      fake.deliveries.all.filter((one) => one.acknowledgedAt !== null).length === 1;
    await fake.waitFor('the acknowledgement', isAcknowledged);
  });
});
