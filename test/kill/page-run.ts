import { createRandom } from '../../src/domain/random.ts';
import { smallFilm } from '../support/bot-client.ts';
import { renderReferences } from './references.ts';
import { playRound, type Round, victims } from './round.ts';

/** A start with something to take up takes about as long. */
const startMs = 1500;

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, column) => String(cell).padStart([5, 9, 16, 4, 9, 8, 13][column] ?? 0)).join(' ');

/** Kills bots with a chat page, and their renderers; prints each round, and says whether all was well. */
export const killOnPage = async (options: {
  readonly rounds: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}): Promise<boolean> => {
  const { rounds, seed, print } = options;
  const random = createRandom(seed);
  const references = await renderReferences();
  print(`Three renders from two servers take ${references.seconds.toFixed(1)} s undisturbed; seed ${seed}.`);
  print(row(['round', 'victim', 'killed at', 'hit', 'accepted', 'resumed', 'frames again']));
  const played: Round[] = [];
  for (let index = 0; index < rounds * victims.length; index++) {
    // A little longer than they take: the end has moments of its own. Frames of small films come quickly, so
    // that some rounds wait for them.
    const moment =
      random.uniform() < 3 / 4
        ? { afterMs: 1.2e3 * references.seconds * random.uniform() }
        : { framesDone: 1 + Math.floor(smallFilm.frames * random.uniform()) };
    const victim = victims[index % victims.length]!;
    // Every third start after a kill is killed too.
    const again = victim === 'group' && random.uniform() < 1 / 3;
    const againAfterMs = again ? startMs * random.uniform() : null;
    const round = await playRound(victim, { moment, againAfterMs, references });
    played.push(round);
    const { killedAfterMs, killed, accepted, resumed, framesAgain, problems } = round;
    const moments = [killedAfterMs, round.againAfterMs].flatMap((ms) => (ms === null ? [] : [`${ms} ms`]));
    const hit = killed ? 'yes' : 'no';
    print(row([index + 1, victim, moments.join(' + '), hit, accepted, resumed, framesAgain]));
    for (const problem of problems) print(`      ${problem}`);
  }
  const broken = played.filter(({ problems }) => problems.length > 0).length;
  const accepted = played.reduce((sum, round) => sum + round.accepted, 0);
  const resumed = played.reduce((sum, round) => sum + round.resumed, 0);
  print(
    broken === 0
      ? `All ${accepted} accepted renders came to their end exactly once; ${resumed} were gone on with from a checkpoint.`
      : `${broken} of ${played.length} rounds went wrong.`,
  );
  return broken === 0;
};
