import { expect, it, vi } from 'vitest';
import { createDepartures, wasShared } from '../../../src/chat/slack/departures.ts';
import { encodeMessageRef, type SlackPlace } from '../../../src/chat/slack/place.ts';
import { createTenants, type Installation } from '../../../src/chat/slack/tenants.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenders } from '../../support/fake-renders.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';
import { listeningOnSlack } from '../../support/slack-bot.ts';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };

const hintOf = (teamId: string | undefined, enterpriseId?: string) => ({
  ...{ teamId, enterpriseId, isEnterpriseInstall: enterpriseId !== undefined },
});

/** Departures of those who have installed the bot, with a Slack to ask. */
const createScene = async () => {
  const fake = await startFakeSlack({ rateLimits: 'off' });
  const clock = createFakeClock();
  const kept = new Map<string, Installation>();
  const tenants = createTenants({
    ...{ botToken: null, apiUrl: fake.apiUrl, clock, log, observe: () => {} },
    stored: {
      save: async (installation) => void kept.set(installation.tenant, installation),
      get: async (tenant) => kept.get(tenant),
      all: async () => [...kept.values()],
      remove: async (tenant) => void kept.delete(tenant),
    },
  });
  const left: string[] = [];
  const gone: string[] = [];
  const chat = createFakeChat({ platform: 'slack' });
  const renders = {
    ...createFakeRenders(() => chat, {
      put: async () => expect.unreachable(),
      remove: async () => expect.unreachable(),
    }),
    leave: async (_platform: string, server: string) => left.push(server),
    filmGone: async ({ ref }: { readonly ref: string }) => void gone.push(ref),
  };
  const closing = new AbortController();
  const departures = createDepartures({ renders, tenants, clock, log, signal: closing.signal });
  const install = async (name: string, enterprise: string | null = null) => {
    const team = fake.team(name, { enterprise });
    const { tenant, token, botUser, bot } = team.installation;
    await tenants.save({ tenant, name, botToken: token, botUserId: botUser, botId: bot, scopes: [] });
    return team;
  };
  const looks = () => fake.calls('auth.test').length;
  return { fake, clock, tenants, renders, departures, install, closing, left, gone, looks };
};

it.each(['uninstall', 'revokeTokens'] as const)('hears of it from Slack, once (%s)', async (how) => {
  const { fake, team, asked, logged, calls } = await listeningOnSlack();
  team[how]();
  expect(await asked('leave')).toEqual([['leave', 'slack', team.id]]);
  await fake.waitFor('the line about it', () => logged.some((line) => line.includes('the app was removed')));
  expect(calls).toHaveLength(1);
});

it('forgets a workspace that removes the app, with its renders, and no other', async () => {
  const { departures, tenants, install, left } = await createScene();
  const [zoo, park] = [await install('zoo'), await install('park')];
  zoo.uninstall();
  await departures.uninstalled({ hint: hintOf(zoo.id) });
  await departures.uninstalled({ hint: hintOf(zoo.id) });
  expect((await tenants.all()).map(({ tenant }) => tenant)).toEqual([park.id]);
  await expect(tenants.clients(zoo.id)).rejects.toMatchObject({ code: 'chat-gone' });
  expect(left).toEqual([zoo.id]);
});

it("forgets it when the bot's token is revoked, and not for a person's", async () => {
  const { departures, tenants, install, left, looks } = await createScene();
  const zoo = await install('zoo');
  zoo.revokeTokens();
  await departures.tokensRevoked({ body: { tokens: { bot: [] } }, hint: hintOf(zoo.id) });
  expect([looks(), (await tenants.all()).length]).toEqual([0, 1]);
  await departures.tokensRevoked({ body: { tokens: { bot: ['U1'] } }, hint: hintOf(zoo.id) });
  expect(await tenants.all()).toEqual([]);
  expect(left).toEqual([zoo.id]);
});

