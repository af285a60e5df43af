import type { StoreFacts } from './inspect-folder.ts';
import type { References } from './references.ts';
import { type Said, shownId, type Town, type Wish } from './town.ts';
import type { Use } from './use-films.ts';

export type TownFigures = {
  /** Wishes that were answered. */
  readonly answered: number;
  /** How often the platform said that nobody answered: then it was done again. */
  readonly unanswered: number;
  /** Wishes of those that had been written down already and were rendered all the same. */
  readonly renderedUnanswered: number;
  readonly films: number;
  readonly pings: number;
  /** Films without the bot's own 🎲, which is added behind them. */
  readonly withoutDice: number;
};

/** Who wants a render, and what must be true of it besides. */
type Wanted = {
  readonly what: string;
  readonly person: string;
  readonly seed: number | null;
  /** Whether the platform had told them that nobody answered: then the answer may call them. */
  readonly isLate: boolean;
};

const wantedBy = ({ person, seed, isUnanswered }: Wish): Wanted => ({
  what: `the film with seed ${seed}`,
  person,
  seed,
  isLate: isUnanswered,
});

/** Looks whether everything that was asked for was answered once: rows, messages, films, calls. */
export const checkTown = (
  town: Town,
  parts: { readonly facts: StoreFacts; readonly uses: readonly Use[]; readonly references: References },
): { readonly problems: readonly string[]; readonly figures: TownFigures } => {
  const { facts, uses, references } = parts;
  const problems: string[] = [];
  const expect = (isSo: boolean, problem: string): void => {
    if (!isSo) problems.push(problem);
  };
  const [said, wishes] = [town.said(), town.wishes()];
  const removed = new Set(uses.flatMap(({ event, render }) => (event === null ? [render] : [])));
  const claimed = new Set<string>();

  const checkRender = (id: string, { what, person, seed, isLate }: Wanted): void => {
    const own = said.filter(({ render }) => render === shownId(id));
    const films = own.filter(({ kind }) => kind === 'film');
    const answers = own.filter(({ kind }) => kind === 'answer');
    expect(films.length === 1, `${what} came ${films.length} times`);
    expect(answers.length === 1, `${what} has ${answers.length} answers`);
    expect(own.length === films.length + answers.length, `${what} has messages that should be gone`);
    expect(facts.finished.has(id), `the outbox still owes ${what}`);
    const pings = ({ pinged }: Said): readonly string[] => pinged;
    expect(
      films.flatMap(pings).join() === person,
      `${what} calls ${films.flatMap(pings).join() || 'nobody'}`,
    );
    expect(answers.flatMap(pings).length <= (isLate ? 1 : 0), `the answer to ${what} calls somebody`);
    const bytes = films[0]?.bytes;
    const reference = seed === null ? undefined : references.films.get(seed);
    if (bytes && reference) expect(Buffer.from(bytes).equals(reference), `${what} is another one`);
  };

  const claim = (isIts: (event: string) => boolean, wanted: Wanted) => {
    const rows = facts.rows.filter(({ event }) => event !== null && isIts(event));
    for (const { id, state, failure } of rows) {
      claimed.add(id);
      expect(state === 'done', `${wanted.what} ended as ${state} (${failure})`);
      checkRender(id, wanted);
    }
    return rows;
  };

  let renderedUnanswered = 0;
  for (const wish of wishes) {
    const wanted = wantedBy(wish);
    const { what } = wanted;
    const rows = claim((event) => event === wish.event, wanted);
    if (wish.isUnanswered) renderedUnanswered += rows.length;
    else {
      const isGone = rows.length === 0 && uses.some((use) => use.removed === wish.key);
      expect(rows.length === 1 || isGone, `${what} was answered and has ${rows.length} rows`);
      expect(wish.refusal === null, `${what} was refused: ${wish.refusal}`);
    }
  }
  for (const { what, event, person, render } of uses) {
    if (event === null) {
      expect(!facts.rows.some(({ id }) => shownId(id) === render), `${what} left its row`);
      expect(!said.some((each) => each.render === render), `${what} left messages`);
      continue;
    }
    const rows = claim((each) => each.startsWith(event), {
      what: `what came of ${what}`,
      person,
      seed: null,
      isLate: false,
    });
    expect(rows.length === 1, `${what} led to ${rows.length} renders`);
    expect(
      rows.every(({ parent }) => parent !== null && shownId(parent) === render),
      `${what} led to a render of something else`,
    );
  }

  expect(facts.integrity === 'ok', `the database says ${facts.integrity}`);
  expect(facts.eventsLeft === 0, `${facts.eventsLeft} events are left`);
  expect(facts.checkpointsLeft === 0, `${facts.checkpointsLeft} checkpoints are left`);
  for (const { id, event } of facts.rows) expect(claimed.has(id), `a render that nobody asked for: ${event}`);
  const known = new Set(facts.rows.map(({ id }) => shownId(id)));
  const strays = said.filter(({ render }) => !known.has(render) && !removed.has(render));
  for (const { text } of strays) problems.push(`a message about nothing: ${text}`);
  for (const name of town.leftFiles()) problems.push(`a file that nobody needs: ${name}`);
  for (const violation of town.violations()) {
    problems.push(`not as ${town.platform} describes it: ${violation}`);
  }

  const films = said.filter(({ kind }) => kind === 'film');
  return {
    problems,
    figures: {
      answered: wishes.filter(({ isUnanswered }) => !isUnanswered).length,
      unanswered: town.unanswered(),
      renderedUnanswered,
      films: films.length,
      pings: said.reduce((sum, { pinged }) => sum + pinged.length, 0),
      withoutDice: films.filter(({ hasDice }) => !hasDice).length,
    },
  };
};
