import { expect, it } from 'vitest';
import { gifOf, isFilm, slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile();

const minuteMs = 60_000;

it('unfinished renders go on after a stop of half an hour, in the messages that are there', async () => {
  const { fake, log, room, gramzoom, film, start, stop } = stage.current;
  const [first, second] = [room('de-DE'), room('de-DE')];
  const running = await gramzoom(first.ann, first.place, { size: 256 });
  const waiting = await gramzoom(second.ann, second.place);
  const { length } = log;
  await fake.waitFor('a frame', () => log.slice(length).some(({ kind }) => kind === 'progress'));
  await stop();
  fake.clock.advance(30 * minuteMs);
  await start();
  for (const { ann, place } of [first, second]) expect((await film(place)).words).toContain(ann.mention);
  await fake.waitFor('the answers to say so', () =>
    [running, waiting].every((answer) => answer().text === 'Der Film ist fertig.'),
  );
  // An answer and its film: nothing is said again, and no picture is left.
  for (const { place } of [first, second]) expect(place.all()).toHaveLength(2);
});

it('a reaction counts once, though it is told again after a restart, and old buttons and reactions work', async () => {
  const { fake, room, gramzoom, film, filmsIn, start, stop, acknowledged } = stage.current;
  const { ann, bea, cyd, place } = room();
  await gramzoom(ann, place);
  const first = await film(place);
  bea.react(first, 'game_die');
  const told = fake.deliveries.all.at(-1)!;
  await film(place, { count: 2 });
  await acknowledged();
  await stop();
  // Nobody hears of it before the next start.
  cyd.react(first, 'game_die');
  fake.clock.advance(30 * minuteMs);
  await start();
  fake.deliveries.redeliver(told, { retry: 3 });
  fake.deliveries.redeliver(told, { retry: 0 });
  expect((await film(place, { count: 3 })).words).toContain(cyd.mention);
  bea.react(first, 'game_die', false);
  bea.react(first, 'game_die');
  expect((await film(place, { count: 4 })).words).toContain(bea.mention);
  await acknowledged();
  expect(new Set(filmsIn(place).map((one) => gifOf(one)?.name)).size).toBe(4);
  ann.react(first, 'x');
  await fake.waitFor('the first film to go', () => !place.all().some(({ ts }) => ts === first.ts));
  expect(place.all().filter(isFilm)).toHaveLength(3);
});
