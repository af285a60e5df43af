import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { endless, press, slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile({ transport: 'http' });

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
