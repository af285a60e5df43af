/**
 * The real bot on a fake Discord: `run-bot.ts API FILE_HOST`. Everything else is as with `gramzoom bot`, which has
 * no setting for these two.
 */
import { openPlatforms } from '../../../src/bot/platforms.ts';
import { botCommand } from '../../../src/command-line/bot-command.ts';
import { exitCode } from '../../../src/command-line/exit-codes.ts';
import { toFailure, toGramzoomError } from '../../../src/domain/errors.ts';
import { en } from '../../../src/messages/en.ts';

const [api = '', fileHost = ''] = process.argv.slice(2);

try {
  const discord = { api, fileHosts: [fileHost] };
  await botCommand({ openPlatforms: (config, deps) => openPlatforms(config, deps, { discord }) });
} catch (thrown) {
  const error = toGramzoomError(thrown);
  process.stderr.write(`${en.operatorSentence(toFailure(error))}\n`);
  process.exit(exitCode(error.code));
}
