import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Person } from '../support/slack/person.ts';
import type { Place } from '../support/slack/place.ts';
import {
  createSlackStage,
  endless,
  inWords,
  photoNamed,
  type SlackStage,
  small,
} from '../support/slack-stage.ts';
import { isTrouble } from '../support/staged-bot.ts';

let stage: SlackStage;
let address: string;

beforeAll(async () => {
  stage = await createSlackStage({
    environment: ({ app }) => ({
      ...{ SLACK_BOT_TOKEN: '', PUBLIC_URL: 'https://bot.example' },
      ...{ SLACK_CLIENT_ID: app.clientId, SLACK_CLIENT_SECRET: app.clientSecret },
      SLACK_ENCRYPTION_KEY: 'ab'.repeat(32),
    }),
  });
  address = (await stage.start()).operations;
});
afterAll(() => stage.close());
afterEach(() => {
  expect(stage.fake.violations).toEqual([]);
  expect(stage.log.filter(isTrouble)).toEqual([]);
});

/** A workspace whose admin has just installed the bot, with a person and a channel. */
const workspace = async (name: string, enterprise: string | null = null) => {
  const team = stage.fake.team(name, { enterprise, isInstalled: false });
  const install = async (): Promise<void> => {
    const begun = await fetch(`${address}/slack/install`, { redirect: 'manual' });
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const granted = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const back = new URL(granted.headers.get('location') ?? '');
    const page = await fetch(`${address}${back.pathname}${back.search}`, { headers: { cookie } });
    expect(page.status).toBe(200);
  };
  await install();
  const ann = team.person('ann');
  return { team, install, ann, place: team.channel('art', { members: [ann] }) };
};

const ask = async (person: Person, place: Place, options: object = small): Promise<void> =>
  void person.askBot(place, inWords({ ...options }), { files: [await photoNamed()] });

it('workspaces and organisations that install the bot have their films, and one that Slack holds up no less', async () => {
  const { fake, film } = stage;
  const [zoo, farm, museum] = [
    await workspace('zoo'),
    await workspace('farm'),
    await workspace('museum', 'E0MUSEUM'),
  ];
  // What Slack refuses in one workspace holds nobody else up.
  fake.faults.rateLimited('chat.postMessage', 600, { params: { channel: zoo.place.id } });
  for (const { ann, place } of [zoo, farm, museum]) await ask(ann, place);
  for (const { team, place } of [farm, museum]) {
    const { user } = await film(place);
    expect(user).toBe(team.installation.botUser);
  }
  expect(zoo.place.all().filter(({ isBot }) => isBot)).toEqual([]);
  await stage.acknowledged();
  fake.clock.advance(601_000);
  await film(zoo.place);
});

it.each(['uninstall', 'revokeTokens'] as const)(
  'a workspace that removes the bot while a film renders loses it, others do not, and it may come back (%s)',
  async (how) => {
    const { fake, film, filmsIn, log } = stage;
    const [farm, zoo] = [await workspace(`farm-${how}`), await workspace(`zoo-${how}`)];
    await ask(zoo.ann, zoo.place, endless);
    const shown = () => zoo.place.all().find(({ isBot }) => isBot)?.text ?? '';
    await fake.waitFor('it to render', () => /^(?:Painting|Frame)/.test(shown()));
    await ask(farm.ann, farm.place);
    const { length } = log;
    zoo.team[how]();
    await fake.waitFor('its end', () => log.slice(length).some(({ msg }) => msg === 'render: cancelled'));
    await film(farm.place);
    expect(filmsIn(zoo.place)).toEqual([]);

    await zoo.install();
    zoo.place.invite(zoo.team.installation.botUser);
    await ask(zoo.ann, zoo.place);
    expect((await film(zoo.place)).user).toBe(zoo.team.installation.botUser);
  },
);

it('somebody of another workspace has films in a channel that two share, and takes them away', async () => {
  const { fake, film } = stage;
  const [zoo, farm] = [await workspace('zoo-shared'), await workspace('farm-shared')];
  const tom = farm.team.person('tom');
  const shared = zoo.team.channel('shared', { members: [zoo.ann, tom], sharedWith: [farm.team] });
  // Whoever has the bot at home, too, speaks with the one that is there.
  tom.say(shared, `${zoo.team.bot} ${inWords(small)}`, { files: [await photoNamed()] });
  const message = await film(shared);
  expect(message).toMatchObject({
    user: zoo.team.installation.botUser,
    words: expect.stringContaining(tom.mention),
  });
  tom.react(message, 'x');
  await fake.waitFor('it to go', () => shared.all().every(({ isBot }) => !isBot));
});
