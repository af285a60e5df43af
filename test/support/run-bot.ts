/**
 * The real bot on fake platforms: `run-bot.ts ADDRESSES`, where they are, as JSON; with `quick` after them, films come
 * from a renderer without an engine, and with a file after that, it goes by the clock that the file sets. Everything
 * else is as with `gramzoom bot`, which has no settings for that.
 */
import { openPlatforms } from '../../src/bot/platforms.ts';
import { botCommand } from '../../src/command-line/bot-command.ts';
import { exitCode } from '../../src/command-line/exit-codes.ts';
import { toFailure, toGramzoomError } from '../../src/domain/errors.ts';
import { en } from '../../src/messages/en.ts';
import type { Addresses } from './bot-on-fake.ts';
import { followClock } from './set-clock.ts';

const clockFile = process.argv[4];
const addresses: Addresses = JSON.parse(process.argv[2] ?? '{}');

try {
  await botCommand({
    openPlatforms: (config, deps) => openPlatforms(config, deps, addresses),
    ...(clockFile !== undefined && { clock: followClock(clockFile) }),
    ...(process.argv[3] === 'quick' && {
      renderer: (await import('./quick-renderer.ts')).createQuickRenderer(),
    }),
  });
} catch (thrown) {
  const error = toGramzoomError(thrown);
  process.stderr.write(`${en.operatorSentence(toFailure(error))}\n`);
  process.exit(exitCode(error.code));
}
