import { readFile } from 'node:fs/promises';
import { KeyedMutex } from '../src/concurrency/keyed-mutex.ts';
import { readRows } from '../test/kill/inspect-folder.ts';
import { botOnSlack, forManyWorkspaces, installOnSlack } from '../test/support/bot-on-fake.ts';
import { samplePhoto } from '../test/support/command-line.ts';
import type { Delivery } from '../test/support/slack/deliveries.ts';
import { createFakeSlack } from '../test/support/slack/fake-slack.ts';
import type { Person } from '../test/support/slack/person.ts';
import type { MessageView, Place } from '../test/support/slack/place.ts';
import {
  type LoadCommand,
  type LoadSite,
  limitIn,
  longFilm,
  type Member,
  quickFilm,
  type Used,
} from './load-site.ts';

type SlackMember = Member & { readonly person: Person; readonly place: Place };

/** What came of a form, if one was opened. */
type Ordered = {
  readonly deliveries: readonly Delivery[];
  readonly refusal: string | null;
  readonly view: string | undefined;
};

/** Renders are read from the bot's store so often at most. */
const rowsAgeMs = 200;

const optionsOf = (film: Readonly<Record<string, number>>): string =>
  Object.entries(film)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ');

/** Slack with real limits. */
export const createSlackSite = async (): Promise<LoadSite> => {
  const fake = await createFakeSlack();
  const photo = { name: 'sample.png', bytes: new Uint8Array(await readFile(samplePhoto)) };
  const members = new Map<Member, SlackMember>();
  /** Nobody has two forms open at once. */
  const turns = new KeyedMutex();
  let folder = '';
  let taken: ReadonlySet<string | null> = new Set();
  let lookedAt = 0;

  /** Opens the form, fills it in and sends it. */
  const order = async (
    { person, place }: Pick<SlackMember, 'person' | 'place'>,
    film: Readonly<Record<string, number>>,
  ): Promise<Ordered> => {
    const opening = await person.command('/gramzoom', optionsOf(film), place);
    if (!person.modal) return { deliveries: [opening], refusal: null, view: undefined };
    const view = person.modal.id;
    person.fill({ photo: [photo] });
    const { errors, delivery } = await person.submit();
    const refusal = errors && Object.values(errors).join(' ');
    if (person.modal) await person.closeModal();
    return { deliveries: delivery ? [opening, delivery] : [opening], refusal, view };
  };

  /** Whether a form has led to a render. */
  const isTaken = (view: string | undefined): boolean => {
    if (!taken.has(`view:${view}`) && performance.now() > lookedAt + rowsAgeMs) {
      taken = new Set(readRows(folder).map(({ event }) => event));
      lookedAt = performance.now();
    }
    return taken.has(`view:${view}`);
  };

  const use = async (member: Pick<SlackMember, 'person' | 'place'>, command: LoadCommand): Promise<Used> => {
    const { person, place } = member;
    const before = person.ephemerals.length;
    const { deliveries, refusal, view } =
      command === 'gramzoom'
        ? await order(member, quickFilm)
        : { deliveries: [await person.command('/gramzoom', 'queue', place)], refusal: null, view: undefined };
    const isUnheard = deliveries.some(({ hasFailed }) => hasFailed);
    const text = (): string => {
      const told = person.ephemerals.slice(before).map((each) => each.text);
      // What they were told about something else may come in between.
      const isIts = (each: string): boolean =>
        (limitIn(each, person.locale) === undefined) === (command === 'queue');
      return refusal ?? told.find(isIts) ?? told[0] ?? '';
    };
    return {
      latenciesMs: () =>
        deliveries.flatMap(({ sentAt, acknowledgedAt }) =>
          acknowledgedAt === null ? [] : [acknowledgedAt - sentAt],
        ),
      isAnswered: () => isUnheard || isTaken(view) || text() !== '',
      outcome: () => {
        if (isUnheard) return 'silence';
        if (command === 'queue') return text() === '' ? 'silence' : 'line';
        return isTaken(view) ? 'taken' : (limitIn(text(), person.locale) ?? 'other');
      },
      text,
    };
  };

  const createMember = (person: Person, place: Place): Member => {
    const member: Member = {
      user: `${person.team}/${person.id}`,
      server: person.team,
      use: (command) => turns.run(person.id, () => use({ person, place }, command)),
    };
    members.set(member, { ...member, person, place });
    return member;
  };

  return {
    platform: 'Slack',
    bot: botOnSlack(fake, forManyWorkspaces(fake)),
    prepare: async (given) => {
      folder = given;
      await installOnSlack(fake, folder);
    },
    createServer: (name, people) => {
      const team = fake.team(name);
      const persons = people.map((each) =>
        team.person(each.name, { locale: each.locale === 'de' ? 'de-DE' : 'en-US' }),
      );
      const place = team.channel('films', { members: persons });
      return persons.map((person) => createMember(person, place));
    },
    botCame: () => fake.waitFor('the bot', () => fake.socket.connections.length === 2),
    askForLong: async (member) => {
      const { person, place } = members.get(member)!;
      await order({ person, place }, longFilm);
      return {
        cancel: () => {
          const answer = place
            .messages()
            .find(({ buttons }: MessageView) => buttons.some(({ actionId }) => actionId === 'gz1:cancel'));
          if (!answer) throw new Error('the film cannot be cancelled');
          void person.press(answer, 'gz1:cancel');
        },
      };
    },
    waitFor: fake.waitFor,
    violations: () => fake.violations,
    requests: () => ({
      all: fake.requests.length,
      refused: fake.requests.filter(({ status }) => status === 429).length,
    }),
    close: fake.close,
  };
};
