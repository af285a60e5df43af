import { expect, it, onTestFinished } from 'vitest';
import { createFakeDiscord } from '../support/discord/fake-discord.ts';
import { startFakeSlack } from '../support/slack/start-fake.ts';
import { createStagedBot, photoNamed, small } from '../support/staged-bot.ts';

it('is on Discord and on Slack in one process, and answers each where it was asked', async () => {
  const [discord, slack] = [await createFakeDiscord(), await startFakeSlack()];
  onTestFinished(() => discord.close());
  const zoo = slack.team('zoo');
  const ann = zoo.person('ann');
  const bea = discord.person('bea');
  const place = discord.guild({ members: [bea] }).channel('art');
  const { start, close, log } = createStagedBot({
    environment: () => ({
      ...{ DISCORD_TOKEN: discord.token, SLACK_BOT_TOKEN: zoo.installation.token },
      ...{ SLACK_APP_TOKEN: slack.appToken, SLACK_SIGNING_SECRET: slack.signingSecret },
    }),
    addresses: {
      discord: { api: discord.restApi, fileHosts: [`http://${discord.cdnHost}`] },
      slack: { apiUrl: slack.apiUrl, fileHosts: [slack.origin] },
    },
    clock: slack.clock,
    onLog: () => {
      discord.core.changed();
      slack.state.changed();
    },
  });
  onTestFinished(close);
  const { platforms, page, operations } = await start();
  expect([platforms, page]).toEqual([['Discord', 'Slack'], null]);

  await discord.waitFor('the commands', () => discord.commands.global.size > 0);
  const options = Object.entries(small).map(([name, value]) => `${name}:${value}`);
  ann.say(ann.direct, options.join(' '), { files: [await photoNamed('ann.png')] });
  await bea.command('gramzoom', { photo: await photoNamed('bea.png'), ...small }, { in: place });
  const isFilm = ({ name }: { readonly name: string }): boolean => name.endsWith('.gif');
  await slack.waitFor('a film on Slack', () => ann.direct.all().some(({ files }) => files.some(isFilm)));
  await discord.waitFor('a film on Discord', () => {
    const thread = place.messages().find(({ threadId }) => threadId !== null)?.threadId;
    return (
      thread &&
      discord
        .place(thread)
        .messages()
        .some(({ files }) => files.some(isFilm))
    );
  });

  const metrics = await (await fetch(`${operations}/metrics`)).text();
  for (const platform of ['discord', 'slack']) {
    expect(metrics).toContain(`gramzoom_renders_queued_total{platform="${platform}"} 1`);
  }
  expect(await (await fetch(`${operations}/readyz`)).text()).not.toContain('not connected');
  expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  expect(discord.violations).toEqual([]);
});
