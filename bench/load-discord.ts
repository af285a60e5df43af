import { readFile } from 'node:fs/promises';
import type { LocaleString } from 'discord-api-types/v10';
import { botOnDiscord } from '../test/support/bot-on-fake.ts';
import { samplePhoto } from '../test/support/command-line.ts';
import type { InteractionContext } from '../test/support/discord/driver/asked.ts';
import type { Person } from '../test/support/discord/driver/person.ts';
import type { Place } from '../test/support/discord/driver/place.ts';
import { createFakeDiscord } from '../test/support/discord/fake-discord.ts';
import {
  type LoadCommand,
  type LoadSite,
  limitIn,
  longFilm,
  type Member,
  type Outcome,
  quickFilm,
  type Used,
} from './load-site.ts';

const callback = '/interactions/{interaction_id}/{interaction_token}/callback';

type DiscordMember = Member & { readonly person: Person; readonly place: Place };

/** Discord with real limits. */
export const createDiscordSite = async (): Promise<LoadSite> => {
  const fake = await createFakeDiscord();
  const photo = { name: 'sample.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
  const members = new Map<Member, DiscordMember>();

  const outcomeOf = (asked: InteractionContext, use: { command: LoadCommand; person: Person }): Outcome => {
    const { reply, didNotRespond } = asked;
    if (didNotRespond || !reply) return 'silence';
    if (use.command === 'queue') return reply.ephemeral ? 'line' : 'other';
    if (!reply.ephemeral) return 'taken';
    return limitIn(reply.content, use.person.settings.locale) ?? 'other';
  };

  const latencyOf = (asked: InteractionContext): readonly number[] => {
    const arrival = fake.requests.find(({ path, params }) => {
      const { interaction_id: id } = params;
      return path === callback && id === asked.id;
    });
    const interaction = fake.core.interactions.get(asked.token);
    return arrival && interaction ? [arrival.at - interaction.createdAt] : [];
  };

  const createMember = (person: Person, place: Place): Member => {
    const use = async (command: LoadCommand): Promise<Used> => {
      const values = command === 'gramzoom' ? { photo, ...quickFilm } : {};
      const asked = await person.command(command, values, { in: place });
      return {
        latenciesMs: () => latencyOf(asked),
        isAnswered: () => asked.reply !== null || asked.didNotRespond,
        outcome: () => outcomeOf(asked, { command, person }),
        text: () => asked.reply?.content ?? '',
      };
    };
    const member = { user: person.id, server: place.guildId ?? '', use };
    members.set(member, { ...member, person, place });
    return member;
  };

  return {
    platform: 'Discord',
    bot: botOnDiscord(fake),
    prepare: async () => {},
    createServer: (name, people) => {
      const persons = people.map((each) => fake.person(each.name, { locale: each.locale as LocaleString }));
      const place = fake.guild({ name, members: persons }).channel('films');
      return persons.map((person) => createMember(person, place));
    },
    botCame: () => fake.waitFor('the commands', () => fake.commands.global.size > 0),
    askForLong: async (member) => {
      const { person, place } = members.get(member)!;
      const asked = await person.command('gramzoom', { photo, ...longFilm }, { in: place });
      return {
        cancel: () => {
          const cancel = asked.reply?.buttons[0]?.customId;
          if (!cancel || !asked.reply) throw new Error('the film cannot be cancelled');
          person.press(asked.reply, cancel);
        },
      };
    },
    waitFor: fake.waitFor,
    violations: () => fake.violations.map(({ route, problems }) => `${route}: ${problems.join(', ')}`),
    requests: () => ({
      all: fake.requests.length,
      refused: fake.requests.filter(({ status }) => status === 429).length,
    }),
    close: fake.close,
  };
};
