import { describe, expect, it } from 'vitest';
import { decodeButtonId } from '../../../src/chat/discord/button-id.ts';
import { isMarked } from '../../../src/chat/discord/message-marks.ts';
import { otherPhotos, photosAt, photosOf } from '../../../src/chat/discord/photo-choice.ts';
import { decodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { takenPhoto } from '../../../src/chat/shared/photo-choice.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import { listening, photo } from '../../support/discord-bot.ts';

const names = ['cat.png', 'SPOILER_dog.jpg', 'cow.webp'];
const files = names.map((name) => ({ name, bytes: Buffer.from(`a photo called ${name}`) }));

const scene = async () => {
  const made = await listening();
  const { fake, ann, place, calls } = made;
  const message = await ann.say(place, 'my animals', { files });
  const asked = ann.contextMenu('Gramzoom', message);
  const answer = await fake.waitFor('the answer', () => asked.reply);
  const menu = JSON.stringify(answer.payload.components).match(/"custom_id":"(gz1:other-photo:[^"]+)"/)?.[1];
  const places = () =>
    calls.flatMap((call) => (call[0] === 'submit' ? [decodeReplyContext(call[1].replyTarget)] : []));
  return { ...made, answer, menu: menu ?? '', places };
};

describe('a message with several photos', () => {
  it('is answered with the one that was taken, and a menu of the others', async () => {
    const { answer, menu } = await scene();
    expect(answer.content).toContain('Photo 1 of 3: cat.png');
    const shown = JSON.stringify(answer.payload.components);
    expect(shown).toContain('"Photo 2 of 3"');
    expect(shown).toContain('"dog.jpg"');
    expect(shown).not.toContain('"Photo 1 of 3"');
    expect(decodeButtonId(menu)).toMatchObject({ action: 'other-photo', role: 'answer' });
  });

  it('gives anyone a render of another one, with the same options and a place of its own', async () => {
    const { fake, guild, answer, menu, renders, calls, places, ann } = await scene();
    const bob = fake.person('bob');
    guild.add(bob);
    const chosen = bob.select(answer, menu, ['2']);
    const reply = await fake.waitFor('the answer', () => chosen.reply);
    expect(reply).toMatchObject({ ephemeral: false });
    expect(reply.content).toContain('Photo 2 of 3: dog.jpg');
    expect(renders.rows[1]).toMatchObject({
      photo: new Uint8Array(files[1]!.bytes),
      origin: { user: bob.id },
      options: renders.rows[0]!.options,
    });
    expect(calls[1]?.[1]).toMatchObject({ photoOwner: { user: ann.id }, event: `interaction:${chosen.id}` });
    expect(places().map(({ isSpoiler }) => isSpoiler)).toEqual([false, true]);
    expect(places()[1]).toMatchObject({ user: bob.id, photos: { taken: 2 } });
  });

  it('has its menu still when the addresses of its photos have lapsed', async () => {
    const { fake, ann, answer, menu, renders } = await scene();
    fake.cdn.faults.fail(404);
    const chosen = ann.select(answer, menu, ['3']);
    await fake.waitFor('the answer', () => chosen.reply);
    expect(renders.rows[1]?.photo).toEqual(new Uint8Array(files[2]!.bytes));
  });

  it('keeps to the limits of whoever chooses, and knows no photo that is not there', async () => {
    const { fake, ann, answer, menu } = await scene();
    for (const [value, words] of [
      ['3', 'Photo 3 of 3'],
      ['2', 'You already have 2'],
      ['9', 'no such'],
    ] as const) {
      const chosen = ann.select(answer, menu, [value]);
      const reply = await fake.waitFor('the answer', () => chosen.reply);
      expect(reply.content.toLowerCase()).toContain(words.toLowerCase());
      expect(reply.ephemeral).toBe(value !== '3');
    }
  });

  it('is the same in a mention', async () => {
    const { fake, ann, place } = await listening();
    await ann.say(place, 'size:128', { files, mention: true });
    const reply = await fake.waitFor('the answer', () => place.messages().find(({ byBot }) => byBot));
    expect(reply.content).toContain('Photo 1 of 3: cat.png');
  });
});

it('no menu is shown for a single photo', async () => {
  const { fake, ann, place } = await listening();
  const asked = ann.contextMenu('Gramzoom', await ann.say(place, '', { files: [photo] }));
  const reply = await fake.waitFor('the answer', () => asked.reply);
  expect(reply.content).not.toContain('Photo 1');
  expect(JSON.stringify(reply.payload.components)).not.toContain('other-photo');
});

it('a menu has no more entries than Discord takes, and names no longer', () => {
  const all = Array.from({ length: 40 }, (_, index) => ({
    url: `https://cdn.discordapp.com/attachments/1/${index}/x.png`,
    ...{ bytes: 1, name: 'n'.repeat(300), isSpoiler: false },
  }));
  const told = { place: photosAt(all, 1), role: 'answer', words: en };
  const render = 'aBcDeFgHiJkLmNoPqRsTuV' as JobId;
  const rows = otherPhotos(renderSubject(render), told);
  const [menu] = rows[0]!.components;
  expect(menu!.options).toHaveLength(25);
  expect(menu!.options.every(({ description }) => description!.length <= 100)).toBe(true);
  const message = { components: rows as never, attachments: [], content: '' };
  expect(isMarked(message, { subject: renderSubject(render), role: 'answer' })).toBe(true);
  expect(otherPhotos(renderSubject(render), { ...told, role: 'film' })).toEqual([]);
  expect(photosOf({ platform: 'discord', ref: '' })).toEqual([]);
  expect(takenPhoto({ photos: told.place.photos, role: told.role, words: de })).toMatch(/^Foto 1 von 26: n/);
});
