import { expect, it, onTestFinished } from 'vitest';
import { botAt, quick } from '../support/bot-on-fake.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { startFakeSlack } from '../support/slack/start-fake.ts';
import { photoNamed } from '../support/staged-bot.ts';

/** A bot in a process of its own, on a fake Slack. */
const createScene = async () => {
  const fake = await startFakeSlack();
  const zoo = fake.team('zoo');
  const ann = zoo.person('ann');
  const art = zoo.channel('art', { members: [ann] });
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const { program, environment } = quick(
    botAt(
      { slack: { apiUrl: fake.apiUrl, fileHosts: [fake.origin] } },
      { SLACK_BOT_TOKEN: zoo.installation.token, SLACK_APP_TOKEN: fake.appToken },
    ),
  );
  const start = async (): Promise<BotProcess> => {
    const bot = await startBotProcess(folder.path, environment, { program });
    onTestFinished(async () => {
      bot.killGroup();
      await bot.gone;
    });
    return bot;
  };
  const kill = async (bot: BotProcess): Promise<void> => {
    bot.killGroup();
    await bot.gone;
    await fake.waitFor('its end', () => fake.socket.connections.length === 0);
  };
  return { fake, ann, art, start, kill };
};

it('answers a photo once that a process had acknowledged when it was killed', {
  timeout: 180_000,
}, async () => {
  const { fake, ann, start, kill } = await createScene();
  const first = await start();
  const held = fake.faults.hold('users.info', 'before');
  ann.say(ann.direct, 'size:64 frames:8 steps:1 quality:draft', { files: [await photoNamed()] });
  await held.arrived;
  const [told] = fake.deliveries.all;
  expect(told?.acknowledgedAt).not.toBeNull();
  await kill(first);
  await start();
  const answers = () => ann.direct.messages().filter(({ isBot }) => isBot);
  await fake.waitFor('the answer', () => answers().length > 0);
  fake.deliveries.redeliver(told!);
  await fake.waitFor('the film', () =>
    ann.direct.all().some(({ files }) => files.some(({ name }) => name.endsWith('.gif'))),
  );
  expect(answers()).toHaveLength(1);
});

it('answers a command that a process had acknowledged when it was killed', { timeout: 180_000 }, async () => {
  const { fake, ann, art, start, kill } = await createScene();
  const first = await start();
  const held = fake.faults.hold('response_url', 'before');
  const { hasFailed } = await ann.command('/gramzoom', 'queue', art);
  expect(hasFailed).toBe(false);
  await held.arrived;
  await kill(first);
  await start();
  await fake.waitFor('the answer', () => ann.ephemerals.length > 0);
  expect(ann.ephemerals).toHaveLength(1);
});
