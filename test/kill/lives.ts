import type { BotProcess } from '../support/bot-process.ts';

/** Reads from the logs where each render stood when it was killed and where it went on. */
export const readResumes = (
  lives: readonly BotProcess[],
): { readonly resumed: number; readonly framesAgain: number } => {
  const furthest = new Map<string, number>();
  let resumed = 0;
  let framesAgain = 0;
  for (const { job, msg, kind, progress, framesBefore, resumed: isResumed } of lives.flatMap(
    ({ log }) => log,
  )) {
    if (typeof job !== 'string') continue;
    const known = furthest.get(job) ?? 0;
    if (msg === 'event' && kind === 'progress') furthest.set(job, Math.max(known, Number(progress?.done)));
    if (msg !== 'render: started') continue;
    if (isResumed === true) resumed++;
    framesAgain = Math.max(framesAgain, known - Number(framesBefore));
  }
  return { resumed, framesAgain };
};
