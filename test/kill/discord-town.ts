import { readFile } from 'node:fs/promises';
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { botOnDiscord } from '../support/bot-on-fake.ts';
import { samplePhoto } from '../support/command-line.ts';
import type { InteractionContext } from '../support/discord/driver/asked.ts';
import type { Person } from '../support/discord/driver/person.ts';
import type { Place } from '../support/discord/driver/place.ts';
import { createFakeDiscord } from '../support/discord/fake-discord.ts';
import { allSaid, buttonId, renderOf } from './discord-said.ts';
import type { CreateTown, FilmHandle, Wish } from './town.ts';

/** One film that somebody wants; the seed tells it from the others. */
type Order = {
  readonly person: Person;
  /** Somebody else there. */
  readonly neighbour: Person;
  readonly place: Place;
  readonly seed: number;
};

/** A command as it was sent, answered or not. */
type Ask = { readonly order: Order; readonly asked: InteractionContext };

const asWish = ({ order, asked }: Ask): Wish => ({
  key: asked.id,
  person: order.person.name,
  seed: order.seed,
  event: `interaction:${asked.id}`,
  isUnanswered: asked.didNotRespond,
  refusal: asked.reply?.ephemeral ? asked.reply.content : null,
});

/** Discord with three servers, one of them without threads and one that speaks German. */
export const createDiscordTown: CreateTown = async (renders, film) => {
  const fake = await createFakeDiscord();
  const photo = { name: 'sample.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
  const [ann, bob, cid, dora, emil, frieda] = ['ann', 'bob', 'cid', 'dora', 'emil', 'frieda'].map((name) =>
    fake.person(name, name > 'e' ? { locale: 'de' } : {}),
  ) as [Person, Person, Person, Person, Person, Person];
  const found = (name: string, members: readonly [Person, Person]) => ({
    place: fake.guild({ name, members, ...(name === 'three' && { locale: 'de' }) }).channel('films'),
    members,
  });
  const guilds = [found('one', [ann, bob]), found('two', [cid, dora]), found('three', [emil, frieda])];
  guilds[1]?.place.denyBot(Bit.CreatePublicThreads);

  const orders = Array.from({ length: renders }, (_, index): Order => {
    const { place, members } = guilds[index % guilds.length]!;
    const turn = Math.floor(index / guilds.length) % 2;
    return { place, person: members[turn]!, neighbour: members[1 - turn]!, seed: index + 1 };
  });
  const asks: Ask[] = [];

  const askUntilAnswered = async (index: number): Promise<void> => {
    const order = orders[index]!;
    await fake.waitFor('the commands', () => fake.commands.global.size > 0);
    for (;;) {
      const options = { photo, ...film, seed: order.seed };
      const asked = await order.person.command('gramzoom', options, { in: order.place });
      asks.push({ order, asked });
      await fake.waitFor(
        'an answer, or none',
        () => asked.acknowledgedAfterMs !== null || asked.didNotRespond,
      );
      if (!asked.didNotRespond) return;
    }
  };

  const handleOf = ({ person, neighbour, seed }: Order): readonly FilmHandle[] => {
    const said = allSaid(fake).find(({ message }) =>
      message.files.some(({ name }) => name === `gramzoom-${seed}.gif`),
    );
    if (!said) return [];
    const { message, render } = said;
    const by = { asker: person, neighbour };
    const wish = asks.find(({ asked }) => asked.reply !== null && renderOf(asked.reply) === render);
    return [
      {
        said,
        wish: wish?.asked.id ?? null,
        names: { asker: person.name, neighbour: neighbour.name },
        roll: (who) => {
          by[who].react(message, '🎲');
          return `reaction:${message.channelId}/${message.id}:${by[who].id}:`;
        },
        press: async (action, who) => {
          const asked = by[who].press(message, buttonId(message, action));
          await fake.waitFor(`an answer to ${action}`, () => asked.acknowledgedAfterMs !== null);
          return `interaction:${asked.id}`;
        },
      },
    ];
  };

  const { requests } = fake;
  return {
    platform: 'Discord',
    bot: botOnDiscord(fake),
    prepare: async () => {},
    askUntilAnswered,
    wishes: () => asks.map(asWish),
    unanswered: () => asks.filter(({ asked }) => asked.didNotRespond).length,
    said: () => allSaid(fake),
    films: () => orders.flatMap(handleOf),
    used: () => fake.core.interactions.size,
    writes: () =>
      requests.filter(({ method, status }) => method !== 'GET' && status >= 200 && status < 300).length,
    lastRequest: () => {
      const last = requests.at(-1);
      return last ? `${last.method} ${last.path}` : '-';
    },
    onChange: fake.core.onChange,
    waitFor: fake.waitFor,
    leftFiles: () => [],
    violations: () =>
      fake.violations.map(({ what, route, problems }) => `${what} ${route}: ${problems.join(', ')}`),
    close: fake.close,
  };
};
