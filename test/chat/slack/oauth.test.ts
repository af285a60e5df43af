import { expect, it, vi } from 'vitest';
import { createOAuth } from '../../../src/chat/slack/oauth.ts';
import type { Installation } from '../../../src/chat/slack/tenants.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';

const publicUrl = 'https://zoom.example.org';
const address = (path: string): string => `${publicUrl}/slack/${path}`;

const createScene = async ({
  enterprise = null,
  clientSecret,
}: {
  readonly enterprise?: string | null;
  readonly clientSecret?: string;
} = {}) => {
  const fake = await startFakeSlack();
  const zoo = fake.team('zoo', { enterprise, isInstalled: false });
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };
  const saved: Installation[] = [];
  const save = vi.fn(async (installation: Installation) => void saved.push(installation));
  const settings = {
    ...{ clientId: fake.app.clientId, clientSecret: clientSecret ?? fake.app.clientSecret, publicUrl },
    encryptionKey: new Uint8Array(32).fill(7),
  };
  const answer = createOAuth({ settings, apiUrl: fake.apiUrl, tenants: { save }, clock: fake.clock, log });
  const get = async (url: string, headers: Record<string, string> = {}): Promise<Response> => {
    const response = await answer(new Request(url, { headers }));
    if (!response) throw new Error(`${url} is of others`);
    return response;
  };
  /** Somebody begins in a browser, and Slack sends them back. */
  const consent = async () => {
    const begun = await get(address('install'));
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const asked = begun.headers.get('location') ?? '';
    const granted = await fetch(asked, { redirect: 'manual' });
    return { cookie, asked: new URL(asked), back: granted.headers.get('location') ?? '', begun };
  };
  return { fake, zoo, log, saved, save, answer, get, consent };
};

it('sends whoever installs it to Slack, with every scope and a state, and stores what Slack grants', async () => {
  const { fake, zoo, saved, get, consent } = await createScene();
  const { cookie, asked, back, begun } = await consent();
  expect(begun.status).toBe(302);
  expect(begun.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
  expect(asked.searchParams.get('scope')).toContain('chat:write');
  expect(asked.searchParams.get('redirect_uri')).toBe(address('oauth_redirect'));
  const page = await get(back, { cookie });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Gramzoom is in zoo');
  expect(page.headers.get('set-cookie')).toContain('Max-Age=0');
  const { token, botUser, bot, scopes } = zoo.installation;
  expect(saved).toEqual([
    { tenant: zoo.id, name: 'zoo', botToken: token, botUserId: botUser, botId: bot, scopes },
  ]);
  expect(fake.calls('oauth.v2.access')).toHaveLength(1);
});

it('stores an installation for all of an organisation under the organisation', async () => {
  const { saved, get, consent } = await createScene({ enterprise: 'E1' });
  const { cookie, back } = await consent();
  await get(back, { cookie });
  expect(saved).toMatchObject([{ tenant: 'E1', name: 'organisation E1' }]);
});

it('speaks the language of the browser', async () => {
  const { get, consent } = await createScene();
  const { cookie, back } = await consent();
  const page = await get(back, { cookie, 'accept-language': 'fr, de-AT;q=0.8, en;q=0.5' });
  const text = await page.text();
  expect(text).toContain('<html lang="de">');
  expect(text).toContain('Gramzoom ist in zoo');
});

it('installs nothing where the state is not the one of this browser', async () => {
  const { saved, get, consent } = await createScene();
  const [mine, others] = [await consent(), await consent()];
  for (const [back, cookie] of [
    [mine.back, others.cookie],
    [mine.back, ''],
    [mine.back.replace(/state=[^&]*/, 'state='), mine.cookie],
  ] as const) {
    const page = await get(back, { cookie });
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('That took too long');
  }
  expect(saved).toEqual([]);
});

it('installs nothing after more than ten minutes', async () => {
  const { fake, saved, get, consent } = await createScene();
  const { back, cookie } = await consent();
  fake.clock.advance(601_000);
  const page = await get(back, { cookie });
  expect([page.status, await page.text()]).toEqual([400, expect.stringContaining(address('install'))]);
  expect(saved).toEqual([]);
});

it('installs nothing by a code that has been used', async () => {
  const { saved, get, consent } = await createScene();
  const { back, cookie } = await consent();
  await get(back, { cookie });
  expect((await get(back, { cookie })).status).toBe(400);
  expect(saved).toHaveLength(1);
});

it('installs nothing where they change their mind, and says that nothing has been changed', async () => {
  const { saved, get, consent } = await createScene();
  const { asked, cookie } = await consent();
  const state = encodeURIComponent(asked.searchParams.get('state') ?? '');
  const page = await get(`${address('oauth_redirect')}?error=access_denied&state=${state}`, { cookie });
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining('Nothing has been changed'),
  ]);
  expect(saved).toEqual([]);
});

it('installs nothing with secrets that are not those of the app, and names them in the log', async () => {
  const { log, get, consent } = await createScene({ clientSecret: 'another one' });
  const { back, cookie } = await consent();
  const page = await get(back, { cookie });
  expect([page.status, await page.text()]).toEqual([
    502,
    expect.stringContaining('tell whoever runs the bot'),
  ]);
  expect(log.error).toHaveBeenCalledWith(
    'slack: an installation failed',
    expect.objectContaining({ advice: expect.stringContaining('SLACK_CLIENT_SECRET') }),
  );
});

it('installs nothing with a token that expires, and says in the log what to do', async () => {
  const { fake, zoo, saved, log, get, consent } = await createScene();
  const { back, cookie } = await consent();
  const team = { id: zoo.id, name: 'zoo' };
  const granted = { ok: true, access_token: 'xoxe.xoxb-1', expires_in: 43_200, team };
  fake.faults.error('oauth.v2.access', '', { more: granted });
  expect((await get(back, { cookie })).status).toBe(502);
  expect(saved).toEqual([]);
  expect(log.error).toHaveBeenCalledWith(
    'slack: an installation failed',
    expect.objectContaining({ error: expect.objectContaining({ code: 'setup-refused' }) }),
  );
});

it('installs nothing where it cannot be stored', async () => {
  const { save, log, get, consent } = await createScene();
  save.mockRejectedValueOnce(new GramzoomError('disk-full', { folder: null }));
  const { back, cookie } = await consent();
  expect((await get(back, { cookie })).status).toBe(502);
  expect(log.error).toHaveBeenCalledTimes(1);
});

it('is about its own addresses only, which are opened in a browser', async () => {
  const { answer } = await createScene();
  expect(await answer(new Request(address('events')))).toBeNull();
  expect((await answer(new Request(address('install'), { method: 'POST' })))?.status).toBe(405);
});

it('shows what Slack calls a workspace as text', async () => {
  const { fake, get, consent } = await createScene();
  fake.team('<script>alert(1)</script>', { isInstalled: false });
  const { back, cookie } = await consent();
  const page = await get(back, { cookie });
  expect(await page.text()).toContain('&lt;script&gt;');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});
