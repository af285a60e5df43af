import { beforeAll, describe, expect, it } from 'vitest';
import { type References, renderReferences } from '../kill/references.ts';
import { playRound } from '../kill/round.ts';

/** A few rounds of `npm run test:kill`, which plays more and draws the moments. */
describe.skipIf(process.platform !== 'linux')('what was accepted (Linux: needs /proc)', () => {
  let references: References;
  beforeAll(async () => {
    references = await renderReferences();
  });

  it.each([
    ['the bot is killed in the middle of a film', 'group', { framesDone: 5 }, null],
    ['the bot is killed at once, and again while it starts', 'group', { afterMs: 100 }, 400],
    ['the renderer is killed in the middle of a film', 'renderer', { framesDone: 5 }, null],
    ['the renderer is killed at the end of a film', 'renderer', { framesDone: 8 }, null],
  ] as const)(
    'comes to its end exactly once when %s',
    { timeout: 120_000 },
    async (_when, victim, moment, againAfterMs) => {
      const round = await playRound(victim, { moment, againAfterMs, references });
      expect(round.problems).toEqual([]);
      if ('framesDone' in moment && moment.framesDone < 8) expect(round.resumed).toBe(1);
    },
  );
});
