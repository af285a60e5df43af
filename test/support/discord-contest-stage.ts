/** The story of a contest on a fake Discord. */
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { entrants, people, photoOf, type StoryStage, secondAccount, type Way } from './contest-story.ts';
import type { InteractionContext } from './discord/driver/asked.ts';
import { invitedPermissions } from './discord/driver/guild-handle.ts';
import type { MessageView } from './discord/driver/message-view.ts';
import type { Person } from './discord/driver/person.ts';
import type { FakeDiscord } from './discord/fake-discord.ts';
import { readPosts, wordsOf } from './discord-contest-posts.ts';
import { shown } from './discord-stage.ts';
import { small } from './staged-bot.ts';

/** What to do with an interaction until it is answered, where the bot may be killed meanwhile. */
export type Lives = {
  /** Resolves once a bot is there. */
  readonly there: () => Promise<unknown>;
  /** Rises with every bot that begins. */
  readonly count: () => number;
};
const oneLife: Lives = { there: async () => {}, count: () => 1 };

type Panel = { readonly person: Person; readonly message: MessageView };
type Is = (text: string, message: MessageView) => boolean;

/** @param lives where the bot is not the same one all along */
export const createDiscordStory = (fake: FakeDiscord, lives: Lives = oneLife) => {
  const persons = new Map<number, Person>();
  const guild = fake.guild({ bot: invitedPermissions | Bit.ManageRoles });
  for (let who = 1; who <= people; who++) {
    if (who === secondAccount) continue;
    const person = fake.person(`${who}-person`);
    persons.set(who, person);
    guild.add(person);
  }
  const mod = fake.person('moderator');
  guild.add(mod, Bit.ManageMessages);
  const place = guild.channel('halloween');
  const champion = guild.role('Champion');
  const asked = new Map<string, InteractionContext[]>();
  let unanswered = 0;

  const personOf = (who: number): Person => {
    const person = persons.get(who);
    if (!person) throw new Error(`no person ${who}`);
    return person;
  };

  /** Does something until the bot has answered it, and gives the answer. */
  const ask = async (
    person: Person,
    act: () => InteractionContext | Promise<InteractionContext>,
    isIt: Is = () => true,
  ): Promise<Panel & { readonly asked: InteractionContext }> => {
    for (;;) {
      await lives.there();
      const life = lives.count();
      const context = await act();
      asked.set(person.id, [...(asked.get(person.id) ?? []), context]);
      const isAnswer = (): boolean => {
        const { reply } = context;
        return (
          reply !== null &&
          !reply.loading &&
          context.acknowledgedAfterMs !== null &&
          isIt(shown(reply), reply)
        );
      };
      await fake.waitFor(
        `an answer to ${person.name}; ${context.reply?.content}`,
        () => isAnswer() || context.didNotRespond || lives.count() !== life,
      );
      if (isAnswer()) return { person, message: context.reply!, asked: context };
      unanswered++;
    }
  };

  const buttonIn = ({ buttons }: MessageView, label: string) => {
    const found = buttons.find((each) => each.label === label);
    if (!found?.customId)
      throw new Error(`no ${label} among ${buttons.map((each) => each.label).join(', ')}`);
    return found.customId;
  };
  const press = ({ person, message }: Panel, label: string, isIt?: Is) =>
    ask(person, () => person.press(message, buttonIn(message, label)), isIt);

  const { posts, shown: shownIn, announcement, thread } = readPosts(fake, { place, persons });

  const letters = (person: Person): readonly MessageView[] =>
    person
      .dm()
      .messages()
      .filter(({ byBot }) => byBot);

  const film = async (who: number, values: { readonly contest?: 'on' }) => {
    const [person, photo] = [personOf(who), await photoOf(who)];
    const options = { photo, ...small, ...values };
    return await ask(person, () => person.command('gramzoom', options, { in: place }));
  };
  const finished = async (asked: InteractionContext): Promise<MessageView> =>
    await fake.waitFor('the film', () => {
      const id = asked.reply?.threadId;
      const found = id ? fake.place(id).messages() : [];
      return found.find(({ files }) => files.some(({ name }) => name.endsWith('.gif')));
    });
  const isEntered: Is = (text) => /waits for a moderator|as soon as it is rendered/.test(text);

  const ways: Readonly<Record<Way, (who: number) => Promise<void>>> = {
    option: async (who) => {
      for (;;) {
        const life = lives.count();
        const { asked } = await film(who, { contest: 'on' });
        await finished(asked);
        const isTold = (): boolean => asked.followUps.some((message) => isEntered(shown(message), message));
        await fake.waitFor('what is said of the entry', () => isTold() || lives.count() !== life);
        if (isTold() || /^No\. \d+: /m.test(shown((await mine(who)).message))) return;
      }
    },
    button: async (who) => {
      const done = await finished((await film(who, {})).asked);
      const person = personOf(who);
      const under = (): MessageView => fake.place(done.channelId).message(done.id)!;
      await ask(person, () => person.press(under(), buttonIn(under(), 'Enter the contest')), isEntered);
    },
    choice: async (who) => {
      await finished((await film(who, {})).asked);
      const person = personOf(who);
      const from = 'Which film';
      // A film is there a moment before it is noted that it is.
      const open = () => press({ person, message: announcement() }, 'Enter the contest');
      let films = await open();
      while (films.message.menus.length === 0) films = await open();
      await ask(person, () => person.choose(films.message, { from, label: /photo-/ }), isEntered);
    },
  };

  const mine = (who: number) => press({ person: personOf(who), message: announcement() }, 'My part');
  const numbers = new Map<number, number>();
  const numberOf = (who: number): number => numbers.get(who) ?? 0;

  /** Opens a form by a button and sends it, where the bot lives for as long as that takes. */
  const answerForm = async ({ person, message }: Panel, label: string, answer: string): Promise<void> => {
    const life = lives.count();
    const isLost = (context: InteractionContext): boolean => context.didNotRespond || lives.count() !== life;
    const opened = person.press(message, buttonIn(message, label));
    await fake.waitFor('the form', () => opened.form || isLost(opened));
    if (!opened.form) return;
    const sent = await person.submit(opened, { answer });
    await fake.waitFor('what is said to it', () => sent.acknowledgedAfterMs !== null || isLost(sent));
  };

  const ballot = (person: Person) => press({ person, message: announcement() }, 'Vote');
  const places = ['1st place', '2nd place', '3rd place'] as const;

  /** Looks through the films until one of them is there. */
  const review = async (isIt: Is): Promise<Panel> => {
    let panel: Panel = await ask(mod, () => mod.command('contest entries', {}, { in: place }));
    while (!isIt(shown(panel.message), panel.message)) {
      const position = /(\d+) of \d+/.exec(panel.message.content)?.[1];
      panel = await press(panel, 'Next', (text) => !text.includes(`${position} of `));
    }
    return panel;
  };

  const stage: StoryStage = {
    clock: fake.clock,
    waitFor: fake.waitFor,
    refusal: /7 days/,
    command: async (verb, options = {}) => {
      const values = { ...options, ...(verb === 'start' && { prize: champion }) };
      return shown((await ask(mod, () => mod.command(`contest ${verb}`, values, { in: place }))).message);
    },
    enter: (who, way) => ways[way](who),
    approveAll: async () => {
      for (;;) {
        const panel = await review(() => true);
        if (!/waits? to be let in/.test(panel.message.content)) return;
        const before = shown(panel.message);
        await press(panel, 'Let in', (text) => text !== before);
      }
    },
    readNumbers: async () => {
      for (let who = 1; who <= entrants; who++) {
        const { message } = await mine(who);
        const number = /^No\. (\d+): in the contest/m.exec(shown(message))?.[1];
        if (!number) throw new Error(`nothing of ${who} is in the contest: ${shown(message)}`);
        numbers.set(who, Number(number));
      }
    },
    numberOf,
    disqualify: async (who, why) => {
      for (;;) {
        const panel = await review((text) => text.includes(`No. ${numberOf(who)}, by`));
        if (/taken out by a moderator/.test(shown(panel.message))) return;
        await answerForm(panel, 'Take out', why);
      }
    },
    arrive: async (who) => {
      const person = fake.person(`${who}-person`, { accountDays: 2 });
      persons.set(who, person);
      guild.add(person);
    },
    follow: async (who) => {
      const message = announcement();
      await press({ person: personOf(who), message }, 'Remind me', (text) => /I will remind you/.test(text));
    },
    leave: async (who) => guild.remove(personOf(who)),
    vote: async (who, films) => {
      const person = personOf(who);
      let { message } = await ballot(person);
      const put = async (from: string, film: string, then: string): Promise<void> => {
        const label = `${from}: ${film}`;
        const isPut: Is = (text) => new RegExp(`^${from}: ${then}$`, 'm').test(text);
        ({ message } = await ask(person, () => person.choose(message, { from, label }), isPut));
      };
      for (const [index, maker] of films.entries()) {
        const film = `No. ${numberOf(maker)}`;
        await put(places[index]!, film, film);
      }
      // What stood there before has moved down.
      for (const from of places.slice(films.length).toReversed()) {
        const isTaken = new RegExp(`^${from}: No`, 'm').test(shown(message));
        if (isTaken) await put(from, 'no film', '–');
      }
    },
    tryToVote: async (who, maker) => {
      const person = personOf(who);
      const { message } = await ballot(person);
      const [menu] = message.menus;
      if (!menu) return shown(message);
      // A client that sends what the menu does not offer.
      const other = await ballot(personOf(who === 1 ? 2 : 1));
      const offered = other.message.menus[0]!.options.find(({ label }) =>
        label.endsWith(`No. ${numberOf(maker)}`),
      );
      const { message: answer } = await ask(
        person,
        () => person.select(message, menu.customId, [offered!.value]),
        (text) => !/Your vote/.test(text),
      );
      return shown(answer);
    },
    clickAtOnce: async (who, films) => {
      const person = personOf(who);
      const { message } = await ballot(person);
      const life = lives.count();
      const clicks = films.map((maker) =>
        person.choose(message, { from: places[0], label: `${places[0]}: No. ${numberOf(maker)}` }),
      );
      const isOver = ({ acknowledgedAfterMs, didNotRespond }: InteractionContext): boolean =>
        acknowledgedAfterMs !== null || didNotRespond;
      await fake.waitFor('all answers', () => clicks.every(isOver) || lives.count() !== life);
    },
    withdraw: async (who) => {
      for (;;) {
        const panel = await mine(who);
        const label = `Withdraw No. ${numberOf(who)}`;
        if (!panel.message.buttons.some((button) => button.label === label)) return;
        await press(panel, label, (text) => !/^No\. \d+: in the contest/m.test(text));
      }
    },
    forget: async (who) => {
      const person = personOf(who);
      await ask(person, () => person.command('forget', { confirm: 'yes' }, { in: place }));
    },
    posts,
    shown: () => [
      ...shownIn(),
      ...[...persons.keys()].flatMap((to) =>
        (asked.get(personOf(to).id) ?? [])
          .flatMap(({ reply, followUps }) => [...(reply ? [reply] : []), ...followUps])
          .filter(({ ephemeral }) => ephemeral)
          .concat(letters(personOf(to)))
          .flatMap(wordsOf)
          .map((text) => ({ to, text })),
      ),
    ],
    nameOf: (who) => {
      const { id, name } = personOf(who);
      return [`<@${id}>`, name];
    },
    momentsIn: (text) => [...text.matchAll(/<t:(\d+):F>/g)].map(([, seconds]) => 1000 * Number(seconds)),
    lettersTo: (who) => letters(personOf(who)).map(shown),
  };
  return {
    ...stage,
    guild,
    place,
    champion,
    personOf,
    thread,
    /** How often nobody answered. */
    unanswered: () => unanswered,
    isChampion: (who: number): boolean => guild.rolesOf(personOf(who)).includes(champion),
  };
};
