import { inNewYork } from '../support/contest-story.ts';
import { playContestKills } from './contest-kills.ts';
import { momentText, row } from './town-run.ts';

/** Kills a bot while a contest runs; prints what happened, and says whether all was well. */
export const killInContest = async ({
  kills,
  seed,
  print,
}: {
  readonly kills: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}): Promise<boolean> => {
  print(`A Halloween of 12 films and 40 voters on Discord; seed ${seed}.`);
  print(row(['kill', 'at', 'used', 'posts', 'last request to Discord']));
  let number = 0;
  const run = await playContestKills({
    ...{ kills, seed, halloween: inNewYork },
    onKill: ({ moment, used, posts, lastRequest }) =>
      print(row([++number, momentText(moment), used, posts, lastRequest])),
  });
  print(row(['', 'not answered, so done again', run.unanswered]));
  print(row(['', 'messages found, not sent again', run.suppressed]));
  for (const problem of run.problems) print(`      ${problem}`);
  if (run.kills < kills) print(`The story was over after ${run.kills} kills.`);
  print(
    run.problems.length === 0
      ? `${run.kills} kills: every vote was counted once, and everything was said once.`
      : `${run.problems.length} things went wrong.`,
  );
  return run.problems.length === 0;
};
