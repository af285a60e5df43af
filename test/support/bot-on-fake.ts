import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { openPlatforms } from '../../src/bot/platforms.ts';
import { createSealedInstallations } from '../../src/chat/slack/sealed-installations.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { FakeDiscord } from './discord/fake-discord.ts';
import type { FakeSlack } from './slack/fake-slack.ts';

/** Where the platforms are, for tests. */
export type Addresses = NonNullable<Parameters<typeof openPlatforms>[2]>;

/** How the real bot is started in a process of its own. */
export type BotOnFake = {
  readonly program: readonly string[];
  readonly addresses: Addresses;
  readonly environment: Readonly<Record<string, string>>;
};

const program = fileURLToPath(new URL('./run-bot.ts', import.meta.url));

/** For `startBotProcess`: the real bot on fake platforms, with the settings that it needs there. */
export const botAt = (addresses: Addresses, environment: BotOnFake['environment']): BotOnFake => ({
  program: [program, JSON.stringify(addresses)],
  ...{ addresses, environment },
});

/** The same bot, whose films need no engine. */
export const quick = (bot: BotOnFake): BotOnFake => ({ ...bot, program: [...bot.program, 'quick'] });

/** The real bot on a fake Discord. */
export const botOnDiscord = ({ restApi, cdnHost, token }: FakeDiscord): BotOnFake =>
  botAt({ discord: { api: restApi, fileHosts: [`http://${cdnHost}`] } }, { DISCORD_TOKEN: token });

/** Longer than any test lets pass. */
const longMs = 1_000_000_000;

/** The same by a clock that a file sets (see `followClock`), with films that take no time. */
export const quickBotOnDiscord = (fake: FakeDiscord, clockFile: string): BotOnFake => {
  const { addresses, environment } = botOnDiscord(fake);
  const patient = { discord: { ...addresses.discord, heartbeatMs: longMs } };
  const { program } = quick(botAt(patient, environment));
  return { program: [...program, clockFile], addresses: patient, environment };
};

const encryptionKey = createHash('sha256').update('a test').digest();

/** For whichever workspaces `installOnSlack` has noted. */
export const forManyWorkspaces = ({ app }: FakeSlack): BotOnFake['environment'] => ({
  SLACK_CLIENT_ID: app.clientId,
  SLACK_CLIENT_SECRET: app.clientSecret,
  SLACK_ENCRYPTION_KEY: encryptionKey.toString('hex'),
  PUBLIC_URL: 'https://zoom.example.org',
});

/** The real bot on a fake Slack, by Socket Mode. @param environment says for which workspaces */
export const botOnSlack = (
  { apiUrl, origin, appToken }: FakeSlack,
  environment: BotOnFake['environment'],
): BotOnFake =>
  botAt({ slack: { apiUrl, fileHosts: [origin] } }, { SLACK_APP_TOKEN: appToken, ...environment });

/** Notes all installations of a fake Slack in a bot's folder, as if people had installed it by its page. */
export const installOnSlack = async ({ state }: FakeSlack, folder: string): Promise<void> => {
  const { store, close } = await openStore(folder, { clock: systemClock });
  try {
    const sealed = createSealedInstallations(store.installations, {
      key: encryptionKey,
      log: { error: () => {} },
    });
    for (const { tenant, name, token, botUser, bot, scopes } of state.installations) {
      await sealed.save({ tenant, name, botToken: token, botUserId: botUser, botId: bot, scopes });
    }
  } finally {
    await close();
  }
};
