import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlatformEvent } from '../../../src/chat/platform.ts';
import { createSealedInstallations } from '../../../src/chat/slack/sealed-installations.ts';
import { createTenants, type Installation } from '../../../src/chat/slack/tenants.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { listenLocally } from '../../support/file-server.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

type Asked = { readonly method: string; readonly token: string; readonly fields: URLSearchParams };
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: object };

const scopes = 'commands,chat:write,files:read,files:write,reactions:read,reactions:write,app_mentions:read';
const me = { ok: true, team_id: 'T1', team: 'One', user_id: 'U0', bot_id: 'B0' };

const refusedFor = (seconds: number | string): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
});

/** The Web API, answering as a test wants it. */
const createApi = async (answer: (asked: Asked) => Answer) => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = {
        method: request.url?.slice('/api/'.length) ?? '',
        token: request.headers.authorization?.slice('Bearer '.length) ?? '',
        fields: new URLSearchParams(body),
      };
      asked.push(one);
      const { status = 200, headers = {}, body: said = { ok: true } } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(said));
    });
  });
  const port = await listenLocally(server);
  return { asked, apiUrl: `http://127.0.0.1:${port}/api/` };
};

const createOffice = async (
  answer: (asked: Asked) => Answer = () => ({}),
  { botToken = null }: { readonly botToken?: string | null } = {},
) => {
  const clock = createFakeClock();
  const { store, close } = await openStore(await createTempFolder(), { clock });
  onTestFinished(close);
  const warned: object[] = [];
  const log = {
    info: () => {},
    warn: (line: string, fields: object = {}) => void warned.push({ line, ...fields }),
    error: () => {},
    forJob: () => log,
  };
  const stored = createSealedInstallations(store.installations, { key: randomBytes(32), log });
  const api = await createApi((asked) =>
    asked.method === 'auth.test'
      ? { body: me, headers: { 'x-oauth-scopes': scopes }, ...answer(asked) }
      : answer(asked),
  );
  const events: PlatformEvent[] = [];
  const open = () =>
    createTenants({
      ...{ botToken, stored, clock, log, apiUrl: api.apiUrl },
      observe: (event) => void events.push(event),
    });
  return { clock, warned, events, open, tenants: open(), asked: api.asked };
};

const installationOf = (tenant: string): Installation => ({
  ...{ tenant, name: tenant, botToken: `xoxb-token-of-${tenant}`, botUserId: 'U1', botId: 'B1', scopes: [] },
});

const hintOf = (teamId?: string, enterpriseId?: string, isEnterpriseInstall = false) => ({
  ...{ teamId, enterpriseId, isEnterpriseInstall },
});

describe('the tenant of a configured token', () => {
  const botToken = 'xoxb-the-token';

  it('is the one that Slack names, asked for once', async () => {
    const { tenants, asked } = await createOffice(undefined, { botToken });
    const installation = {
      ...{ tenant: 'T1', name: 'One', botToken, botUserId: 'U0', botId: 'B0' },
      scopes: scopes.split(','),
    };
    expect(await Promise.all([tenants.find(hintOf('T1')), tenants.all()])).toEqual([
      installation,
      [installation],
    ]);
    expect((await tenants.clients('T1')).installation).toEqual(installation);
    await expect(tenants.clients('T2')).rejects.toMatchObject({ code: 'chat-gone' });
    expect(asked.map(({ method, token }) => [method, token])).toEqual([['auth.test', botToken]]);
  });

  it('is the organisation where it is for all workspaces', async () => {
    const body = { ...me, enterprise_id: 'E1', is_enterprise_install: true };
    const { tenants } = await createOffice(() => ({ body }), { botToken });
    expect(await tenants.find(hintOf('T1', 'E1'))).toMatchObject({ tenant: 'E1' });
  });

  it('is told at the start what it lacks, and what for', async () => {
    const { tenants, warned } = await createOffice(undefined, { botToken });
    await tenants.check();
    expect(warned).toContainEqual({
      line: 'slack: a scope is missing; install the app again to grant it',
      ...{ tenant: 'T1', scope: 'users:read', purpose: expect.stringContaining('language') },
    });
    expect(warned).not.toContainEqual(expect.objectContaining({ scope: 'chat:write' }));
  });

  it.each(['invalid_auth', 'account_inactive', 'token_revoked'])(
    'ends the start where Slack says %s, but gives up nothing that is stored',
    async (error) => {
      const { tenants } = await createOffice(() => ({ body: { ok: false, error } }), { botToken });
      await expect(tenants.clients('T1')).rejects.toMatchObject({ code: 'chat-unreachable' });
      await expect(tenants.check()).rejects.toMatchObject({
        code: 'token-refused',
        data: { platform: 'Slack', key: 'SLACK_BOT_TOKEN', advice: expect.stringContaining('xoxb-') },
      });
    },
  );

  it('is asked for again after trouble on the way', async () => {
    let isDown = true;
    const { tenants } = await createOffice(
      () => (isDown ? { body: { ok: false, error: 'internal_error' } } : {}),
      { botToken },
    );
    await expect(tenants.check()).rejects.toMatchObject({ code: 'chat-unreachable' });
    expect(await tenants.all()).toEqual([]);
    isDown = false;
    await tenants.check();
    expect(await tenants.all()).toMatchObject([{ tenant: 'T1' }]);
  });

  it('is gone once the bot is uninstalled', async () => {
    const { tenants } = await createOffice(undefined, { botToken });
    await tenants.find(hintOf('T1'));
    await tenants.remove('T1');
    await expect(tenants.find(hintOf('T1'))).rejects.toMatchObject({ code: 'chat-gone' });
    expect(await tenants.all()).toEqual([]);
  });
});

