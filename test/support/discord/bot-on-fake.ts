import { fileURLToPath } from 'node:url';
import type { FakeDiscord } from './fake-discord.ts';

const program = fileURLToPath(new URL('./run-bot.ts', import.meta.url));

/** How the real bot is started in a process of its own, on a fake Discord: for `startBotProcess`. */
export const botOnFake = ({ restApi, cdnHost, token }: FakeDiscord) => ({
  program: [program, restApi, `http://${cdnHost}`],
  environment: { DISCORD_TOKEN: token },
});
