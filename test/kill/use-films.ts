import type { FilmHandle, Said, Town } from './town.ts';

/** Something that somebody did with a finished film. */
export type Use = {
  readonly what: string;
  readonly person: string;
  /** The beginning of the id of the render whose film it was. */
  readonly render: string;
  /** What the event of the one render that it leads to begins with; null where the film is to be gone. */
  readonly event: string | null;
  /** The wish whose film is gone, if it was one that was answered. */
  readonly removed: string | null;
};

const filmsSaid = (town: Town): readonly Said[] => town.said().filter(({ kind }) => kind === 'film');

/**
 * Uses finished films: a 🎲 that nobody hears, since the bot is down; then, with the bot there, a button, a 🎲 and
 * a removal.
 * @param options.restart kills the bot, does something, and starts it again
 * @param options.patienceMs how long a film may take
 * @throws Error where nothing comes of it
 */
export const useFilms = async (
  town: Town,
  {
    restart,
    patienceMs,
  }: { readonly restart: (whileDown: () => void) => Promise<void>; readonly patienceMs: number },
): Promise<readonly Use[]> => {
  const films = town.films();
  const nth = (index: number): FilmHandle => {
    const found = films[index % films.length];
    if (!found) throw new Error('there is no film to use');
    return found;
  };

  /** Does something that leads to one more film. */
  const oneMore = async (
    use: { readonly what: string; readonly film: FilmHandle; readonly by: 'asker' | 'neighbour' },
    act: () => Promise<string>,
  ): Promise<Use> => {
    const { what, film, by } = use;
    const before = filmsSaid(town).length;
    const event = await act();
    const isThere = (): boolean => filmsSaid(town).length > before;
    await town.waitFor(`one more film after ${what}`, isThere, { patienceMs });
    return { what, person: film.names[by], render: film.said.render, event, removed: null };
  };

  const rollUnheard = async (): Promise<Use> => {
    const film = nth(0);
    return await oneMore({ what: 'a 🎲 while it was down', film, by: 'neighbour' }, async () => {
      let event = '';
      await restart(() => {
        event = film.roll('neighbour');
      });
      return event;
    });
  };
  const pressReroll = async (): Promise<Use> => {
    const film = nth(1);
    const use = { what: 'a re-roll button', film, by: 'neighbour' } as const;
    return await oneMore(use, () => film.press('reroll', 'neighbour'));
  };
  const roll = async (): Promise<Use> => {
    const film = nth(2);
    return await oneMore({ what: 'a 🎲', film, by: 'asker' }, async () => film.roll('asker'));
  };
  const remove = async (): Promise<Use> => {
    const { said, wish, names, press } = nth(3);
    await press('delete', 'asker');
    const isThere = (): boolean => filmsSaid(town).some(({ render }) => render === said.render);
    await town.waitFor('a film to go', () => !isThere());
    return { what: 'a delete button', person: names.asker, render: said.render, event: null, removed: wish };
  };
  return [await rollUnheard(), await pressReroll(), await roll(), await remove()];
};
