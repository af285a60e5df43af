import { readFile } from 'node:fs/promises';
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { samplePhoto } from '../support/command-line.ts';
import type { InteractionContext } from '../support/discord/driver/asked.ts';
import type { Person } from '../support/discord/driver/person.ts';
import type { Place } from '../support/discord/driver/place.ts';
import { createFakeDiscord } from '../support/discord/fake-discord.ts';

/** What everybody asks for. */
export type TownFilm = { readonly size: number; readonly frames: number; readonly steps: number };

/** One film that somebody wants; the seed tells it from the others. */
export type DiscordOrder = {
  readonly person: Person;
  /** Somebody else there. */
  readonly neighbour: Person;
  readonly place: Place;
  readonly seed: number;
};

/** A command as it was sent, answered or not. */
export type Ask = { readonly order: DiscordOrder; readonly asked: InteractionContext };

/** Three servers, one of them without threads and one that speaks German, and people who want films. */
export const createTown = async (renders: number, film: TownFilm) => {
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

  const orders = Array.from({ length: renders }, (_, index): DiscordOrder => {
    const { place, members } = guilds[index % guilds.length]!;
    const turn = Math.floor(index / guilds.length) % 2;
    return { place, person: members[turn]!, neighbour: members[1 - turn]!, seed: index + 1 };
  });

  const asks: Ask[] = [];

  /** Asks, and where Discord says that nobody answered, asks again. */
  const askUntilAnswered = async (order: DiscordOrder): Promise<void> => {
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

  return { fake, orders, asks: asks as readonly Ask[], askUntilAnswered };
};

export type Town = Awaited<ReturnType<typeof createTown>>;
