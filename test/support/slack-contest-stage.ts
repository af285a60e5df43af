/** The story of a contest on a fake Slack. */
import { entrants, people, photoOf, type StoryStage, secondAccount, type Way } from './contest-story.ts';
import type { Person } from './slack/person.ts';
import { type MessageView, wordsOf } from './slack/place.ts';
import { lettersTo, momentsIn, readSlackPosts } from './slack-contest-posts.ts';
import { buttonsIn, type Control, controlsIn, labelOf, menusIn } from './slack-controls.ts';
import { inWords, isFilm, press, type SlackStage, small } from './slack-stage.ts';

const isEntered = /waits for a moderator|as soon as it is rendered/;
const betweenFilmsMs = 4_000;
const places = ['1st place', '2nd place', '3rd place'] as const;

export const createSlackStory = ({ fake, home }: SlackStage): StoryStage => {
  const persons = new Map<number, Person>();
  const named = (who: number): string => `person-${String(who).padStart(2, '0')}`;
  for (let who = 1; who <= people; who++) {
    if (who !== secondAccount) persons.set(who, home.person(named(who)));
  }
  const mod = home.person('moderator', { isAdmin: true });
  const place = home.channel('halloween', { members: [mod, ...persons.values()] });
  const { posts, shown, announcement } = readSlackPosts(fake, { place, persons });

  const personOf = (who: number): Person => {
    const person = persons.get(who);
    if (!person) throw new Error(`no person ${who}`);
    return person;
  };
  const blocksOf = ({ modal }: Person) => modal?.view.blocks ?? [];
  const words = (person: Person): string => wordsOf(blocksOf(person));
  const close = async (person: Person): Promise<void> => {
    while (person.modal) await person.closeModal();
  };

  /** What somebody reads in the form that opens for what they do. */
  const open = async (
    person: Person,
    act: () => Promise<{ readonly hasFailed: boolean }>,
    isIt = /./,
  ): Promise<string> => {
    await close(person);
    const { hasFailed } = await act();
    if (hasFailed) throw new Error(`nobody answered ${person.name}`);
    await fake.waitFor(
      `${isIt} for ${person.name}`,
      () => person.modal && !/^One moment/.test(words(person)) && isIt.test(words(person)),
    );
    return words(person);
  };
  const openFor = (person: Person, action: string, isIt?: RegExp): Promise<string> =>
    open(person, () => press(person, announcement(), action), isIt);

  const find = (person: Person, label: string | RegExp): Control => {
    const all = controlsIn(blocksOf(person));
    const found = all.find(({ label: said }) =>
      typeof label === 'string' ? said === label : label.test(said),
    );
    if (!found) throw new Error(`no ${label} among ${all.map((control) => control.label).join(', ')}`);
    return found;
  };
  /** Uses a button or an entry of a menu, and waits for what it shows. */
  const use = async (
    person: Person,
    label: string | RegExp,
    isIt: (text: string) => boolean,
  ): Promise<string> => {
    const { id, value } = find(person, label);
    await person.pressInModal(id, value);
    await fake.waitFor(`what ${person.name} sees after ${label}`, () => isIt(words(person)));
    return words(person);
  };

  const submit = async (person: Person): Promise<void> => {
    const { errors } = await person.submit();
    if (errors) throw new Error(`the form was refused: ${JSON.stringify(errors)}`);
  };

  /** Makes a film, and gives it once it is there. */
  const film = async (who: number, values: { readonly contest?: string } = {}): Promise<MessageView> => {
    const person = personOf(who);
    const known = new Set(
      place
        .all()
        .filter(isFilm)
        .map(({ ts }) => ts),
    );
    await person.command('/gramzoom', inWords({ ...values, ...small }), place);
    await fake.waitFor('the form', () => person.modal);
    person.fill({ photo: [await photoOf(who)] });
    await submit(person);
    return await fake.waitFor(`the film of ${person.name}`, () =>
      place.all().find((message) => isFilm(message) && !known.has(message.ts)),
    );
  };

  const ways: Readonly<Record<Way, (who: number) => Promise<void>>> = {
    option: async (who) => {
      await film(who, { contest: 'on' });
      await fake.waitFor('what is said of the entry', () =>
        lettersTo(personOf(who)).some((said) => isEntered.test(said)),
      );
    },
    button: async (who) => {
      const { ts } = await film(who);
      const [person, under] = [personOf(who), () => place.message(ts)!];
      await fake.waitFor('the button', () =>
        under().buttons.some(({ actionId }) => actionId === 'gz1:enter'),
      );
      await open(person, () => press(person, under(), 'enter'), isEntered);
    },
    choice: async (who) => {
      await film(who);
      const person = personOf(who);
      // A film is there a moment before it is noted that it is.
      do await openFor(person, 'enter');
      while (menusIn(blocksOf(person)).length === 0);
      await use(person, /photo-/, (text) => isEntered.test(text));
    },
  };

  const numbers = new Map<number, number>();
  const numberOf = (who: number): number => numbers.get(who) ?? 0;
  const noOf = (who: number): string => `No. ${numberOf(who)}`;

  /** Looks through the films until one of them is there. */
  const review = async (isIt: (text: string) => boolean): Promise<string> => {
    let text = await open(mod, () => mod.command('/contest', 'entries', place));
    while (!isIt(text)) {
      const position = /(\d+) of \d+/.exec(text)?.[1];
      text = await use(mod, 'Next', (next) => !next.includes(`${position} of `));
    }
    return text;
  };

  const ballot = (person: Person): Promise<string> => openFor(person, 'vote');
  const put = (person: Person, from: string, film: string): Promise<string> => {
    const then = film === 'no film' ? '–' : film;
    const isPut = (text: string): boolean =>
      new RegExp(`^${from}: ${then}$`, 'm').test(text) || (then === '–' && /not voted yet/.test(text));
    return use(person, `${from}: ${film}`, isPut);
  };

  return {
    clock: fake.clock,
    waitFor: fake.waitFor,
    refusal: /guest/i,
    command: (verb, options = {}) => {
      const typed = Object.entries(options).map(([name, value]) => `${name}:"${value}"`);
      return open(mod, () => mod.command('/contest', [verb, ...typed].join(' '), place));
    },
    enter: async (who, way) => {
      await ways[way](who);
      await close(personOf(who));
      // Of posts in one channel Slack takes three in so many seconds.
      fake.clock.advance(betweenFilmsMs);
    },
    approveAll: async () => {
      for (;;) {
        const before = await review(() => true);
        if (!/waits? to be let in/.test(before)) return;
        await use(mod, /Let in$/, (text) => text !== before);
      }
    },
    readNumbers: async () => {
      for (let who = 1; who <= entrants; who++) {
        const text = await openFor(personOf(who), 'status');
        const number = /^No\. (\d+): in the contest/m.exec(text)?.[1];
        if (!number) throw new Error(`nothing of ${who} is in the contest: ${text}`);
        numbers.set(who, Number(number));
      }
    },
    numberOf,
    disqualify: async (who, why) => {
      await review((text) => text.includes(`${noOf(who)}, by`));
      const { id, value } = find(mod, /Take out$/);
      const panel = mod.modal?.id;
      await mod.pressInModal(id, value);
      await fake.waitFor('the form for why', () => mod.modal?.id !== panel);
      mod.fill({ answer: why });
      await submit(mod);
      await fake.waitFor('the film out of the contest', () => /out of the contest/.test(words(mod)));
    },
    // Slack does not tell since when an account is there: a guest is who may not vote.
    arrive: async (who) => {
      const person = home.person(named(who), { isGuest: true });
      persons.set(who, person);
      place.invite(person);
    },
    follow: async (who) => void (await openFor(personOf(who), 'follow', /I will remind you/)),
    leave: async (who) => {
      const person = personOf(who);
      fake.state.users.set(person.id, { ...fake.state.users.get(person.id)!, isDeleted: true });
      place.kick(person);
    },
    vote: async (who, films) => {
      const person = personOf(who);
      let text = await ballot(person);
      for (const [index, maker] of films.entries()) text = await put(person, places[index]!, noOf(maker));
      // What stood there before has moved down.
      for (const from of places.slice(films.length).toReversed()) {
        if (new RegExp(`^${from}: No`, 'm').test(text)) text = await put(person, from, 'no film');
      }
      await close(person);
    },
    tryToVote: async (who, maker) => {
      const person = personOf(who);
      const other = personOf(who === 1 ? 2 : 1);
      const told = await ballot(person);
      const [menu] = menusIn(blocksOf(person));
      if (!menu) return told;
      await ballot(other);
      const [offered] = menusIn(blocksOf(other))[0]!.options!.filter(
        ({ text }) => labelOf(text) === `${places[0]}: ${noOf(maker)}`,
      );
      await close(other);
      // A client that sends what its menu does not offer.
      menu.options = [offered!];
      await person.pressInModal(menu.action_id!, offered!.value);
      await fake.waitFor('what is said to it', () => !/^Your vote/.test(words(person)));
      return words(person);
    },
    clickAtOnce: async (who, films) => {
      const person = personOf(who);
      await ballot(person);
      const clicks = films.map((maker) => find(person, `${places[0]}: ${noOf(maker)}`));
      const deliveries = await Promise.all(clicks.map(({ id, value }) => person.pressInModal(id, value)));
      if (deliveries.some(({ hasFailed }) => hasFailed)) throw new Error('clicks were not answered');
    },
    withdraw: async (who) => {
      const person = personOf(who);
      await openFor(person, 'status');
      await use(person, `Withdraw ${noOf(who)}`, (text) => !/^No\. \d+: in the contest/m.test(text));
    },
    forget: async (who) => {
      const person = personOf(who);
      await person.command('/gramzoom', 'forget', place);
      const asked = await fake.waitFor('the question', () =>
        person.ephemerals.find(({ blocks }) => buttonsIn(blocks).some(({ id }) => id === 'gz1:forget')),
      );
      await press(person, asked, 'forget');
    },
    posts,
    shown,
    nameOf: (who) => {
      const { mention, name } = personOf(who);
      return [mention, name];
    },
    momentsIn,
    lettersTo: (who) => lettersTo(personOf(who)),
  };
};
