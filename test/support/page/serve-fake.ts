import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BotOnFake } from '../bot-on-fake.ts';
import { createPageServer, type PageDeps } from './page-server.ts';

/** A fake platform with people in it, and its page. */
export type ServedFake = {
  readonly page: PageDeps;
  readonly bot: BotOnFake;
  readonly close: () => Promise<void>;
};

/** The bot in a process and a folder of its own; its log is what this program's terminal shows. */
const startBot = ({ program, environment }: BotOnFake) => {
  const folder = mkdtempSync(join(tmpdir(), 'gramzoom-fake-'));
  const child = spawn(process.execPath, [...program], {
    env: { ...process.env, ...environment, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: 'inherit',
  });
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  return async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
};

/**
 * Serves a fake platform, with the bot on it and a page to use it as one of its people, until Ctrl+C.
 * Ports and tokens are always the same: `-- --port 8490` moves them; `-- --no-bot` leaves the bot to whoever calls it.
 * @param open makes the fake; it may take the ports after the page's
 */
export const serveFake = async (
  usualPort: number,
  open: (port: number) => Promise<ServedFake>,
): Promise<void> => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(usualPort) },
      'no-bot': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const { page, bot, close } = await open(port);
  let stopBot = async (): Promise<void> => {};
  const server = createPageServer(page);
  server.listen(port, '127.0.0.1', () => {
    say(`The page:    http://127.0.0.1:${port}/`);
    if (values['no-bot']) {
      const settings = Object.entries(bot.environment).map(([key, value]) => `${key}=${value}`);
      say('A bot of yours begins so:');
      say(`${settings.join(' ')} node ${bot.program.map((part) => `'${part}'`).join(' ')}`);
    } else stopBot = startBot(bot);
    say('Ctrl+C ends it; nothing is kept.');
  });
  const end = async (): Promise<void> => {
    await stopBot();
    server.close();
    server.closeAllConnections();
    await close();
  };
  // Whoever stops npm hangs up on what it started (src/launchers.mjs).
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());
};
