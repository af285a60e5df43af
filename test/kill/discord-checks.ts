import { shortId } from '../../src/chat/discord/message-marks.ts';
import { allSaid, type SaidMessage } from './discord-said.ts';
import type { Ask, Town } from './discord-town.ts';
import type { Use } from './discord-uses.ts';
import type { StoreFacts } from './inspect-folder.ts';
import type { References } from './references.ts';

export type DiscordFigures = {
  /** Commands that were answered. */
  readonly answered: number;
  /** Commands of which Discord said that nobody answered: those were sent again. */
  readonly unanswered: number;
  /** Of these, the ones that had been written down already and were rendered all the same. */
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
  /** Whether Discord had told them that nobody answered: then the answer calls them. */
  readonly isLate: boolean;
};

const wantedByAsk = ({ order, asked }: Ask): Wanted => ({
  what: `the film with seed ${order.seed}`,
  person: order.person.name,
  seed: order.seed,
  isLate: asked.didNotRespond,
});

/** Looks whether everything that was asked for was answered once: rows, messages, films, calls. */
export const checkDiscord = (
  { fake, asks }: Town,
  parts: { readonly facts: StoreFacts; readonly uses: readonly Use[]; readonly references: References },
): { readonly problems: readonly string[]; readonly figures: DiscordFigures } => {
  const { facts, uses, references } = parts;
  const problems: string[] = [];
  const expect = (isSo: boolean, problem: string): void => {
    if (!isSo) problems.push(problem);
  };
  const said = allSaid(fake);
  const removed = new Set(uses.flatMap(({ event, render }) => (event === null ? [render] : [])));
  const claimed = new Set<string>();

  const checkRender = (id: string, { what, person, seed, isLate }: Wanted): void => {
    const own = said.filter(({ render }) => render === shortId(id));
    const films = own.filter(({ isFilm }) => isFilm);
    const answers = own.filter(({ isFilm, message }) => !isFilm && message.files.length === 0);
    expect(films.length === 1, `${what} came ${films.length} times`);
    expect(answers.length === 1, `${what} has ${answers.length} answers`);
    expect(own.length === films.length + answers.length, `${what} has messages that should be gone`);
    expect(facts.finished.has(id), `the outbox still owes ${what}`);
    const pings = ({ message }: SaidMessage): readonly string[] => message.pinged;
    expect(
      films.flatMap(pings).join() === person,
      `${what} calls ${films.flatMap(pings).join() || 'nobody'}`,
    );
    expect(answers.flatMap(pings).length <= (isLate ? 1 : 0), `the answer to ${what} calls somebody`);
    const bytes = films[0]?.message.files[0]?.bytes;
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
  for (const ask of asks) {
    const wanted = wantedByAsk(ask);
    const rows = claim((event) => event === `interaction:${ask.asked.id}`, wanted);
    if (ask.asked.didNotRespond) renderedUnanswered += rows.length;
    else {
      const { reply } = ask.asked;
      const isGone = rows.length === 0 && uses.some((use) => use.removed === ask.asked.id);
      expect(rows.length === 1 || isGone, `${wanted.what} was answered and has ${rows.length} rows`);
      expect(reply?.ephemeral !== true, `${wanted.what} was refused: ${reply?.content}`);
    }
  }
  for (const { what, event, person, render } of uses) {
    if (event === null) {
      expect(!facts.rows.some(({ id }) => shortId(id) === render), `${what} left its row`);
      expect(!said.some((each) => each.render === render), `${what} left messages`);
      continue;
    }
    const wanted = { what: `what came of ${what}`, person: person.name, seed: null, isLate: false };
    const rows = claim((each) => each.startsWith(event), wanted);
    expect(rows.length === 1, `${what} led to ${rows.length} renders`);
    expect(
      rows.every(({ parent }) => parent !== null && shortId(parent) === render),
      `${what} led to a render of something else`,
    );
  }

  expect(facts.integrity === 'ok', `the database says ${facts.integrity}`);
  expect(facts.checkpointsLeft === 0, `${facts.checkpointsLeft} checkpoints are left`);
  for (const { id, event } of facts.rows) expect(claimed.has(id), `a render that nobody asked for: ${event}`);
  const known = new Set(facts.rows.map(({ id }) => shortId(id)));
  const strays = said.filter(({ render }) => !known.has(render) && !removed.has(render));
  for (const { message } of strays) problems.push(`a message about nothing: ${message.content}`);
  for (const { what, route, problems: why } of fake.violations) {
    problems.push(`not as Discord describes it: ${what} ${route}: ${why.join(', ')}`);
  }

  const films = said.filter(({ isFilm }) => isFilm);
  return {
    problems,
    figures: {
      answered: asks.filter(({ asked }) => !asked.didNotRespond).length,
      unanswered: asks.filter(({ asked }) => asked.didNotRespond).length,
      renderedUnanswered,
      films: films.length,
      pings: said.reduce((sum, { message }) => sum + message.pinged.length, 0),
      withoutDice: films.filter(({ message }) => !message.reactions['🎲']?.includes('gramzoom')).length,
    },
  };
};
