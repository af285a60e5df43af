import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeFilm, gifOf, isFilm, photoNamed, shown, stageForFile } from '../support/discord-stage.ts';

const stage = stageForFile({ hasEngine: true });

describe('the film', () => {
  it.each([
    {
      language: 'English',
      locale: 'en-US',
      ready: 'The film is ready.',
      footer: /\n-# seed 7 · pocket · [\w-]{8}$/,
      buttons: ['Re-roll', 'Larger', 'Delete', 'Delete photo'],
      alt: 'Endless zoom: cat.png',
    },
    {
      language: 'German',
      locale: 'de',
      ready: 'Der Film ist fertig.',
      footer: /\n-# Seed 7 · pocket · [\w-]{8}$/,
      buttons: ['Neu würfeln', 'Größer', 'Löschen', 'Foto löschen'],
      alt: 'Endloser Zoom: cat.png',
    },
  ] as const)('the film loops, is as small as asked, and comes once, in $language', async (words) => {
    const { fake, server, gramzoom, thread, film } = stage.current;
    const { ann, place } = server(words.locale);
    const { asked, answer } = await gramzoom(ann, place, { seed: 7, max_bytes: '30kB' });
    const under = await thread(answer);
    const message = await film(under);
    expect(asked.acknowledgedAfterMs).toBeLessThan(3000);
    expect(await decodeFilm(message)).toMatchObject({
      frames: 8,
      format: 'gif',
      loop: 0,
      description: words.alt,
    });
    expect(gifOf(message)?.bytes.byteLength).toBeLessThanOrEqual(30_000);
    expect(message.content).toMatch(new RegExp(`^<@${ann.id}> ${words.ready}`));
    expect(shown(message)).toMatch(words.footer);
    expect(message.buttons.map(({ label }) => label)).toEqual(words.buttons);
    await fake.waitFor('the emoji', () => under.message(message.id)?.reactions['🎲']?.[0] === 'gramzoom');
    await fake.waitFor('the answer to say so', () => answer().content.startsWith(words.ready));
    expect(answer().buttons).toEqual([]);
    expect(ann.pings().map(({ id }) => id)).toEqual([message.id]);
    expect([...place.messages(), ...under.messages()].filter(isFilm)).toHaveLength(1);
    expect(fake.invalidRequests).toBe(0);
  });

  it('is a spoiler where its photo was, and so are its pictures and re-rolls', async () => {
    const { server, gramzoom, thread, film } = stage.current;
    const { ann, bea, place } = server();
    const photo = await photoNamed('SPOILER_cat.png');
    const { answer } = await gramzoom(ann, place, { photo });
    const under = await thread(answer);
    const message = await film(under);
    expect(under.name).toBe('gramzoom: cat.png');
    expect(gifOf(message)?.spoiler).toBe(true);
    bea.react(message, '🎲');
    const again = await film(under, { count: 2 });
    expect(gifOf(again)?.spoiler).toBe(true);
  });
});

describe('the texture', () => {
  it('a photo becomes a still by /texture, which a reaction re-rolls and another one deletes', async () => {
    const { fake, server, thread } = stage.current;
    const { ann, bea, place } = server('de');
    const options = { photo: await photoNamed(), size: 64, steps: 1, depth: 'texture', seed: 7 };
    const asked = await ann.command('texture', options, { in: place });
    const answer = await fake.waitFor('the answer', () => asked.reply);
    const under = await thread(() => asked.reply ?? answer);
    const stills = () =>
      under.messages().filter(({ files }) => files.some(({ name }) => name.endsWith('.png')));
    const first = await fake.waitFor('the texture', () => stills()[0]);
    expect(asked.acknowledgedAfterMs).toBeLessThan(3000);
    expect(first.content).toMatch(new RegExp(`^<@${ann.id}> Die Textur ist fertig.`));
    expect(await sharp(first.files[0]?.bytes).metadata()).toMatchObject({
      format: 'png',
      width: 64,
      height: 64,
    });
    expect(first.files[0]?.description).toBe('Textur: cat.png');
    expect(first.buttons.map(({ label }) => label)).toEqual([
      'Neu würfeln',
      'Größer',
      'Löschen',
      'Foto löschen',
    ]);
    await fake.waitFor('the answer to say so', () =>
      asked.reply?.content.startsWith('Die Textur ist fertig.'),
    );

    bea.react(first, '🎲');
    const again = await fake.waitFor('the re-roll', () => stills()[1]);
    expect(again.content).toContain(`<@${bea.id}>`);
    expect(Buffer.compare(again.files[0]!.bytes, first.files[0]!.bytes)).not.toBe(0);
    ann.react(first, '❌');
    await fake.waitFor('the first one to go', () => !under.message(first.id));
  });
});
