/** What Slack's ways of telling things do to what people see: told twice, late, by another connection, or by nobody. */
import { expect, it, onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/setting.ts';
import type { FakeSlack, SlackTeam } from '../support/slack/fake-slack.ts';
import type { Person } from '../support/slack/person.ts';
import type { MessageView, Place } from '../support/slack/place.ts';
import { startFakeSlack } from '../support/slack/start-fake.ts';
import { createStagedBot, photoNamed } from '../support/staged-bot.ts';

const options = 'size:64 frames:8 steps:1 quality:draft';

type Transport = 'socket' | 'http';

/** A bot on a fake Slack, which can be stopped and started again. */
const createScene = async ({
  transport = 'socket',
  environment = ({ installation }) => ({ SLACK_BOT_TOKEN: installation.token }),
  enterprise = null,
  isInstalled = true,
}: {
  readonly transport?: Transport;
  readonly environment?: (team: SlackTeam, fake: FakeSlack) => Environment;
  readonly enterprise?: string | null;
  readonly isInstalled?: boolean;
} = {}) => {
  const fake = await startFakeSlack();
  const zoo = fake.team('zoo', { enterprise, isInstalled });
  const ann = zoo.person('ann');
  const staged = createStagedBot({
    environment: () => ({
      ...environment(zoo, fake),
      ...(transport === 'socket'
        ? { SLACK_APP_TOKEN: fake.appToken }
        : { SLACK_SIGNING_SECRET: fake.signingSecret }),
    }),
    addresses: { slack: { apiUrl: fake.apiUrl, fileHosts: [fake.origin] } },
    ...{ clock: fake.clock, onLog: () => fake.state.changed() },
  });
  onTestFinished(() => staged.close());
  const start = async () => {
    const bot = await staged.start();
    if (transport === 'http') fake.deliveries.deliverTo(`${bot.operations}/slack/events`);
    return bot;
  };
  /** Nothing that was told is unanswered. */
  const acknowledged = () =>
    fake.waitFor('the acknowledgements', () =>
      fake.deliveries.all.every(({ acknowledgedAt }) => acknowledgedAt !== null),
    );
  const films = (place: Place): readonly MessageView[] =>
    place.all().filter(({ files, isBot }) => isBot && files.some(({ name }) => name.endsWith('.gif')));
  /** Somebody asks in a direct message. */
  const ask = async (person: Person) => {
    person.say(person.direct, options, { files: [await photoNamed()] });
    return fake.deliveries.all.at(-1)!;
  };
  /** All films that somebody has, once there are so many and nothing more is going on. */
  const filmsOf = async (place: Place, count: number): Promise<readonly MessageView[]> => {
    await fake.waitFor(`${count} films`, () => films(place).length >= count);
    await acknowledged();
    return films(place);
  };
  const problems = () =>
    staged.log.filter(({ level }) => ['warn', 'error'].includes(level)).map(({ msg }) => msg);
  return {
    fake,
    zoo,
    ann,
    start,
    stop: staged.stop,
    log: staged.log,
    acknowledged,
    ask,
    films,
    filmsOf,
    problems,
  };
};

/** What the bot has answered, not counting what it has said under it. */
const answersIn = (place: Place): readonly MessageView[] => place.messages().filter(({ isBot }) => isBot);

it.each<Transport>(['socket', 'http'])(
  'answers once what is told again, also after a restart (%s)',
  async (transport) => {
    const { fake, ann, start, stop, ask, filmsOf, acknowledged } = await createScene({ transport });
    await start();
    const told = await ask(ann);
    fake.deliveries.redeliver(told);
    expect(await filmsOf(ann.direct, 1)).toHaveLength(1);
    await stop();
    await start();
    fake.deliveries.redeliver(told, { retry: 3 });
    fake.deliveries.redeliver(told, { retry: 0 });
    await acknowledged();
    const next = await ask(ann);
    expect(await filmsOf(ann.direct, 2)).toHaveLength(2);
    expect(answersIn(ann.direct)).toHaveLength(2);
    expect(next.attempts).toBe(1);
  },
);

it('answers what was said while it was away, and while its connections come anew', async () => {
  const { fake, ann, start, ask, filmsOf } = await createScene();
  await ask(ann);
  await start();
  expect(await filmsOf(ann.direct, 1)).toHaveLength(1);
  for (const connection of [...fake.socket.connections]) fake.socket.disconnect(connection);
  await ask(ann);
  expect(await filmsOf(ann.direct, 2)).toHaveLength(2);
});

it('answers an event although both connections are cut before it is acknowledged', async () => {
  const { fake, ann, start, ask, filmsOf } = await createScene();
  await start();
  await fake.waitFor('both connections', () => fake.socket.connections.length === 2);
  await ask(ann);
  for (const connection of [...fake.socket.connections]) fake.socket.cut(connection);
  expect(await filmsOf(ann.direct, 1)).toHaveLength(1);
});

it('takes nothing that Slack has not signed a moment ago', async () => {
  const { fake, ann, start, ask, filmsOf } = await createScene({ transport: 'http' });
  await start();
  const { body } = await ask(ann);
  await filmsOf(ann.direct, 1);
  const forged = { ...body, event_id: 'Ev0FORGED' };
  expect(await fake.deliveries.forge(forged, { secret: 'another secret' })).toBe(401);
  expect(await fake.deliveries.forge(forged, { ageSeconds: 301 })).toBe(401);
  await ask(ann);
  expect(await filmsOf(ann.direct, 2)).toHaveLength(2);
});

it('serves no requests over HTTP where no signing secret is set', async () => {
  const { start } = await createScene();
  const { operations } = await start();
  expect((await fetch(`${operations}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(404);
});

it('closes its connections when it stops', async () => {
  const { fake, start, stop } = await createScene();
  await start();
  await fake.waitFor('both connections', () => fake.socket.connections.length === 2);
  await stop();
  await fake.waitFor('their end', () => fake.socket.connections.length === 0);
});

const severalWorkspaces = (_: SlackTeam, { app }: FakeSlack): Environment => ({
  ...{ SLACK_CLIENT_ID: app.clientId, SLACK_CLIENT_SECRET: app.clientSecret },
  ...{ SLACK_ENCRYPTION_KEY: '7'.repeat(64), PUBLIC_URL: 'https://zoom.example.org' },
});

/** Somebody opens the bot's address in a browser, agrees on Slack's page, and is sent back. */
const installBy = async (operations: string): Promise<string> => {
  const local = (url: string): string => url.replace('https://zoom.example.org', operations);
  const begun = await fetch(`${operations}/slack/install`, { redirect: 'manual' });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const agreed = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const back = await fetch(local(agreed.headers.get('location') ?? ''), { headers: { cookie } });
  return await back.text();
};

it('acknowledges what has come in before it closes its connections', async () => {
  const { fake, zoo, ann, start, stop, problems } = await createScene();
  await start();
  const art = zoo.channel('art', { members: [ann] });
  const held = fake.faults.hold('views.open', 'before');
  const asked = ann.command('/gramzoom', '', art);
  await held.arrived;
  const stopping = stop();
  held.release();
  const { hasFailed } = await asked;
  await stopping;
  expect(hasFailed).toBe(false);
  expect(problems().filter((line) => !line.includes('a scope is missing'))).toEqual([]);
});

it.each([
  ['a workspace', null],
  ['an organisation', 'E1'],
])('answers in %s that has installed it, also after a restart', async (_which, enterprise) => {
  const { ann, start, stop, ask, filmsOf, problems } = await createScene({
    ...{ environment: severalWorkspaces, enterprise, isInstalled: false },
  });
  const { operations } = await start();
  expect(await installBy(operations)).toContain(enterprise === null ? 'zoo' : 'organisation E1');
  await ask(ann);
  expect(await filmsOf(ann.direct, 1)).toHaveLength(1);
  await stop();
  await start();
  await ask(ann);
  expect(await filmsOf(ann.direct, 2)).toHaveLength(2);
  expect(problems().filter((line) => !line.includes('a scope is missing'))).toEqual([]);
});

it('acknowledges what comes from a workspace that has not installed it, and answers nothing there', async () => {
  const { fake, ann, start, problems, acknowledged } = await createScene({ environment: severalWorkspaces });
  await start();
  ann.say(ann.direct, options, { files: [await photoNamed()] });
  const { channel } = ann.direct;
  await acknowledged();
  await fake.waitFor('the line', () => problems().length > 0);
  expect(problems()).toEqual(['slack: a request of a workspace in which the bot is not installed']);
  expect([...channel.messages]).toHaveLength(1);
});

it('answers somebody of another workspace in a shared channel, as the bot that they talk to', async () => {
  const { fake, zoo, start, films, filmsOf } = await createScene();
  const farm = fake.team('farm', { isInstalled: false });
  const bob = farm.person('bob');
  const shared = zoo.channel('shared', { members: [bob], sharedWith: [farm] });
  await start();
  bob.say(shared, `${zoo.bot} ${options}`, { files: [await photoNamed()] });
  expect(await filmsOf(shared, 1)).toHaveLength(1);
  const [answer] = answersIn(shared);
  expect(answer?.user).toBe(zoo.installation.botUser);
  const [film] = films(shared);
  const reroll = film?.buttons.find(({ actionId }) => actionId.endsWith('reroll'));
  await bob.press(film!, reroll!.actionId, reroll!.value);
  expect(await filmsOf(shared, 2)).toHaveLength(2);
});
