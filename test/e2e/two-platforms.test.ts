import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, smallFilm } from '../support/bot-client.ts';
import { type BotOnFake, botAt, botOnDiscord, botOnSlack } from '../support/bot-on-fake.ts';
import { failToStart, startBotProcess } from '../support/bot-process.ts';
import { samplePhoto, temporaryFolder } from '../support/command-line.ts';
import { createFakeDiscord } from '../support/discord/fake-discord.ts';
import { createFakeSlack } from '../support/slack/fake-slack.ts';

const newFolder = (): string => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
};

const start = async (parts: BotOnFake, environment: Readonly<Record<string, string>> = {}) => {
  const bot = await startBotProcess(
    newFolder(),
    { ...parts.environment, ...environment },
    { program: parts.program },
  );
  onTestFinished(async () => {
    bot.killGroup();
    await bot.gone;
  });
  return bot;
};

const slackWithTeam = async () => {
  const fake = await createFakeSlack();
  onTestFinished(fake.close);
  const team = fake.team('museum');
  return { fake, team, single: { SLACK_BOT_TOKEN: team.installation.token } };
};

describe('one bot on Discord and on Slack', () => {
  it('makes a film on each, counts both, and leaves both at SIGTERM', { timeout: 120_000 }, async () => {
    const photo = { name: 'cat.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
    const discord = await createFakeDiscord();
    onTestFinished(discord.close);
    const { fake: slack, team, single } = await slackWithTeam();
    const [ann, bea] = [discord.person('ann'), team.person('bea')];
    const art = discord.guild({ members: [ann] }).channel('art');
    const films = team.channel('films', { members: [bea] });
    const [onDiscord, onSlack] = [botOnDiscord(discord), botOnSlack(slack, single)];
    const bot = await start(
      botAt(
        { ...onDiscord.addresses, ...onSlack.addresses },
        { ...onDiscord.environment, ...onSlack.environment },
      ),
    );
    expect(bot.said[0]).toMatch(/^Gramzoom runs on Discord and Slack/);
    await discord.waitFor('the commands', () => discord.commands.global.size > 0);
    await slack.waitFor('both connections', () => slack.socket.connections.length === 2);

    const asked = await ann.command('gramzoom', { photo, ...smallFilm }, { in: art });
    const question = bea.askBot(films, 'size:64 frames:8 steps:2', { files: [photo] });
    const isGif = ({ name }: { readonly name: string }): boolean => name.endsWith('.gif');
    await discord.waitFor('a film on Discord', () => {
      const thread = asked.reply?.threadId;
      return (
        thread &&
        discord
          .place(thread)
          .messages()
          .some(({ files }) => files.some(isGif))
      );
    });
    await slack.waitFor('a film on Slack', () => films.all().some(({ files }) => files.some(isGif)));
    expect(films.message(question.ts)).toBeDefined();

    const client = createClient(bot.url);
    await client.untilIdle();
    const metrics = await (await client.get('/metrics')).text();
    for (const platform of ['discord', 'slack']) {
      expect(metrics).toContain(`gramzoom_renders_queued_total{platform="${platform}"} 1`);
      expect(metrics).toMatch(
        new RegExp(`gramzoom_event_lag_seconds_count\\{platform="${platform}"\\} [1-9]`),
      );
    }
    expect(await (await client.get('/readyz')).text()).not.toContain('not connected');
    bot.signal('SIGTERM');
    await slack.waitFor('both connections to end', () => slack.socket.connections.length === 0);
    expect(await bot.gone).toBe(0);
    expect([discord.violations, slack.violations]).toEqual([[], []]);
  });
});

describe('a bot that Slack does not let in', () => {
  /** The pause before it ends is shorter. */
  const hurry = `const real = setTimeout;
    globalThis.setTimeout = (work, ms, ...rest) => real(work, ms === 30000 ? 1 : ms, ...rest);`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(hurry)}`;

  it.each([
    ['bot', { SLACK_BOT_TOKEN: 'xoxb-wrong' }, /^Slack does not accept SLACK_BOT_TOKEN: [^\n]*\.\n$/],
    ['app-level', { SLACK_APP_TOKEN: 'xapp-wrong' }, /^Slack does not accept SLACK_APP_TOKEN: [^\n]*\.\n$/],
  ] as const)(
    'with a wrong %s token says so in one sentence and ends with 1',
    { timeout: 120_000 },
    async (_, wrong, sentence) => {
      const { fake, single } = await slackWithTeam();
      const { program, environment } = botOnSlack(fake, { ...single, ...wrong });
      const settings = { ...environment, NODE_OPTIONS: preload, LOG_LEVEL: 'fatal' };
      const { status, stderr } = await failToStart(newFolder(), settings, { program });
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toContain('wrong');
      expect(status).toBe(1);
    },
  );
});
