import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import type { FakeSlack, SlackTeam } from './fake-slack.ts';
import { startFakeSlack } from './start-fake.ts';

/** What goes wrong here does so on purpose. */
const nothing = (): void => {};
const quiet: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
};

const clientOf = (fake: FakeSlack, { installation }: SlackTeam) =>
  new WebClient(installation.token, {
    ...{ slackApiUrl: fake.apiUrl, rejectRateLimitedCalls: true, retryConfig: { retries: 0 } },
    logger: quiet,
  });

const scene = async (options: Parameters<typeof startFakeSlack>[0] = {}) => {
  const fake = await startFakeSlack(options);
  const acme = fake.team('acme');
  const ann = acme.person('ann');
  const art = acme.channel('art', { members: [ann] });
  return { fake, acme, ann, art, client: clientOf(fake, acme) };
};

type Told = {
  readonly type: string;
  readonly body: Record<string, unknown>;
  readonly ack: (answer?: object) => Promise<void>;
};

const listen = async (fake: FakeSlack, hear: (told: Told) => void): Promise<SocketModeClient> => {
  const client = new SocketModeClient({
    ...{ appToken: fake.appToken, clientOptions: { slackApiUrl: fake.apiUrl }, logger: quiet },
    clientPingTimeout: 100,
  });
  client.on('slack_event', (told: Told) => {
    hear(told);
    fake.state.changed();
  });
  await client.start();
  onTestFinished(() => client.disconnect());
  return client;
};

const png = { name: 'cat.png', bytes: Buffer.from('a cat') };
const upload = (client: WebClient, channel: string | undefined, file = png) =>
  client.filesUploadV2({
    file: file.bytes,
    filename: file.name,
    ...(channel && { channel_id: channel }),
  } as never);
const fileIn = (answer: unknown): string =>
  (answer as { files: { files: { id: string }[] }[] }).files[0]?.files[0]?.id ?? '';