describe('tenants that have installed the bot', () => {
  it('are each spoken to with their own token, also by a later process', async () => {
    const office = await createOffice();
    for (const tenant of ['T1', 'T2']) await office.tenants.save(installationOf(tenant));
    for (const tenants of [office.tenants, office.open()]) {
      expect(await tenants.all()).toHaveLength(2);
      for (const tenant of ['T1', 'T2']) await (await tenants.clients(tenant)).answers.api.test();
    }
    const tokens = ['xoxb-token-of-T1', 'xoxb-token-of-T2'];
    expect(office.asked.map(({ token }) => token)).toEqual([...tokens, ...tokens]);
  });

  it('stand beside the one of the configured token, and before it', async () => {
    const { tenants } = await createOffice(undefined, { botToken: 'xoxb-the-token' });
    await tenants.save(installationOf('T2'));
    expect((await tenants.all()).map(({ tenant }) => tenant)).toEqual(['T1', 'T2']);
    await tenants.save(installationOf('T1'));
    expect(await tenants.find(hintOf('T1'))).toMatchObject({ botToken: 'xoxb-token-of-T1' });
  });

  it('speak with the newest token, and not at all once they are removed', async () => {
    const { tenants } = await createOffice();
    await tenants.save(installationOf('T1'));
    await tenants.clients('T1');
    await tenants.save({ ...installationOf('T1'), botToken: 'xoxb-newer' });
    expect((await tenants.clients('T1')).answers.token).toBe('xoxb-newer');
    await tenants.remove('T1');
    await tenants.remove('T1');
    await expect(tenants.clients('T1')).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('are found by organisation where it installed the bot for all its workspaces, else by workspace', async () => {
    const { tenants } = await createOffice();
    for (const tenant of ['T1', 'E1']) await tenants.save(installationOf(tenant));
    const found = async (...hint: Parameters<typeof hintOf>) => (await tenants.find(hintOf(...hint))).tenant;
    expect(await found('T1', 'E1')).toBe('T1');
    expect(await found('T1', 'E1', true)).toBe('E1');
    expect(await found(undefined, 'E1', true)).toBe('E1');
    expect(await found('T2', 'E1')).toBe('E1');
    await expect(found('T2')).rejects.toMatchObject({ code: 'chat-gone' });
    await expect(found()).rejects.toMatchObject({ code: 'chat-gone' });
  });
});

describe('a refusal for too many requests', () => {
  const message = { channel: 'C1', text: 'hello' };
  const refusing = async (seconds: number | string) => {
    const refusals = new Set(['chat.postMessage xoxb-token-of-T1', 'users.info xoxb-token-of-T1']);
    const office = await createOffice(({ method, token }) =>
      refusals.delete(`${method} ${token}`) ? refusedFor(seconds) : {},
    );
    for (const tenant of ['T1', 'T2']) await office.tenants.save(installationOf(tenant));
    const [one, other] = [await office.tenants.clients('T1'), await office.tenants.clients('T2')];
    return { ...office, one, other };
  };

  it('is thrown to whoever may not ask twice, and holds that method alone', async () => {
    const { one, other, asked, clock, events } = await refusing(20);
    const post = () => one.once.chat.postMessage(message);
    await expect(post()).rejects.toMatchObject({ retryAfter: 20 });
    clock.advance(19_000);
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
    await one.once.chat.update({ ...message, ts: '1.2' });
    await other.once.chat.postMessage(message);
    clock.advance(1000);
    await post();
    expect(events).toEqual([{ platform: 'slack', kind: 'rate-limited' }]);
    const posts = asked.filter(({ method, token }) => method === 'chat.postMessage' && token.endsWith('T1'));
    expect(posts).toHaveLength(2);
  });

  it.each([
    [0, 1],
    [-5, 1],
    [31_536_000, 600],
    ['soon', 30],
  ])('holds a method for a time that makes sense, also where Slack says %s', async (said, seconds) => {
    const { one, asked, clock } = await refusing(said);
    const post = () => one.once.chat.postMessage(message);
    await expect(post()).rejects.toMatchObject({ retryAfter: seconds });
    expect(asked).toHaveLength(1);
    clock.advance(seconds * 1000);
    await post();
    expect(asked).toHaveLength(2);
  });

  it('is waited out where that is short and nothing happens twice', async () => {
    const { one, asked, clock } = await refusing(2);
    const answer = one.answers.users.info({ user: 'U1' });
    await expect.poll(() => clock.waiting).toBe(1);
    clock.advance(2000);
    await answer;
    expect(asked.map(({ method }) => method)).toEqual(['users.info', 'users.info']);
  });

  it('concerns one workspace of an organisation, and not the others', async () => {
    const office = await createOffice(({ fields }) => (fields.get('channel') === 'C1' ? refusedFor(20) : {}));
    await office.tenants.save(installationOf('E1'));
    const { once: client } = await office.tenants.clients('E1');
    await expect(client.chat.postMessage(message)).rejects.toMatchObject({ retryAfter: 20 });
    await client.chat.postMessage({ ...message, channel: 'C2' });
  });
});

describe('a request whose answer is lost', () => {
  it('is made again for lookups, and never for what must not happen twice', async () => {
    const { tenants, asked } = await createOffice(() => ({ status: 503 }));
    await tenants.save(installationOf('T1'));
    const { answers, once: client } = await tenants.clients('T1');
    await expect(client.chat.postMessage({ channel: 'C1', text: '' })).rejects.toMatchObject({
      statusCode: 503,
    });
    expect(asked).toHaveLength(1);
    await expect(answers.users.info({ user: 'U1' })).rejects.toMatchObject({ statusCode: 503 });
    expect(asked).toHaveLength(4);
  });
});
