import { describe, expect, it } from 'vitest';
import { buttonOf, decodeFilm, slackStageForFile, small } from '../support/slack-stage.ts';

describe.each(['socket', 'http'] as const)('a film by %s', (transport) => {
  const stage = slackStageForFile({ transport });

  it('comes once, in the thread under the answer, and loops', async () => {
    const { fake, room, gramzoom, film, filmsIn } = stage.current;
    const { ann, place } = room();
    const answer = await gramzoom(ann, place);
    const message = await film(place);
    expect(message.thread).toBe(answer().ts);
    expect(await decodeFilm(message)).toMatchObject({
      frames: small.frames,
      width: small.size,
      format: 'gif',
    });
    await fake.waitFor('the die', () => filmsIn(place)[0]?.reactions['game_die']);
    ann.react(message, 'game_die');
    await film(place, { count: 2 });
    expect(filmsIn(place)).toHaveLength(2);
  });

  it('is deleted by its button', async () => {
    const { fake, room, gramzoom, film, filmsIn } = stage.current;
    const { ann, place } = room('de-DE');
    await gramzoom(ann, place);
    const message = await film(place);
    const { actionId, value } = buttonOf(message, 'delete');
    await ann.press(message, actionId, value);
    await fake.waitFor('it to be gone', () => filmsIn(place).length === 0);
  });
});
