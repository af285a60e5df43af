import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type MessageView, wordsOf } from '../support/slack/place.ts';
import { decodeFilm, gifOf, press, slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile();

type Locale = 'en-US' | 'de-DE';

const bytesOf = (message: MessageView): Buffer => {
  const file = gifOf(message);
  if (!file) throw new Error('no film');
  return file.bytes;
};

/** A film of Ann's in a channel. */
const filmInChannel = async (locale: Locale = 'en-US') => {
  const { fake, acknowledged, room, gramzoom, film, filmsIn } = stage.current;
  const made = room(locale);
  const answer = await gramzoom(made.ann, made.place);
  const message = await film(made.place);
  await acknowledged();
  // Slack takes few messages at once in a channel.
  fake.clock.advance(3_500);
  return { ...made, answer, message, films: () => filmsIn(made.place) };
};

describe('the re-roll button', () => {
  it.each([
    ['en-US', 'The film is ready.', 're-roll of'],
    ['de-DE', 'Der Film ist fertig.', 'neu gewürfelt aus'],
  ] as const)(
    'makes another film for whoever presses it, in the same thread (%s)',
    async (locale, ready, from) => {
      const { bea, place, answer, message } = await filmInChannel(locale);
      const { length } = place.messages();
      await press(bea, message, 'reroll');
      const again = await stage.current.film(place, { count: 2 });
      const [, parent] = / · ([\w-]{8})$/.exec(message.words) ?? [];
      expect(again.words).toMatch(
        new RegExp(`^${bea.mention} ${ready}\nseed \\d+ · pocket · ${from} ${parent} · [\\w-]{8}$`, 'i'),
      );
      expect(again.thread).toBe(answer().ts);
      expect(bytesOf(again).equals(bytesOf(message))).toBe(false);
      expect(place.messages()).toHaveLength(length);
    },
  );
});

describe('the larger button', () => {
  it('makes the same film with longer sides, which its cancel button ends', async () => {
    const { fake, said, told } = stage.current;
    const { bea, place, message } = await filmInChannel('de-DE');
    const answer = await said(place, () => press(bea, message, 'larger'));
    const pictures = () => place.all().flatMap((one) => one.pictures);
    const picture = await fake.waitFor('a picture', () => pictures()[0]);
    expect((await sharp(picture.bytes).metadata()).width).toBe(256);
    expect(picture.alt).toMatch(/^Bild \d von 8 eines Zooms in cat\.png$/);
    expect((await told(bea, () => press(bea, answer(), 'cancel'))).text).toMatch(
      /^[\w-]{8} ist abgebrochen\.$/,
    );
    await fake.waitFor('its end', () => answer().text === 'Abgebrochen.');
    expect(answer().buttons.map(({ label }) => label)).toEqual(['🎲 Neu würfeln', '🗑️ Löschen']);
    await fake.waitFor('no picture', () => pictures().length === 0);
    expect(place.all().filter(({ words }) => words.includes(bea.mention))).toEqual([]);
  });
});

describe('the cancel button', () => {
  it.each([
    ['en-US', 'Only the person who asked for it can do that.', 'Cancelled.'],
    ['de-DE', 'Das kann nur, wer es bestellt hat.', 'Abgebrochen.'],
  ] as const)('is for whoever asked, and for admins (%s)', async (locale, notYours, end) => {
    const { fake, busy, room, gramzoom, told } = stage.current;
    const other = await busy();
    const { ann, bea, mod, place } = room(locale);
    const answer = await gramzoom(ann, place);
    expect((await told(bea, () => press(bea, answer(), 'cancel'))).text).toBe(notYours);
    expect((await told(mod, () => press(mod, answer(), 'cancel'))).text).toMatch(/[\w-]{8}/);
    await fake.waitFor('its end', () => answer().text === end);
    // A render that has not begun has no thread.
    expect(place.all()).toHaveLength(1);
    await other.end();
  });
});

describe('the delete buttons', () => {
  it('take the film and its answer away, for whoever asked and for nobody else', async () => {
    const { fake, told } = stage.current;
    const { ann, bea, place, message } = await filmInChannel();
    expect((await told(bea, () => press(bea, message, 'delete'))).text).toBe(
      'Only the person who asked for it can do that.',
    );
    expect((await told(ann, () => press(ann, message, 'delete'))).text).toBe('Deleted.');
    await fake.waitFor('all to go', () => place.all().length === 0);
    await fake.waitFor('the file to go', () => fake.state.files.get(gifOf(message)?.id ?? '')?.isDeleted);
  });

  it('take every film of a photo away, once whoever it is from has confirmed it', async () => {
    const { fake, film, told } = stage.current;
    const { ann, bea, place, message } = await filmInChannel();
    await press(bea, message, 'reroll');
    const again = await film(place, { count: 2 });
    expect((await told(bea, () => press(bea, again, 'delete-photo'))).text).toMatch(
      /^Only the person whose photo/,
    );
    const question = await told(ann, () => press(ann, again, 'delete-photo'));
    expect(question.text).toContain('2 renders, 1 of them asked for by others');
    const done = await told(ann, () => press(ann, question, 'delete-photo'));
    expect(done.text).toMatch(/^Deleted for good: your photo and 2 renders/);
    await fake.waitFor('all to go', () => place.all().length === 0);
  });
});

describe('reactions', () => {
  it('game_die makes a film for whoever reacts, x takes it away for whoever asked and for admins', async () => {
    const { fake, film } = stage.current;
    const { ann, bea, cyd, mod, place, message, films } = await filmInChannel('de-DE');
    bea.react(message, 'game_die');
    const again = await film(place, { count: 2 });
    expect(again.words).toMatch(new RegExp(`^${bea.mention} Der Film ist fertig`));
    expect(await decodeFilm(again)).toMatchObject({ frames: 8, width: 64 });
    // Whoever may not is asked for nothing, and nothing happens.
    cyd.react(message, 'x');
    ann.react(message, 'x');
    await fake.waitFor('its end', () => films().length === 1);
    mod.react(again, 'x');
    await fake.waitFor('all to go', () => place.all().length === 0);
  });

  it('game_die that is taken back while it waits is cancelled, and may be made anew', async () => {
    const { fake, said, busy, film } = stage.current;
    const { bea, place, message } = await filmInChannel();
    const other = await busy();
    const first = await said(place, () => bea.react(message, 'game_die'));
    bea.react(message, 'game_die', false);
    await fake.waitFor('its end', () => first().text === 'Cancelled.');
    await said(place, () => bea.react(message, 'game_die'));
    await other.end();
    await film(place, { count: 2 });
  });

  it('game_die above the limits is answered to whoever reacts alone', async () => {
    const { fake, busy, cancel, gramzoom } = stage.current;
    const { ann, place, message } = await filmInChannel('de-DE');
    const other = await busy();
    const waiting = [await gramzoom(ann, place), await gramzoom(ann, place)];
    const { length } = place.all();
    ann.react(message, 'game_die');
    const told = await fake.waitFor('the limit', () => ann.ephemerals.at(-1));
    expect(told).toMatchObject({ thread: message.thread, via: 'chat.postEphemeral' });
    expect(told.text).toContain('sind schon 2 Filme in Arbeit');
    expect(place.all()).toHaveLength(length);
    for (const answer of waiting) await cancel(ann, answer());
    await other.end();
  });

  it('envelope brings the film to whoever reacts, in their language', async () => {
    const { film, home } = stage.current;
    const { bea, place, message } = await filmInChannel();
    const dora = home.person('dora', { locale: 'de-DE' });
    place.invite(dora);
    const letters = [];
    for (const person of [bea, dora]) {
      person.react(message, 'envelope');
      letters.push(await film(person.direct));
    }
    expect(letters.map(({ words }) => words)).toEqual(['Here is your film.', 'Hier ist dein Film.']);
    for (const letter of letters) expect(bytesOf(letter).equals(bytesOf(message))).toBe(true);
  });
});

describe('the App Home', () => {
  it('shows films with their buttons, which are answered in the conversation with the bot', async () => {
    const { fake, film } = stage.current;
    const { ann, place, answer } = await filmInChannel('de-DE');
    await fake.waitFor('its end', () => answer().text === 'Der Film ist fertig.');
    ann.openHome();
    const shown = () => wordsOf(ann.home?.view.blocks ?? []);
    await fake.waitFor('the film, with a link', () => shown().includes(`/archives/${place.id}/p`));
    await ann.pressInHome('gz1:reroll');
    expect((await film(ann.direct)).words).toContain(`${ann.mention} Der Film ist fertig.`);
    await ann.pressInHome('gz1:forget');
    await fake.waitFor('all to go', () => [...place.all(), ...ann.direct.all()].length === 0);
    await fake.waitFor('nothing to be left', () =>
      /^Endgültig gelöscht: 1 Foto und 2 Filme(.|\n)*Du hast noch keine Filme/.test(shown()),
    );
  });
});
