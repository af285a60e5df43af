import { describe, expect, it } from 'vitest';
import { endless, photoNamed, shown, stageForFile } from '../support/discord-stage.ts';

const stage = stageForFile();

describe('while a film renders', () => {
  it('others are told within three seconds how many are before them, and when theirs will be done', async () => {
    const { fake, server, gramzoom, thread, film, told, momentIn } = stage.current;
    const { ann, bea, cyd, guild, place } = server();
    const other = guild.channel('other');
    const first = await gramzoom(ann, place, endless);
    await fake.waitFor('the first frame', () => /^Frame \d+ of 240/.test(first.answer().content));
    const second = await gramzoom(bea, other);
    const third = await gramzoom(cyd, other);
    for (const { asked } of [first, second, third]) expect(asked.acknowledgedAfterMs).toBeLessThan(3000);
    await fake.waitFor(
      'two places in the line',
      () =>
        second.answer().content.startsWith('Next in the queue, done <t:') &&
        third.answer().content.startsWith('Number 2 of 2 in the queue, done <t:'),
    );
    expect(momentIn(third.answer().content)).toBeGreaterThan(0);
    expect(third.answer().buttons.map(({ label }) => label)).toEqual(['Cancel']);
    expect([...bea.pings(), ...cyd.pings()]).toEqual([]);

    const cancelled = ann.press(first.answer(), 'Cancel');
    expect(shown(await told(cancelled))).toMatch(/^Cancelled [\w-]{8}\.$/);
    await fake.waitFor('its end', () => first.answer().content.startsWith('Cancelled.'));
    for (const { answer } of [second, third]) await film(await thread(answer));
    for (const person of [bea, cyd]) expect(person.pings()).toHaveLength(1);
  });

  it('the thread of a running film shows the picture so far in one message, with new words for those who do not see it', async () => {
    const { fake, server, gramzoom, thread, told } = stage.current;
    const { ann, place } = server('de');
    const { answer } = await gramzoom(ann, place, {
      ...endless,
      photo: await photoNamed('katze.png'),
    });
    const under = await thread(answer);
    expect(under.name).toBe('gramzoom: katze.png');
    const pictures = () => under.messages().filter(({ files }) => files.length > 0);
    const seen = new Map<string, string | null>();
    // Those before frame 0 have no number yet; how many of them come is for the machine to say.
    await fake.waitFor('three pictures of frames', () => {
      const [file] = pictures()[0]?.files ?? [];
      if (file?.description?.startsWith('Bild ')) seen.set(file.name, file.description);
      return seen.size >= 3;
    });
    expect(pictures()).toHaveLength(1);
    expect(shown(pictures()[0]!)).toMatch(/^Bild \d+ von 240\.\n-# Seed \d+ · pocket · [\w-]{8}$/);
    expect(pictures()[0]?.pinged).toEqual([]);
    expect([...seen.values()].at(-1)).toMatch(/^Bild \d+ von 240 eines Zooms in katze\.png$/);
    expect(new Set(seen.values()).size).toBe(seen.size);
    // The pictures are small and of a kind that every client shows.
    expect(pictures()[0]?.files[0]).toMatchObject({ contentType: 'image/jpeg' });

    const cancelled = ann.press(answer(), 'Abbrechen');
    expect(shown(await told(cancelled))).toMatch(/^[\w-]{8} ist abgebrochen\.$/);
    await fake.waitFor('its end', () => answer().content.startsWith('Abgebrochen.'));
    expect(answer().buttons.map(({ label }) => label)).toEqual(['Neu würfeln', 'Löschen']);
    // It is said once, where people look, and nobody is called for it.
    await fake.waitFor('no picture', () => pictures().length === 0);
    expect(ann.pings()).toEqual([]);
    expect(under.messages().filter(({ content }) => content.includes('Abgebrochen'))).toEqual([]);
  });
});