it('keeps one that has installed the app again meanwhile', async () => {
  const { departures, tenants, install, left, clock, looks } = await createScene();
  const zoo = await install('zoo');
  const told = departures.uninstalled({ hint: hintOf(zoo.id) });
  for (const [count, afterMs] of [
    [1, 5_000],
    [2, 30_000],
  ] as const) {
    await expect.poll(() => [looks(), clock.waiting]).toEqual([count, 1]);
    clock.advance(afterMs);
  }
  await told;
  expect(await tenants.all()).toHaveLength(1);
  expect(left).toEqual([]);
});

it('leaves the question to the next process where this one stops', async () => {
  const { departures, tenants, install, closing, clock, looks } = await createScene();
  const zoo = await install('zoo');
  const told = departures.uninstalled({ hint: hintOf(zoo.id) });
  await expect.poll(() => [looks(), clock.waiting]).toEqual([1, 1]);
  closing.abort();
  await expect(told).rejects.toMatchObject({ code: 'stopping' });
  expect(await tenants.all()).toHaveLength(1);
});

it('forgets an organisation with the renders of its workspaces, and not those of others', async () => {
  const { departures, tenants, install, left, renders } = await createScene();
  const [hq, zoo] = [await install('hq', 'E1'), await install('zoo')];
  renders.busyServers = async () => [hq.id, zoo.id, 'T99'];
  hq.uninstall();
  await departures.uninstalled({ hint: hintOf(undefined, 'E1') });
  expect((await tenants.all()).map(({ tenant }) => tenant)).toEqual([zoo.id]);
  expect(left).toEqual([hq.id, 'T99']);
});

it('keeps an organisation that one of its workspaces leaves, and cancels what that one had', async () => {
  const { departures, tenants, install, left } = await createScene();
  await install('hq', 'E1');
  await departures.teamsRemoved({ body: { team_ids: ['T7', 'T8'] } } as never);
  expect(await tenants.all()).toHaveLength(1);
  expect(left).toEqual(['T7', 'T8']);
});

const place: SlackPlace = {
  ...{ tenant: 'T1', team: 'T1', channel: 'C1', thread: null, user: 'U1', locale: 'en-US' },
  ...{ isDirect: false, isOwnThread: false },
};
const film = (channel: string, ts: string, file: string) =>
  encodeMessageRef({ channel, ts }, { place, role: 'final', files: [file], isEphemeral: false });

it('notices a film whose file or channel somebody has deleted, and no other', async () => {
  const { departures, renders, gone } = await createScene();
  const films = [film('C1', '1.1', 'F1'), film('C1', '1.2', 'F2'), film('C2', '1.3', 'F3')];
  renders.filmMessages = async () => films;
  renders.renderAt = async () => ({ id: 'film' as JobId }) as never;
  renders.film = async () => ({ blob: 'blob' as never, format: 'gif' });
  await departures.fileDeleted({ body: { file_id: 'F2' } } as never);
  await departures.fileDeleted({ body: { file_id: 'F' } } as never);
  expect(gone).toEqual(['C1/1.2']);
  await departures.channelDeleted({ body: { channel: 'C2' } } as never);
  expect(gone).toEqual(['C1/1.2', 'C2/1.3']);
});

it('takes no film for deleted that the bot itself has taken away', async () => {
  const { departures, renders, gone } = await createScene();
  renders.filmMessages = async () => [film('C1', '1.1', 'F1')];
  renders.renderAt = async () => ({ id: 'film' as JobId }) as never;
  renders.film = async () => {
    throw new Error('result-expired');
  };
  await departures.fileDeleted({ body: { file_id: 'F1' } } as never);
  expect(gone).toEqual([]);
});

it('looks at no file that was in no channel, such as pictures on the way', () => {
  expect(
    [[], ['C1'], undefined].map((channels) => wasShared({ file_id: 'F1', channel_ids: channels })),
  ).toEqual([false, true, true]);
});
