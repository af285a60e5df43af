import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Person } from '../support/discord/driver/person.ts';
import type { Place } from '../support/discord/driver/place.ts';
import { decodeFilm, filmOf, isFilm, shown, small, stageForFile } from '../support/discord-stage.ts';

const stage = stageForFile();

/** Ann's film in a server: in a thread under the answer. */
const filmInServer = async (locale: 'en-US' | 'de' = 'en-US') => {
  const { server, gramzoom, thread, film } = stage.current;
  const scene = server(locale);
  const { answer } = await gramzoom(scene.ann, scene.place, { seed: 7 });
  const under = await thread(answer);
  return { ...scene, answer, under, message: await film(under) };
};

/** The newest of the bot's messages in a place that is none of those before. */
const newMessage = (place: Place, before: readonly { readonly id: string }[]) =>
  stage.current.fake.waitFor('a new message', () =>
    place.messages().findLast(({ id, byBot }) => byBot && !before.some((each) => each.id === id)),
  );

describe('the re-roll button', () => {
  it('makes another film beside it, for whoever pressed it', async () => {
    const { film } = stage.current;
    const { ann, bea, under, message } = await filmInServer();
    const pressed = bea.press(message, 'Re-roll');
    const again = await film(under, { count: 2 });
    expect(pressed.acknowledgedAfterMs).toBeLessThan(3000);
    expect(pressed.reply).toMatchObject({ ephemeral: false, channelId: under.id });
    expect(again.content).toContain(`<@${bea.id}> The film is ready.`);
    const [, seed, parent] =
      /-# seed (\d+) · pocket · re-roll of ([\w-]{8}) · [\w-]{8}$/.exec(shown(again)) ?? [];
    expect(seed).not.toBe('7');
    expect(shown(message)).toContain(` · ${parent}`);
    expect([ann.pings().length, bea.pings().length]).toEqual([1, 1]);
  });

  it('works in direct messages, in German, and so does /reroll', async () => {
    const { fake, film, told } = stage.current;
    const dora = fake.person('dora', { locale: 'de' });
    await stage.current.gramzoom(dora, dora.dm());
    const first = await film(dora.dm());
    dora.press(first, 'Neu würfeln');
    const second = await film(dora.dm(), { count: 2 });
    expect(shown(second)).toMatch(/-# Seed \d+ · pocket · neu gewürfelt aus [\w-]{8} · [\w-]{8}$/);
    await dora.command('reroll', {}, { in: dora.dm() });
    const third = await film(dora.dm(), { count: 3 });
    expect(third.content).toContain('Der Film ist fertig.');
    expect(dora.pings().map(({ id }) => id)).toEqual([first, second, third].map(({ id }) => id));
    const deleted = dora.press(third, 'Löschen');
    expect((await told(deleted)).content).toBe('Gelöscht.');
    expect(dora.dm().message(third.id)).toBeUndefined();
    dora.react(second, '✉️');
    await fake.waitFor('one more', () => dora.dm().messages().at(-1)?.content === 'Hier ist dein Film.');
    dora.react(first, '❌');
    await fake.waitFor('the first to go', () => !dora.dm().message(first.id));
  });

  it('works where somebody has brought the bot along, and so does delete', async () => {
    const { fake, film, told, gramzoom } = stage.current;
    const tom = fake.person('tom', { installed: true });
    const place = fake.guild({ bot: null, members: [tom] }).channel('far-away');
    await gramzoom(tom, place);
    const first = await film(place);
    tom.press(first, 'Re-roll');
    const second = await film(place, { count: 2 });
    expect((await told(tom.press(second, 'Delete'))).content).toBe('Deleted.');
    expect(
      place
        .messages()
        .filter(isFilm)
        .map(({ id }) => id),
    ).toEqual([first.id]);
  });
});

describe('the button that deletes a photo', () => {
  it('takes every film made of it out of the chat, once whoever it is from has confirmed it', async () => {
    const { fake, film, told } = stage.current;
    const { ann, bea, under, place, message, answer } = await filmInServer();
    const { id } = answer();
    bea.press(message, 'Re-roll');
    const again = await film(under, { count: 2 });
    expect((await told(bea.press(again, 'Delete photo'))).content).toMatch(/^Only the person whose photo/);
    const question = await told(ann.press(again, 'Delete photo'));
    expect(question.content).toContain('2 renders, 1 of them asked for by others');
    const done = await told(ann.press(question, 'Delete for good'));
    expect(done.content).toMatch(/^Deleted for good: your photo and 2 renders/);
    await fake.waitFor('the films to go', () => !under.message(message.id) && !under.message(again.id));
    await fake.waitFor('the answer to go', () => !place.message(id));
  });
});

describe('the larger button', () => {
  it('makes the same film with longer sides', async () => {
    const { fake, told } = stage.current;
    const { bea, under, message } = await filmInServer();
    const pressed = bea.press(message, 'Larger');
    const picture = await fake.waitFor('a picture', () =>
      under.messages().find(({ files }) => files[0]?.contentType === 'image/jpeg'),
    );
    expect((await sharp(picture.files[0]!.bytes).metadata()).width).toBe(256);
    expect(shown(picture)).toMatch(/-# seed 7 · pocket · re-roll of [\w-]{8} · [\w-]{8}$/);
    await told(bea.press(pressed.reply!, 'Cancel'));
    await fake.waitFor('its end', () => pressed.reply?.content.startsWith('Cancelled.'));
    expect(pressed.reply?.channelId).toBe(under.id);
  });
});

describe('the cancel button', () => {
  it.each([
    ['en-US', 'Cancel', 'Only the person who asked for it can do that.', 'Cancelled.'],
    ['de', 'Abbrechen', 'Das kann nur, wer es bestellt hat.', 'Abgebrochen.'],
  ] as const)('is for whoever asked, and for moderators (%s)', async (locale, label, notYours, end) => {
    const { fake, server, gramzoom, told } = stage.current;
    const { end: endOther } = await stage.current.busy();
    const { ann, bea, mod, place } = server(locale);
    const { answer } = await gramzoom(ann, place);
    expect(await told(bea.press(answer(), label))).toMatchObject({ content: notYours, ephemeral: true });
    expect(shown(await told(mod.press(answer(), label)))).toMatch(/[\w-]{8}/);
    await fake.waitFor('its end', () => answer().content.startsWith(end));
    // A render that has not begun has no thread, and nobody is called for it.
    expect([answer().threadId, ann.pings().length]).toEqual([null, 0]);
    await endOther();
  });
});

describe('the delete button', () => {
  it('takes the film and its answer away, for whoever asked and for nobody else', async () => {
    const { told } = stage.current;
    const { ann, bea, place, under, message, answer } = await filmInServer();
    const { id } = answer();
    expect((await told(bea.press(message, 'Delete'))).content).toBe(
      'Only the person who asked for it can do that.',
    );
    expect((await told(ann.press(message, 'Delete'))).content).toBe('Deleted.');
    expect(under.messages().filter(isFilm)).toEqual([]);
    expect(place.message(id)).toBeUndefined();
  });
});

describe('🎲', () => {
  it.each([
    ['in a thread', 'en-US', 'The film is ready.'],
    ['in direct messages', 'de', 'Der Film ist fertig.'],
  ] as const)('makes a film with another seed for whoever reacts, %s (%s)', async (where, locale, ready) => {
    const { fake, film, gramzoom } = stage.current;
    const scene = async (): Promise<{ readonly who: Person; readonly place: Place }> => {
      if (where === 'in a thread') {
        const { bea, under } = await filmInServer(locale);
        return { who: bea, place: under };
      }
      const who = fake.person('emma', { locale });
      await gramzoom(who, who.dm());
      return { who, place: who.dm() };
    };
    const { who, place } = await scene();
    const first = await film(place);
    who.react(first, '🎲');
    const again = await film(place, { count: 2 });
    expect(again.content).toContain(`<@${who.id}> ${ready}`);
    const [, parent] = /.* ([\w-]{8}) · [\w-]{8}$/.exec(shown(again)) ?? [];
    expect(shown(first).endsWith(` · ${parent}`)).toBe(true);
    expect(filmOf(again).name).not.toBe(filmOf(first).name);
    expect(await decodeFilm(again)).toMatchObject({ frames: small.frames, width: small.size });
  });

  it('is one at a time for each person, and taken back while it waits it is cancelled', async () => {
    const { fake, film } = stage.current;
    const { bea, cyd, under, message } = await filmInServer();
    const { end } = await stage.current.busy();
    const before = under.messages();
    bea.react(message, '🎲');
    const first = await newMessage(under, before);
    bea.unreact(message, '🎲');
    await fake.waitFor('its end', () => under.message(first.id)?.content.startsWith('Cancelled.'));
    bea.react(message, '🎲');
    const second = await newMessage(under, [...before, first]);
    cyd.react(message, '🎲');
    const third = await newMessage(under, [...before, first, second]);
    expect([first, second, third].map(({ replyTo }) => replyTo)).toEqual(Array(3).fill(message.id));
    await end();
    await film(under, { count: 3 });
    const films = under.messages().filter(isFilm);
    expect(new Set(films.map((each) => filmOf(each).name)).size).toBe(3);
    expect([bea.pings().length, cyd.pings().length]).toEqual([1, 1]);
  });

  it('🎲 above the limits is answered in the thread and pings nobody', async () => {
    const { fake, gramzoom } = stage.current;
    const { ann, under, message } = await filmInServer('de');
    const { end } = await stage.current.busy();
    const others = await Promise.all([gramzoom(ann, under), gramzoom(ann, under)]);
    ann.react(message, '🎲');
    const words = await fake.waitFor('the limit', () =>
      under.messages().find(({ content }) => content.includes('sind schon 2 Filme in Arbeit')),
    );
    expect(words).toMatchObject({ replyTo: message.id, pinged: [] });
    expect(words.content).toMatch(new RegExp(`^<@${ann.id}> Von dir sind schon 2 Filme in Arbeit`));
    for (const { answer } of others) ann.react(answer(), '❌');
    await fake.waitFor('their end', () =>
      others.every(({ answer }) => answer().content.startsWith('Abgebrochen.')),
    );
    await end();
  });
});

describe('❌', () => {
  it('❌ deletes a film for its owner, and for nobody else', async () => {
    const { fake, told } = stage.current;
    const { ann, bea, place, under, message, answer } = await filmInServer();
    const { id } = answer();
    bea.react(message, '❌');
    // What is asked after it is answered after it.
    await told(await bea.command('mine', {}, { in: place }));
    expect(under.message(message.id)).toBeDefined();
    ann.react(message, '❌');
    await fake.waitFor('the film to go', () => !under.message(message.id) && !place.message(id));
  });

  it('❌ by a moderator deletes a film and cancels what still waits', async () => {
    const { fake, gramzoom } = stage.current;
    const { ann, mod, place, under, message } = await filmInServer('de');
    const { end } = await stage.current.busy();
    const waiting = await gramzoom(ann, place);
    mod.react(waiting.answer(), '❌');
    await fake.waitFor('its end', () => waiting.answer().content.startsWith('Abgebrochen.'));
    mod.react(message, '❌');
    await fake.waitFor('the film to go', () => !under.message(message.id));
    await end();
  });
});

describe('✉️', () => {
  it('sends whoever reacts the film, and says where it cannot', async () => {
    const { fake, told } = stage.current;
    const { bea, cyd, mod, place, under, message } = await filmInServer();
    // With a command the bot learns somebody's language.
    cyd.settings.locale = 'de';
    await told(await cyd.command('mine', {}, { in: place }));
    const letterTo = (person: Person) =>
      fake.waitFor('the letter', () => person.dm().messages().find(isFilm));
    for (const person of [bea, cyd]) person.react(message, '✉️');
    const letters = [await letterTo(bea), await letterTo(cyd)];
    expect(letters.map(({ content }) => content)).toEqual(['Here is your film.', 'Hier ist dein Film.']);
    for (const letter of letters)
      expect(Buffer.from(filmOf(letter).bytes).equals(filmOf(message).bytes)).toBe(true);

    mod.settings.dmsClosed = true;
    mod.react(message, '✉️');
    const words = await fake.waitFor('why not', () =>
      under.messages().find(({ content }) => content.includes('I cannot send you direct messages')),
    );
    expect(words).toMatchObject({ replyTo: message.id, pinged: [] });
  });
});