describe('the fake Slack', () => {
  it('shows a message, its change and its thread', async () => {
    const { art, client } = await scene();
    const { ts = '' } = await client.chat.postMessage({ channel: art.id, text: 'one' });
    await client.chat.update({ channel: art.id, ts, text: 'two' });
    await client.chat.postMessage({ channel: art.id, text: 'three', thread_ts: ts });
    const [message] = art.messages();
    expect(message).toMatchObject({ text: 'two', isEdited: true, isBot: true });
    expect(art.replies(message!).map(({ text }) => text)).toEqual(['three']);
  });

  it('shares a file only after it has been asked about', async () => {
    const { art, client } = await scene({ pollsUntilShared: 2 });
    const file = fileIn(await upload(client, art.id));
    for (const shares of [0, 0, 1]) {
      const { file: info } = await client.files.info({ file });
      expect(info?.shares?.public?.[art.id]?.length ?? 0).toBe(shares);
      expect(art.messages()).toHaveLength(shares);
    }
  });

  it('refuses a picture that is not processed yet, and takes it later', async () => {
    const { art, client } = await scene();
    const file = fileIn(await upload(client, undefined));
    const blocks = [{ type: 'image' as const, slack_file: { id: file }, alt_text: 'a cat' }];
    const post = () => client.chat.postMessage({ channel: art.id, text: 'a cat', blocks });
    await expect(post()).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    await client.files.info({ file });
    await post();
    expect(art.messages()[0]?.pictures).toEqual([{ alt: 'a cat', bytes: png.bytes }]);
  });

  it('gives a file to whoever has the right token, and a page to sign in to all others', async () => {
    const { fake, acme, ann, art, client } = await scene();
    const {
      files: [photo],
    } = ann.say(art, 'look', { files: [png] });
    const { file } = await client.files.info({ file: photo?.id ?? '' });
    const get = async (token: string) => {
      const answer = await fetch(file?.url_private ?? '', { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, answer.headers.get('content-type'), (await answer.text()).slice(0, 5)];
    };
    expect(await get(acme.installation.token)).toEqual([200, 'image/png', 'a cat']);
    expect(await get('xoxb-wrong')).toEqual([200, 'text/html; charset=utf-8', '<!DOC']);
    expect(fake.requests.filter(({ method }) => method === 'url_private')).toHaveLength(2);
  });

  it('names the scope that is missing', async () => {
    const { art, client } = await scene({ scopes: ['chat:write'] });
    const { ts = '' } = await client.chat.postMessage({ channel: art.id, text: 'one' });
    await expect(
      client.reactions.add({ channel: art.id, timestamp: ts, name: 'game_die' }),
    ).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'reactions:write', provided: 'chat:write' },
    });
  });

  it.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    [
      'a button with too much in it',
      [
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: 'a' }, value: 'a'.repeat(2001) }],
        },
      ],
    ],
    ['a header that is too long', [{ type: 'header', text: { type: 'plain_text', text: 'a'.repeat(151) } }]],
    [
      'a field for files',
      [{ type: 'input', label: { type: 'plain_text', text: 'a' }, element: { type: 'file_input' } }],
    ],
    [
      'two blocks of one id',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
  ])('refuses %s in a message, and remembers it', async (_, blocks) => {
    const { fake, art, client } = await scene();
    await expect(
      client.chat.postMessage({ channel: art.id, text: 'a', blocks: blocks as never }),
    ).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    expect(fake.violations.splice(0)).toHaveLength(1);
  });

  it('lets a workspace change 50 messages a minute, and remembers who goes on all the same', async () => {
    const clock = createFakeClock();
    const { fake, art, client } = await scene({ clock, rateLimits: 'on' });
    const { ts = '' } = await client.chat.postMessage({ channel: art.id, text: 'one' });
    const update = () => client.chat.update({ channel: art.id, ts, text: 'two' });
    for (let count = 0; count < 50; count += 1) await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: 60 });
    clock.advance(10_000);
    await expect(update()).rejects.toMatchObject({ retryAfter: 50 });
    expect(fake.violations.splice(0)).toEqual([expect.stringContaining('a 429 was ignored')]);
    clock.advance(60_000);
    await update();
    const other = fake.team('other');
    await expect(clientOf(fake, other).chat.update({ channel: art.id, ts, text: 'x' })).rejects.toMatchObject(
      {
        data: { error: 'channel_not_found' },
      },
    );
  });

  it('opens a modal once, in time, and tells what was filled in', async () => {
    const clock = createFakeClock();
    const { fake, ann, art, client } = await scene({ clock });
    const view = {
      ...{
        type: 'modal' as const,
        title: { type: 'plain_text' as const, text: 'Film' },
        callback_id: 'film',
      },
      submit: { type: 'plain_text' as const, text: 'Go' },
      blocks: [
        {
          type: 'input' as const,
          block_id: 'photo',
          label: { type: 'plain_text' as const, text: 'Photo' },
          element: { type: 'file_input' as const, action_id: 'photo' },
        },
      ],
    };
    let submitted: Record<string, unknown> = {};
    const open = (trigger_id: string) => client.views.open({ trigger_id, view });
    await listen(fake, ({ type, body, ack }) => {
      if (type === 'slash_commands') return void open(String(body['trigger_id'])).then(() => ack());
      submitted = body;
      void ack({ response_action: 'errors', errors: { photo: 'no cat' } });
    });
    const { body } = await ann.command('/gramzoom', '', art);
    expect(await ann.submit()).toMatchObject({ errors: { photo: expect.any(String) }, delivery: null });
    ann.fill({ photo: [png] });
    expect(await ann.submit()).toMatchObject({ errors: { photo: 'no cat' } });
    expect(submitted).toMatchObject({
      view: { state: { values: { photo: { photo: { files: [{ name: 'cat.png' }] } } } } },
    });
    await expect(open(String(body['trigger_id']))).rejects.toMatchObject({
      data: { error: 'exchanged_trigger_id' },
    });
    const late = fake.deliveries.deliver('interactive', { type: 'block_actions' });
    await late.done;
    const { body: second } = await ann.press(
      {
        ...art.messages()[0]!,
        ...{
          channel: art.id,
          blocks: [
            {
              type: 'actions',
              elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'A' } }],
            },
          ],
        },
      } as never,
      'a',
    );
    clock.advance(3000);
    await expect(open(String(second['trigger_id']))).rejects.toMatchObject({
      data: { error: 'expired_trigger_id' },
    });
  });

  it('tells one of several connections, and another one where that is gone before it has acknowledged', async () => {
    const { fake, ann, art, acme } = await scene({ events: ['app_mention', 'message.channels'] });
    const told: [number, Told][] = [];
    await listen(fake, (one) => void told.push([1, one]));
    await listen(fake, (one) => void told.push([2, one]));
    ann.say(art, `${acme.bot} hello`, { files: [png], filesIn: 'message' });
    await fake.waitFor('both events', () => told.length === 2);
    expect(new Set(told.map(([who]) => who)).size).toBe(2);
    const events = told.map(([, { body }]) => body['event'] as Record<string, unknown>);
    const [mention, message] = ['app_mention', 'message'].map((type) =>
      events.find((one) => one['type'] === type),
    );
    expect(mention && 'files' in mention).toBe(false);
    expect(message).toMatchObject({ type: 'message', subtype: 'file_share', files: [{ name: 'cat.png' }] });
    const [left] = fake.socket.connections;
    fake.socket.cut(left!);
    await fake.waitFor('one to be told again', () => told.length === 3);
    await told[2]![1].ack();
    await fake.waitFor(
      'the acknowledgement',
      () => fake.deliveries.all.filter((one) => one.acknowledgedAt !== null).length === 1,
    );
  });
});
