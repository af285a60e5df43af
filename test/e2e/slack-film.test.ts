import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeFilm, endless, photoNamed, press, slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile({ transport: 'http', hasEngine: true });

describe('while a film renders', () => {
  it('others are told within three seconds how many are before them, and get their films once it is cancelled', async () => {
    const { fake, room, gramzoom, film, told } = stage.current;
    const [first, second, third] = [room(), room(), room()];
    const running = await gramzoom(first.ann, first.place, endless);
    await fake.waitFor('it to render', () => /^(?:Painting|Frame)/.test(running().text));
    const next = await gramzoom(second.ann, second.place);
    const last = await gramzoom(third.ann, third.place);
    expect(fake.deliveries.all.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    await fake.waitFor('two places in the line', () =>
      [next, last].every((answer, at) =>
        answer().words.startsWith(
          ['Next in the queue, done at <!date^', 'Number 2 of 2 in the queue, done at <!date^'][at]!,
        ),
      ),
    );
    expect(last().buttons.map(({ label }) => label)).toEqual(['✖️ Cancel']);
    expect((await told(first.ann, () => press(first.ann, running(), 'cancel'))).text).toMatch(
      /^Cancelled [\w-]{8}\.$/,
    );
    for (const { ann, place } of [second, third]) expect((await film(place)).words).toContain(ann.mention);
  });

  it('the thread shows the picture so far in one message, as a still with new words for those who do not see it', async () => {
    const { fake, room, gramzoom, cancel } = stage.current;
    const { ann, place } = room('de-DE');
    const answer = await gramzoom(ann, place, endless);
    const shown = () => place.replies(answer()).filter(({ pictures }) => pictures.length > 0);
    const picture = await fake.waitFor('a picture of a frame', () => {
      const [newest] = shown()[0]?.pictures ?? [];
      return newest?.alt.startsWith('Bild ') && newest;
    });
    expect(shown()).toHaveLength(1);
    expect(shown()[0]).toMatchObject({ isEdited: false, files: [] });
    expect(shown()[0]?.words).toMatch(/^Bild \d+ von 240\.\nSeed \d+ · pocket · [\w-]{8}$/);
    expect(picture.alt).toMatch(/^Bild \d+ von 240 eines Zooms in cat\.png$/);
    expect((await sharp(picture.bytes).metadata()).format).toBe('jpeg');
    await cancel(ann, answer());
    await fake.waitFor('its end', () => answer().text === 'Abgebrochen.' && place.all().length === 1);
  });
});

describe('the film', () => {
  it.each([
    [
      'en-US',
      'The film is ready.',
      'seed',
      ['🎲 Re-roll', '🔍 Larger', '🗑️ Delete', '🧹 Delete photo'],
      'Endless zoom: cat.png',
    ],
    [
      'de-DE',
      'Der Film ist fertig.',
      'Seed',
      ['🎲 Neu würfeln', '🔍 Größer', '🗑️ Löschen', '🧹 Foto löschen'],
      'Endloser Zoom: cat.png',
    ],
  ] as const)(
    'the film loops, is as small as asked, and comes once, with the emoji to re-roll it (%s)',
    async (locale, ready, seed, labels, alt) => {
      const { fake, room, gramzoom, film, home } = stage.current;
      const { ann, place } = room(locale);
      const answer = await gramzoom(ann, place, { seed: 7, max_bytes: '30kB' });
      const message = await film(place);
      const decoded = await decodeFilm(message);
      expect(decoded).toMatchObject({ frames: 8, format: 'gif', loop: 0, alt });
      expect(decoded.bytes).toBeLessThanOrEqual(30_000);
      expect(message.words).toMatch(
        new RegExp(`^${ann.mention} ${ready}(.|\\n)*\\n${seed} 7 · pocket · [\\w-]{8}$`),
      );
      expect(message.buttons.map(({ label }) => label)).toEqual(labels);
      // A GIF in a block would stand still.
      expect(message.pictures).toEqual([]);
      await fake.waitFor('the emoji', () =>
        place.message(message.ts)?.reactions['game_die']?.includes(home.installation.botUser),
      );
      await fake.waitFor('the answer to say so', () => answer().text.startsWith(ready));
      expect(place.all()).toHaveLength(2);
    },
  );
});

describe('the texture', () => {
  it('a photo becomes a still by /texture, which a reaction re-rolls', async () => {
    const { fake, room } = stage.current;
    const { ann, bea, place } = room('de-DE');
    await ann.command('/texture', 'size:64 steps:1 depth:texture seed:7', place);
    ann.fill({ photo: [await photoNamed()] });
    expect((await ann.submit()).errors).toBeNull();
    const stills = () => place.all().filter(({ files }) => files[0]?.mimetype === 'image/png');
    const first = await fake.waitFor('the texture', () => stills()[0]);
    expect(first.words).toMatch(new RegExp(`^${ann.mention} Die Textur ist fertig\\.`));
    const { width, height } = await sharp(first.files[0]?.bytes).metadata();
    expect([width, height, first.files[0]?.alt]).toEqual([64, 64, 'Textur: cat.png']);
    bea.react(first, 'game_die');
    const again = await fake.waitFor('the re-roll', () => stills()[1]);
    expect(again.words).toContain(bea.mention);
    expect(again.files[0]?.bytes.equals(first.files[0]!.bytes)).toBe(false);
  });
});
