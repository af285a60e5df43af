/** `node .ci/try-bot.ts FOLDER`: the bot starts in FOLDER, shows its page, and ends when it is told to. */
import { strict as assert } from 'node:assert';
import { startBotProcess } from '../test/support/bot-process.ts';

const [folder = ''] = process.argv.slice(2);
const bot = await startBotProcess(folder, { WEB: 'on' });
try {
  const page = await fetch(bot.url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<title>[^<]*Gramzoom/);
  bot.signal('SIGTERM');
  assert.equal(await bot.gone, 0);
} finally {
  bot.killGroup();
}
process.stdout.write(`the bot was at ${bot.url}, on Node ${process.versions.node}\n`);
