import { beforeAll, describe, expect, it } from 'vitest';
import type { References } from '../kill/references.ts';
import { createSlackTown } from '../kill/slack-town.ts';
import { playKills, renderTownFilms } from '../kill/town-kills.ts';
import { smallFilm } from '../support/bot-client.ts';

const renders = 2;

/** A short one of `npm run test:kill -- slack`. */
describe('a bot on Slack that is killed again and again', () => {
  let references: References;
  beforeAll(async () => {
    references = await renderTownFilms(renders, smallFilm);
  });

  it('answers everybody exactly once, and its films are of use afterwards', {
    timeout: 120_000,
  }, async () => {
    const run = await playKills({
      ...{ createTown: createSlackTown, kills: 3, renders, seed: 5, film: smallFilm, references },
    });
    expect(run.problems).toEqual([]);
    expect(run.figures?.answered).toBe(renders);
    expect(run.uses).toHaveLength(4);
  });
});
