import type { CreateTown } from './town.ts';
import { playKills, renderTownFilms, type TownMoment } from './town-kills.ts';

/** Small, and long enough to be killed in. */
const film = { size: 64, frames: 8, steps: 16 } as const;

/** When a kill was, in words. */
export const momentText = (moment: TownMoment): string => {
  switch (moment.kind) {
    case 'starting':
      return `${moment.afterMs.toFixed(0)} ms after its start began`;
    case 'running':
      return `${moment.afterMs.toFixed(0)} ms after it ran`;
    case 'command':
      return `${moment.afterMs.toFixed(0)} ms after a command`;
    case 'request':
      return `with request ${moment.number}, unheard`;
    default:
      return moment satisfies never;
  }
};

/** A line of a table. */
export const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, column) => String(cell).padEnd([5, 34, 6, 6][column] ?? 0)).join(' ');

/** Kills a bot on a fake platform; prints what happened, and says whether all was well. */
export const killInTown = async (options: {
  readonly platform: string;
  readonly createTown: CreateTown;
  readonly kills: number;
  readonly renders: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}): Promise<boolean> => {
  const { platform, createTown, kills, renders, seed, print } = options;
  const references = await renderTownFilms(renders, film);
  const { size, frames } = film;
  print(
    `${renders} films of ${size} px and ${frames} frames for three servers take ${references.seconds.toFixed(1)} s undisturbed; seed ${seed}.`,
  );
  print(row(['kill', 'at', 'asked', 'films', `last request to ${platform}`]));
  let number = 0;
  const run = await playKills({
    ...{ createTown, kills, renders, seed, film, references },
    onKill: ({ moment, asked, films, lastRequest }) =>
      print(row([++number, momentText(moment), asked, films, lastRequest])),
  });
  const { figures, resumed, framesAgain, suppressed, uses, problems } = run;
  if (figures) {
    const { answered, unanswered, renderedUnanswered, films, pings, withoutDice } = figures;
    print(row(['', 'commands answered', answered]));
    print(row(['', 'not answered, so sent again', unanswered]));
    print(row(['', '  of these rendered all the same', renderedUnanswered]));
    print(row(['', 'films there now', films]));
    print(row(['', '  without the 🎲 of the bot', withoutDice]));
    print(row(['', 'people called', pings]));
    print(row(['', 'renders gone on with', resumed]));
    print(row(['', 'most frames computed again', framesAgain]));
    print(row(['', 'messages found, not sent again', suppressed]));
    for (const use of uses) print(row(['', `afterwards, ${use}`, 'works']));
  }
  for (const problem of problems) print(`      ${problem}`);
  print(
    problems.length === 0
      ? `${run.kills} kills, and everything was answered exactly once.`
      : `${problems.length} things went wrong.`,
  );
  return problems.length === 0;
};
