import { expect, it, vi } from 'vitest';
import { createHttpRequests } from '../../../src/chat/slack/http-requests.ts';
import type { SlackRequest } from '../../../src/chat/slack/receiver.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { signed } from '../../support/slack/deliveries.ts';

const secret = 'a-signing-secret';
const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

const createScene = (
  take: (request: SlackRequest) => Promise<void> = async ({ acknowledge }) => acknowledge(),
) => {
  const clock = createFakeClock();
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };
  const taken: SlackRequest['body'][] = [];
  const answer = createHttpRequests({
    ...{ signingSecret: secret, clock, log },
    take: async (request) => {
      taken.push(request.body);
      await take(request);
    },
  });
  const send = async (
    body: string,
    {
      type = jsonType,
      ageSeconds = 0,
      headers,
    }: {
      readonly type?: string;
      readonly ageSeconds?: number;
      readonly headers?: Record<string, string>;
    } = {},
  ) => {
    const seconds = clock.wallTime() / 1000 - ageSeconds;
    const response = await answer(
      new Request('http://bot/slack/events', {
        ...{ method: 'POST', body },
        headers: { 'content-type': type, ...signed(body, { seconds, secret }), ...headers },
      }),
    );
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return { answer, send, taken, log };
};

it('reads events as JSON, commands as a form, and what people press as JSON in a form', async () => {
  const { send, taken } = createScene();
  await send('{"type":"event_callback"}');
  await send('command=%2Fgramzoom&text=size%3A256+ä', { type: formType });
  await send(String(new URLSearchParams({ payload: '{"type":"block_actions"}' })), {
    type: `${formType}; charset=utf-8`,
  });
  expect(taken).toEqual([
    { type: 'event_callback' },
    { command: '/gramzoom', text: 'size:256 ä' },
    { type: 'block_actions' },
  ]);
});

it('answers with what goes with the acknowledgement, or with nothing', async () => {
  const { send } = createScene(async ({ acknowledge }) => acknowledge({ response_action: 'clear' }));
  expect(await send('{}')).toMatchObject({ status: 200, text: '{"response_action":"clear"}' });
  expect(await createScene().send('{}')).toMatchObject({ status: 200, text: '' });
});

it('answers 503 where it cannot be accepted, so that Slack sends it again', async () => {
  const { send } = createScene(async () => {});
  const { status, headers } = await send('{}');
  expect(status).toBe(503);
  expect(headers.has('x-slack-no-retry')).toBe(false);
});

it('answers the question whether the address is ours, and the looks at it, without taking anything', async () => {
  const { answer, send, taken } = createScene();
  const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c1', token: 't' });
  expect((await send(challenge)).text).toBe('{"challenge":"c1"}');
  expect((await send('ssl_check=1&token=t', { type: formType })).status).toBe(200);
  expect((await answer(new Request('http://bot/slack/events?ssl_check=1'))).status).toBe(200);
  expect(taken).toEqual([]);
});

it.each([
  ['of another secret', { headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }, 'SLACK_SIGNING_SECRET'],
  ['of another version', { headers: { 'x-slack-signature': 'v1=00' } }, 'SLACK_SIGNING_SECRET'],
  ['that is no number of seconds', { headers: { 'x-slack-request-timestamp': 'now' } }, 'not signed'],
  ['from more than five minutes ago', { ageSeconds: 301 }, 'more than 5 minutes ago or ahead'],
  ['from more than five minutes ahead', { ageSeconds: -301 }, 'more than 5 minutes ago or ahead'],
])('refuses a signature %s in a sentence, with one line in the log', async (_which, options, sentence) => {
  const { send, taken, log } = createScene();
  for (const body of ['{"type":"event_callback"}', '{}']) {
    const { status, text, headers } = await send(body, options);
    expect([status, headers.get('x-slack-no-retry')]).toEqual([401, '1']);
    expect(text).toContain(sentence);
  }
  expect(taken).toEqual([]);
  expect(log.warn).toHaveBeenCalledTimes(1);
});

it('takes a signature of nearly five minutes ago', async () => {
  const { send } = createScene();
  expect((await send('{}', { ageSeconds: 299 })).status).toBe(200);
});

it('refuses a request without a signature', async () => {
  const { answer, taken } = createScene();
  const request = new Request('http://bot/slack/events', { method: 'POST', body: '{}' });
  const response = await answer(request);
  expect([response.status, await response.text()]).toEqual([
    401,
    "This is no request of Slack's: it is not signed.\n",
  ]);
  expect(taken).toEqual([]);
});

it.each([
  ['no JSON', '{', jsonType],
  ['no object', '[1]', jsonType],
  ['a form with no JSON in it', 'payload=%7B', formType],
  ['a text', 'hello', 'text/plain'],
])('refuses %s', async (_which, body, type) => {
  const { send, taken } = createScene();
  expect((await send(body, { type })).status).toBe(400);
  expect(taken).toEqual([]);
});

it('reads no more than Slack sends', async () => {
  const { send } = createScene();
  expect((await send(`{"a":"${'x'.repeat(1_000_000)}"}`)).status).toBe(413);
  expect((await send(`{"a":"${'x'.repeat(990_000)}"}`)).status).toBe(200);
});

it('says how requests come where somebody opens the address', async () => {
  const { answer } = createScene();
  const response = await answer(new Request('http://bot/slack/events'));
  expect([response.status, await response.text()]).toEqual([405, 'Slack sends its requests here by POST.\n']);
});
