import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealedInstallations } from '../../../src/chat/slack/sealed-installations.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';
import { createSlackBot, listeningOnSlack } from '../../support/slack-bot.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

describe('a start on Slack', () => {
  it.each([
    ['bot', { botToken: 'xoxb-of-nobody' }, 'SLACK_BOT_TOKEN'],
    ['app', { appToken: 'xapp-of-nobody' }, 'SLACK_APP_TOKEN'],
  ])('ends with the name of the setting where the %s token is a wrong one', async (_what, wrong, key) => {
    const fake = await startFakeSlack();
    const { token: botToken } = fake.team('zoo').installation;
    const bot = await createSlackBot(fake, { botToken, folder: await createTempFolder(), ...wrong });
    await expect(bot.start()).rejects.toMatchObject({ code: 'token-refused', data: { key } });
  });

  it('names each scope that is missing with what it is for, and goes on', async () => {
    const { logged, platform } = await listeningOnSlack({ scopes: ['chat:write', 'commands'] });
    const lines = logged.filter((line) => line.includes('a scope is missing'));
    expect(lines.find((line) => line.includes('files:write'))).toContain('posting pictures and films');
    expect(lines.some((line) => line.includes('chat:write'))).toBe(false);
    await expect.poll(() => platform.health()).toBeNull();
  });

  it('ends where the key opens none of the stored installations, and changes none of them', async () => {
    const fake = await startFakeSlack();
    const { tenant, token: botToken } = fake.team('zoo').installation;
    const folder = await createTempFolder();
    const before = await openStore(folder, { clock: fake.clock });
    const { installations } = before.store;
    const key = randomBytes(32);
    await createSealedInstallations(installations, { key, log: { error: () => {} } }).save({
      ...{ tenant, name: 'zoo', botToken, botUserId: 'U1', botId: 'B1', scopes: [] },
    });
    const stored = await installations.all('slack');
    await before.close();
    const oauth = { clientId: '1.2', clientSecret: 'secret', publicUrl: 'https://zoom.example.org' };
    const bot = await createSlackBot(fake, {
      ...{ botToken, folder },
      oauth: { ...oauth, encryptionKey: randomBytes(32) },
    });
    await expect(bot.start()).rejects.toMatchObject({
      code: 'configuration',
      data: { key: 'SLACK_ENCRYPTION_KEY' },
    });
    await bot.close();
    const after = await openStore(folder, { clock: fake.clock });
    expect(await after.store.installations.all('slack')).toEqual(stored);
    await after.close();
  });
});
