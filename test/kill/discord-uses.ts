import type { InteractionContext } from '../support/discord/driver/asked.ts';
import type { Person } from '../support/discord/driver/person.ts';
import { buttonId, filmsSaid, renderOf, type SaidMessage } from './discord-said.ts';
import type { Ask, DiscordOrder, Town } from './discord-town.ts';

/** Something that somebody did with a finished film. */
export type Use = {
  readonly what: string;
  readonly person: Person;
  /** The beginning of the id of the render whose film it was. */
  readonly render: string;
  /** What the event of the one render that it leads to begins with; null where the film is to be gone. */
  readonly event: string | null;
  /** The command whose film is gone, if it was a command that was answered. */
  readonly removed: string | null;
};

type Film = { readonly order: DiscordOrder; readonly film: SaidMessage };

const filmsOf = ({ fake, orders }: Town): readonly Film[] => {
  const said = filmsSaid(fake);
  return orders.flatMap((order) => {
    const film = said.find(({ message }) =>
      message.files.some(({ name }) => name === `gramzoom-${order.seed}.gif`),
    );
    return film ? [{ order, film }] : [];
  });
};

/**
 * Uses finished films: a 🎲 that nobody hears, since the bot is down; then, with the bot there, a button, a 🎲 and
 * a removal.
 * @param options.restart kills the bot, does something, and starts it again
 * @throws Error where nothing comes of it
 */
export const useFilms = async (
  town: Town,
  { restart }: { readonly restart: (whileDown: () => void) => Promise<void> },
): Promise<readonly Use[]> => {
  const { fake } = town;
  const films = filmsOf(town);
  const nth = (index: number): Film => {
    const found = films[index % films.length];
    if (!found) throw new Error('there is no film to use');
    return found;
  };

  const oneMore = async (use: Use, act: () => Promise<void> | void): Promise<Use> => {
    const before = filmsSaid(fake).length;
    await act();
    await fake.waitFor(`one more film after ${use.what}`, () => filmsSaid(fake).length > before);
    return use;
  };
  const answered = (what: string, asked: InteractionContext): Promise<boolean> =>
    fake.waitFor(`an answer to ${what}`, () => asked.acknowledgedAfterMs !== null);

  const byReaction = (what: string, person: Person, { render, message }: SaidMessage): Use => {
    const event = `reaction:${message.channelId}/${message.id}:${person.id}:`;
    return { what, person, render, event, removed: null };
  };
  const byButton = async (index: number): Promise<Use> => {
    const { film, order } = nth(index);
    const before = filmsSaid(fake).length;
    const [what, person] = ['a re-roll button', order.neighbour];
    const asked = person.press(film.message, buttonId(film.message, 'reroll'));
    await answered(what, asked);
    await fake.waitFor(`one more film after ${what}`, () => filmsSaid(fake).length > before);
    return { what, person, render: film.render, event: `interaction:${asked.id}`, removed: null };
  };
  const remove = async (index: number): Promise<Use> => {
    const { film, order } = nth(index);
    const [what, person] = ['a delete button', order.person];
    const isOf = ({ asked }: Ask): boolean => asked.reply !== null && renderOf(asked.reply) === film.render;
    const removed = town.asks.find(isOf)?.asked.id ?? null;
    const asked = person.press(film.message, buttonId(film.message, 'delete'));
    await answered(what, asked);
    const isThere = (): boolean => filmsSaid(fake).some(({ message }) => message.id === film.message.id);
    await fake.waitFor('a film to go', () => !isThere());
    return { what, person, render: film.render, event: null, removed };
  };

  const [unheard, heard] = [nth(0), nth(2)];
  return [
    await oneMore(byReaction('a 🎲 while it was down', unheard.order.neighbour, unheard.film), () =>
      restart(() => unheard.order.neighbour.react(unheard.film.message, '🎲')),
    ),
    await byButton(1),
    await oneMore(byReaction('a 🎲', heard.order.person, heard.film), () =>
      heard.order.person.react(heard.film.message, '🎲'),
    ),
    await remove(3),
  ];
};
