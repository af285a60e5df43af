import { expect, it } from 'vitest';
import { isFilm, stageForFile } from '../support/discord-stage.ts';

const stage = stageForFile();

it('somebody who toggles an emoji a hundred times says next to nothing by it, and keeps nobody waiting for a film', async () => {
  const { fake, server, gramzoom, thread, film, busy } = stage.current;
  const { ann, bea, cyd, place } = server();
  const first = await gramzoom(ann, place);
  const under = await thread(first.answer);
  const shown = await film(under);
  const running = await busy();
  const before = under.messages().length;
  for (let count = 0; count < 100; count += 1) {
    bea.react(shown, '🎲');
    bea.unreact(shown, '🎲');
  }
  // Another one of the same place comes while all that is dealt with.
  cyd.react(shown, '🎲');
  await fake.waitFor('the answer to cyd', () =>
    under.messages().some(({ content }) => /in the queue/.test(content)),
  );
  // What one person does is dealt with in order.
  bea.react(shown, '✉️');
  await fake.waitFor('the end of all that', () => bea.dm().messages().some(isFilm));
  const since = () => under.messages().slice(before);
  // An answer to cyd, one notice, and at most two answers that bea has seen.
  expect(since().length).toBeLessThanOrEqual(4);
  const passing = () => since().filter(({ content }) => /take the emoji|^Cancelled/.test(content));
  await fake.waitFor('the notice', () => passing().some(({ content }) => content.includes('take the emoji')));
  await running.end();
  await fake.waitFor(
    "cyd's film",
    () => fake.place(under.id).messages().filter(isFilm).length === 2 && cyd.pings().length === 1,
  );
  fake.clock.advance(61_000);
  await fake.waitFor('its end', () => passing().length === 0);
});
