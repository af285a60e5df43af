import { readFile } from 'node:fs/promises';
import { moreOptionsId, shortcutId } from '../../src/chat/slack/names.ts';
import { botOnSlack, forManyWorkspaces, installOnSlack } from '../support/bot-on-fake.ts';
import { samplePhoto } from '../support/command-line.ts';
import type { Delivery } from '../support/slack/deliveries.ts';
import { createFakeSlack } from '../support/slack/fake-slack.ts';
import type { Person } from '../support/slack/person.ts';
import type { MessageView, Place } from '../support/slack/place.ts';
import { allSaid } from './slack-said.ts';
import type { CreateTown, FilmHandle, Wish } from './town.ts';

const ways = ['modal', 'shortcut', 'mention', 'direct message'] as const;

/** One film that somebody wants; the seed tells it from the others. */
type Order = {
  readonly way: (typeof ways)[number];
  readonly person: Person;
  /** Somebody else there. */
  readonly neighbour: Person;
  readonly place: Place;
  readonly seed: number;
};

/** What Slack is asked without changing anything. */
const reads = /^(?:auth\.test|apps\.|url_private|.*\.(?:info|list|history|replies|getPermalink))/;

/** Slack with three workspaces, one with a private channel and one that speaks German. */
export const createSlackTown: CreateTown = async (renders, film) => {
  const fake = await createFakeSlack({ settlesAfterMs: 1_000 });
  const photo = { name: 'sample.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
  const teams = ['one', 'two', 'three'].map((name) => {
    const team = fake.team(name);
    const locale = name === 'three' ? 'de-DE' : 'en-US';
    const members = Array.from({ length: renders + 1 }, (_, index) =>
      team.person(`${name}-${index}`, { locale }),
    );
    return { members, place: team.channel('films', { members, isPrivate: name === 'two' }) };
  });
  const orders = Array.from({ length: renders }, (_, index): Order => {
    const { members, place } = teams[index % teams.length]!;
    const [person, neighbour] = [members[index + 1]!, members[0]!];
    const way = ways[index % ways.length]!;
    return {
      way,
      person,
      neighbour,
      place: way === 'direct message' ? person.direct : place,
      seed: index + 1,
    };
  });
  const wishes: Wish[] = [];
  let unanswered = 0;

  const optionsOf = ({ seed }: Order): string =>
    Object.entries({ ...film, seed })
      .map(([name, value]) => `${name}:${value}`)
      .join(' ');
  const botThere = () => fake.waitFor('the bot', () => fake.socket.connections.length > 0);
  const note = ({ person, seed }: Order, wish: Pick<Wish, 'key' | 'event' | 'refusal'>): void =>
    void wishes.push({ ...wish, person: person.name, seed, isUnanswered: false });

  /** Does something until a modal is there. */
  const openModal = async (person: Person, act: () => Promise<Delivery>): Promise<void> => {
    while (!person.modal) {
      await botThere();
      const { hasFailed } = await act();
      if (hasFailed) unanswered++;
    }
  };
  /** Presses the button for more options until they are there. */
  const showAll = async (person: Person): Promise<void> => {
    const hasMore = (): boolean => JSON.stringify(person.modal?.view.blocks).includes(moreOptionsId);
    while (hasMore()) {
      await botThere();
      const { hasFailed } = await person.pressInModal(moreOptionsId);
      if (hasFailed) unanswered++;
    }
  };
  /** Submits it again as long as Slack says that it had trouble. */
  const submit = async (order: Order): Promise<void> => {
    const { person } = order;
    const id = person.modal?.id ?? '';
    const wish = { key: id, event: `view:${id}` };
    for (;;) {
      await botThere();
      const { errors, delivery } = await person.submit();
      if (delivery?.hasFailed) unanswered++;
      else return note(order, { ...wish, refusal: errors && JSON.stringify(errors) });
    }
  };
  const heard = async ({ channel, ts }: MessageView): Promise<void> => {
    const tellings = (): readonly Delivery[] =>
      fake.deliveries.all.filter(({ body }) => {
        const { event } = body as { readonly event?: { readonly channel?: string; readonly ts?: string } };
        return event?.channel === channel && event.ts === ts;
      });
    await fake.waitFor('Slack to be heard', () =>
      tellings().every(({ acknowledgedAt }) => acknowledgedAt !== null),
    );
  };

  const askUntilAnswered = async (index: number): Promise<void> => {
    const order = orders[index]!;
    const { way, person, place } = order;
    const options = optionsOf(order);
    switch (way) {
      case 'modal':
        await openModal(person, () => person.command('/gramzoom', options, place));
        person.fill({ photo: [photo] });
        return await submit(order);
      case 'shortcut': {
        const message = person.say(place, 'look', { files: [photo] });
        await openModal(person, () => person.shortcut(shortcutId, message));
        await showAll(person);
        person.fill({ ...film, seed: order.seed });
        return await submit(order);
      }
      case 'mention':
      case 'direct message': {
        const message =
          way === 'mention'
            ? person.askBot(place, options, { files: [photo] })
            : person.say(place, options, { files: [photo] });
        note(order, { key: message.ts, event: `message:${message.channel}:${message.ts}`, refusal: null });
        return await heard(message);
      }
      default:
        way satisfies never;
    }
  };

  const handleOf = ({ person, neighbour, seed }: Order): readonly FilmHandle[] => {
    const said = allSaid(fake).find(({ message }) =>
      message.files.some(({ name }) => name.startsWith(`gramzoom-${seed}-`)),
    );
    if (!said) return [];
    const { message } = said;
    const by = { asker: person, neighbour };
    return [
      {
        said,
        wish: wishes.find((wish) => wish.seed === seed)?.key ?? null,
        names: { asker: person.name, neighbour: neighbour.name },
        roll: (who) => {
          by[who].react(message, 'game_die');
          return `reaction:${message.channel}/${message.ts}:${by[who].team}/${by[who].id}:`;
        },
        press: async (action, who) => {
          const { hasFailed, body } = await by[who].press(message, `gz1:${action}`);
          if (hasFailed) throw new Error(`nobody answered ${action}`);
          return `action:${body['trigger_id']}`;
        },
      },
    ];
  };

  const isFromPeople = ({ kind, body }: Delivery): boolean => {
    const { event } = body as { readonly event?: { readonly type: string } };
    return kind !== 'events_api' || event?.type === 'app_mention' || event?.type === 'message';
  };
  const bots = fake.state.installations.map(({ botUser }) => botUser);
  return {
    platform: 'Slack',
    bot: botOnSlack(fake, forManyWorkspaces(fake)),
    prepare: (folder) => installOnSlack(fake, folder),
    askUntilAnswered,
    wishes: () => wishes,
    unanswered: () => unanswered,
    said: () => allSaid(fake),
    films: () => orders.flatMap(handleOf),
    used: () => fake.deliveries.all.filter(isFromPeople).length,
    writes: () =>
      fake.requests.filter(
        ({ method, status, error }) => status === 200 && error === null && !reads.test(method),
      ).length,
    lastRequest: () => fake.requests.at(-1)?.method ?? '-',
    onChange: fake.state.onChange,
    waitFor: fake.waitFor,
    leftFiles: () =>
      [...fake.state.files.values()]
        .filter(
          (file) =>
            bots.includes(file.user) && !file.isDeleted && file.isComplete && file.shares.length === 0,
        )
        .map(({ name }) => name),
    forgetRefusals: fake.forgetRefusals,
    violations: () => fake.violations,
    close: fake.close,
  };
};
