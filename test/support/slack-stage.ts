/** The whole bot on a fake Slack in the process of the test, by either transport; and people who use it. */
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/setting.ts';
import type { Delivery } from './slack/deliveries.ts';
import { createFakeSlack, type FakeSlack, type FakeSlackOptions } from './slack/fake-slack.ts';
import type { Person } from './slack/person.ts';
import { buttonsOf, type MessageView, type Place } from './slack/place.ts';
import type { Ephemeral } from './slack/state.ts';
import { createStagedBot, decodeGif, endless, oneForFile, photoNamed, small } from './staged-bot.ts';

export { endless, photoNamed, small };

export type SlackStageOptions = FakeSlackOptions & {
  readonly transport?: 'socket' | 'http';
  /** Films come from the engine, as small as they are. */
  readonly hasEngine?: boolean;
  /** Further settings of the bot. */
  readonly environment?: (fake: FakeSlack) => Environment;
};

/** Options of a film, by the form's fields. */
type Values = Readonly<Record<string, string | number>> & { readonly frames?: number };

export const gifOf = ({ files }: Pick<MessageView, 'files'>) =>
  files.find(({ name }) => name.endsWith('.gif'));
export const isFilm = (message: MessageView): boolean => message.isBot && gifOf(message) !== undefined;

/** What a film's file is, decoded. */
export const decodeFilm = async (message: MessageView) => {
  const file = gifOf(message);
  if (!file) throw new Error('no film');
  return { ...(await decodeGif(file.bytes)), name: file.name, alt: file.alt, title: file.title };
};

/** The button of a message whose action ends so, such as `cancel`. */
export const buttonOf = ({ buttons }: Pick<MessageView, 'buttons'>, action: string) => {
  const found = buttons.find(({ actionId }) => actionId.endsWith(`:${action}`));
  if (!found) throw new Error(`no ${action} among ${buttons.map(({ actionId }) => actionId).join(', ')}`);
  return found;
};

/** Presses the button of a message whose action ends so. */
export const press = (
  person: Person,
  message: MessageView | Ephemeral,
  action: string,
): Promise<Delivery> => {
  const { actionId, value } = buttonOf({ buttons: buttonsOf(message.blocks) }, action);
  return person.press(message, actionId, value);
};

/** Options as words: `size:64 frames:8`. */
export const inWords = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ');

/** A bot with a workspace of its own, `home`, which needs no installing. */
export const createSlackStage = async ({
  transport = 'socket',
  hasEngine,
  environment = () => ({}),
  ...options
}: SlackStageOptions = {}) => {
  const fake = await createFakeSlack(options);
  const home = fake.team('home');
  const { folder, log, start, stop, close } = createStagedBot({
    environment: () => ({
      SLACK_BOT_TOKEN: home.installation.token,
      ...(transport === 'http'
        ? { SLACK_SIGNING_SECRET: fake.signingSecret }
        : { SLACK_APP_TOKEN: fake.appToken }),
      ...environment(fake),
    }),
    addresses: { slack: { apiUrl: fake.apiUrl, fileHosts: [fake.origin] } },
    ...{ clock: fake.clock, onLog: () => fake.state.changed(), hasEngine },
  });

  /** Nothing that was told is unanswered. */
  const acknowledged = () =>
    fake.waitFor('the acknowledgements', () =>
      fake.deliveries.all.every((one) => one.hasFailed || one.acknowledgedAt !== null),
    );

  /** A channel with people in it; all of them new, so that no limit holds from before. */
  const room = (locale = 'en-US', { team = home } = {}) => {
    const [ann, bea, cyd, mod] = ['ann', 'bea', 'cyd', 'mod'].map((name) =>
      team.person(name, { locale, isAdmin: name === 'mod' }),
    ) as [Person, Person, Person, Person];
    const members = [ann, bea, cyd, mod];
    return { ann, bea, cyd, mod, members, place: team.channel('art', { members }) };
  };

  const filmsIn = (place: Place): readonly MessageView[] => place.all().filter(isFilm);

  /** Presses an answer's cancel button, where it is still there. */
  const cancel = async (person: Person, answer: MessageView | undefined): Promise<void> => {
    const button = answer?.buttons.find(({ actionId }) => actionId.endsWith(':cancel'));
    if (answer && button) await person.press(answer, button.actionId, button.value);
  };

  /** What the bot says next in a place after what somebody does; later, what stands there now. */
  const said = async (place: Place, ask: () => unknown): Promise<() => MessageView> => {
    const known = new Set(place.all().map(({ ts }) => ts));
    await ask();
    const { ts } = await fake.waitFor('an answer', () =>
      place.all().find((message) => message.isBot && !known.has(message.ts)),
    );
    return () => {
      const found = place.message(ts);
      if (!found) throw new Error('the answer is gone');
      return found;
    };
  };

  /** Somebody opens the form by the command, and submits it with a photo. Resolves with the answer. */
  const gramzoom = async (person: Person, place: Place, values: Values = {}): Promise<() => MessageView> => {
    const answer = await said(place, async () => {
      await person.command('/gramzoom', inWords({ ...small, ...values }), place);
      person.fill({ photo: [await photoNamed()] });
      const { errors } = await person.submit();
      if (errors) throw new Error(`the form was refused: ${JSON.stringify(errors)}`);
    });
    // However a test ends, the next one finds the renderer free.
    const { ts } = answer();
    if (values.frames === endless.frames) onTestFinished(() => cancel(person, place.message(ts)));
    return answer;
  };

  return {
    ...{ fake, home, folder, log, stop, acknowledged, room, said, gramzoom, cancel, filmsIn },
    start: async () => {
      const bot = await start();
      if (transport === 'http') fake.deliveries.deliverTo(`${bot.operations}/slack/events`);
      else await fake.waitFor('both connections', () => fake.socket.connections.length === 2);
      return bot;
    },
    close: async (): Promise<void> => {
      await close();
      await fake.close();
    },
    /** Somebody else's render that keeps the renderer busy until it is ended, at the latest when the test is over. */
    busy: async (): Promise<{ end(): Promise<void> }> => {
      const { ann, place } = room();
      const answer = await gramzoom(ann, place, endless);
      await fake.waitFor('it to render', () => /Painting|Frame/.test(answer().words));
      return { end: () => cancel(ann, answer()) };
    },
    /** The newest film in a place, once there are so many. */
    film: (place: Place, { count = 1 }: { readonly count?: number } = {}): Promise<MessageView> =>
      fake.waitFor(`${count} film(s) in ${place.name || 'a dm'}`, () => filmsIn(place)[count - 1]),
    /** What somebody alone is told next, after what they do. */
    told: async (person: Person, ask: () => unknown): Promise<Ephemeral> => {
      const known = new Set(person.ephemerals);
      await ask();
      // It may have taken the place of another.
      return await fake.waitFor('the private answer', () => person.ephemerals.find((one) => !known.has(one)));
    },
  };
};

export type SlackStage = Awaited<ReturnType<typeof createSlackStage>>;

/** See `oneForFile`. */
export const slackStageForFile = (options: SlackStageOptions = {}): { readonly current: SlackStage } =>
  oneForFile(() => createSlackStage(options));
