import { describe, expect, it } from 'vitest';
import type { PanelPicture } from '../../../src/messages/panel.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { outgoingScene, placeOf } from '../../support/slack-outgoing.ts';

const dayMs = 24 * 3_600_000;

/** Pictures of films, and who has looked at them. */
const scene = async () => {
  const made = await outgoingScene({ rateLimits: 'off', pollsUntilReady: 0, clock: createFakeClock() });
  const { fake, team, ann, channel, files, open } = made;
  const picture = (name: string): PanelPicture => ({
    attachment: {
      ...{ blob: files.put(Buffer.from(`GIF89a ${name}`)), still: files.put(Buffer.from(`PNG ${name}`)) },
      ...{ name: `${name}.gif`, format: 'gif', alt: name },
    },
    ...{ alt: name, caption: name },
  });
  const uploads = (): number => fake.calls('files.getUploadURLExternal').length;
  const there = (): readonly string[] =>
    [...fake.state.files.values()].filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);
  return { ...made, picture, uploads, there, open, place: placeOf(team, { channel, user: ann }) };
};

describe('pictures of panels', () => {
  it('are sent once, however many look at them at once and later', async () => {
    const { open, place, picture, uploads } = await scene();
    const { panelPictures } = open();
    const panel = { pictures: [picture('one'), picture('two')] };
    expect(panelPictures.there(place, panel).size).toBe(0);
    const [first, second] = await Promise.all([
      panelPictures.load(place, panel),
      panelPictures.load(place, panel),
    ]);
    expect(first.size).toBe(2);
    expect(second).toEqual(first);
    expect(panelPictures.there(place, panel)).toEqual(first);
    expect(uploads()).toBe(2);
  });

  it('are stills of several films, and of one the film', async () => {
    const { open, place, picture, fake } = await scene();
    const { panelPictures } = open();
    const [one, two] = [picture('one'), picture('two')];
    await panelPictures.load(place, { pictures: [one, two] });
    await panelPictures.load(place, { pictures: [one] });
    const texts = [...fake.state.files.values()].map(({ bytes }) => bytes?.toString());
    expect(texts).toEqual(['PNG one', 'PNG two', 'GIF89a one']);
  });

  it('are used again where an earlier process has sent them', async () => {
    const { open, place, picture, uploads } = await scene();
    const panel = { pictures: [picture('one')] };
    const before = await open().panelPictures.load(place, panel);
    expect(await open().panelPictures.load(place, panel)).toEqual(before);
    expect(uploads()).toBe(1);
  });

  it('are taken away after a day, and sent anew for whoever looks then', async () => {
    const { fake, clock, open, place, picture, uploads, there } = await scene();
    const panel = { pictures: [picture('one')] };
    const [old] = [...(await open().panelPictures.load(place, panel)).values()];
    (clock as ReturnType<typeof createFakeClock>).advance(dayMs + 60_000);
    const [next] = [...(await open().panelPictures.load(place, panel)).values()];
    expect(next).not.toBe(old);
    expect(uploads()).toBe(2);
    await fake.waitFor('the old one to go', () => !there().includes(old!));
  });

  it('are left out where the file is gone', async () => {
    const { open, place, picture, uploads } = await scene();
    const gone = picture('one');
    const blob = 'f'.repeat(64) as typeof gone.attachment.blob;
    const found = await open().panelPictures.load(place, {
      pictures: [{ ...gone, attachment: { ...gone.attachment, blob } }],
    });
    expect(found.size).toBe(0);
    expect(uploads()).toBe(0);
  });
});
