import { fileURLToPath } from 'node:url';
import type { openPlatforms } from '../../src/bot/platforms.ts';
import type { FakeDiscord } from './discord/fake-discord.ts';

/** Where the platforms are, for tests. */
export type Addresses = NonNullable<Parameters<typeof openPlatforms>[2]>;

/** How the real bot is started in a process of its own. */
export type BotOnFake = {
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

const program = fileURLToPath(new URL('./run-bot.ts', import.meta.url));

/** For `startBotProcess`: the real bot on fake platforms, with the settings that it needs there. */
export const botAt = (addresses: Addresses, environment: BotOnFake['environment']): BotOnFake => ({
  program: [program, JSON.stringify(addresses)],
  environment,
});

/** The real bot on a fake Discord. */
export const botOnDiscord = ({ restApi, cdnHost, token }: FakeDiscord): BotOnFake =>
  botAt({ discord: { api: restApi, fileHosts: [`http://${cdnHost}`] } }, { DISCORD_TOKEN: token });
