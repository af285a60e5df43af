import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeFilm, photoNamed, slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile({ transport: 'http', hasEngine: true });

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
