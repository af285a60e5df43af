import { describe, expect, it } from 'vitest';
import type { Person } from '../support/slack/person.ts';
import type { MessageView, Place } from '../support/slack/place.ts';
import { decodeFilm, inWords, photoNamed, slackStageForFile, small } from '../support/slack-stage.ts';

const stage = slackStageForFile();

type Locale = 'en-US' | 'de-DE';

const ready = { 'en-US': 'The film is ready.', 'de-DE': 'Der Film ist fertig.' } as const;
const typedIn = {
  'en-US': inWords(small),
  'de-DE': 'größe:64 bilder:8 schritte:1 tiefe:texture, bitte',
} as const;

/** A place, who is there, and the message under which everything is said: null in the place itself. */
type Scene = {
  readonly ann: Person;
  readonly bea: Person;
  readonly place: Place;
  readonly head: MessageView | null;
};

const places = {
  'in a channel': (locale: Locale): Scene => {
    const { ann, bea, place } = stage.current.room(locale);
    return { ann, bea, place, head: null };
  },
  'in a thread': (locale: Locale): Scene => {
    const { ann, bea, place } = stage.current.room(locale);
    return { ann, bea, place, head: bea.say(place, 'cats, please') };
  },
  'in direct messages': (locale: Locale): Scene => {
    const { ann, bea } = stage.current.room(locale);
    return { ann, bea, place: ann.direct, head: null };
  },
  'in a public channel that the bot is not in': (locale: Locale): Scene => {
    const { home, room } = stage.current;
    const { ann, bea, members } = room(locale);
    return { ann, bea, place: home.channel('new', { members, hasBot: false }), head: null };
  },
} as const;

const under = ({ head }: Scene) => (head ? { thread: head } : {});

const ways = {
  'the form': async ({ ann, place }: Scene) => {
    await ann.command('/gramzoom', '', place);
    ann.fill({ photo: [await photoNamed()], size: '64', frames: '8', quality: 'draft' });
    expect((await ann.submit()).errors).toBeNull();
  },
  'the form with all its options': async ({ ann, place }: Scene) => {
    await ann.command('/gramzoom', '', place);
    ann.fill({ photo: [await photoNamed()], size: '64', quality: 'draft' });
    await ann.pressInModal('gramzoom_more_options');
    ann.fill({ frames: '8', steps: '1', depth: 'texture' });
    expect((await ann.submit()).errors).toBeNull();
  },
  'the entry in the menu of a message': async (scene: Scene) => {
    const { ann, bea, place } = scene;
    const shown = bea.say(place, 'my cat', { files: [await photoNamed()], ...under(scene) });
    await ann.shortcut('gramzoom_message', shown);
    ann.fill({ size: '64', frames: '8', quality: 'draft' });
    expect((await ann.submit()).errors).toBeNull();
  },
  'a mention with a photo': async (scene: Scene) => {
    const { ann, place } = scene;
    ann.askBot(place, typedIn[ann.locale as Locale], { files: [await photoNamed()], ...under(scene) });
  },
  'a mention under a photo': async (scene: Scene) => {
    const { ann, bea, place } = scene;
    const thread = bea.say(place, 'my cat', { files: [await photoNamed()] });
    ann.askBot(place, typedIn[ann.locale as Locale], { thread });
  },
  'a message with a photo': async (scene: Scene) => {
    const { ann, place } = scene;
    ann.say(place, typedIn[ann.locale as Locale], { files: [await photoNamed()], ...under(scene) });
  },
} as const;

/** These are answered under the message with the photo. */
const isUnderPhoto = (way: keyof typeof ways): boolean =>
  way === 'the entry in the menu of a message' || way === 'a mention under a photo';

describe('a photo becomes a film', () => {
  it.each([
    ['the form', 'in a channel', 'en-US'],
    ['the form', 'in direct messages', 'de-DE'],
    ['the form', 'in a public channel that the bot is not in', 'en-US'],
    ['the form with all its options', 'in a channel', 'de-DE'],
    ['the entry in the menu of a message', 'in a channel', 'de-DE'],
    ['the entry in the menu of a message', 'in a thread', 'en-US'],
    ['a mention with a photo', 'in a channel', 'en-US'],
    ['a mention with a photo', 'in a thread', 'de-DE'],
    ['a mention under a photo', 'in a channel', 'en-US'],
    ['a message with a photo', 'in direct messages', 'de-DE'],
  ] as const)('a photo becomes a film by %s %s (%s)', async (way, where, locale) => {
    const { fake, film } = stage.current;
    const scene = places[where](locale);
    const { ann, place } = scene;
    await ways[way](scene);
    const photo = place.messages().find(({ files }) => files[0]?.name === 'cat.png') ?? null;
    const head = scene.head ?? (isUnderPhoto(way) ? photo : null);
    const said = () => place.all().filter(({ isBot }) => isBot);
    const answer = await fake.waitFor('an answer', () => said()[0]);
    expect(answer.thread).toBe(head?.ts ?? null);
    const message = await film(place);
    expect(message.thread).toBe(answer.thread ?? answer.ts);
    expect(await decodeFilm(message)).toMatchObject({ frames: 8, width: 64, format: 'gif' });
    expect(message.words).toMatch(new RegExp(`^<@${ann.id}> ${ready[locale]}`));
    await fake.waitFor('the answer to say so', () => said()[0]?.text === ready[locale]);
    // It is named once, in the message that tells of the film, and nothing else is left.
    expect(said()).toHaveLength(2);
    expect(said()[0]).toMatchObject({ ts: answer.ts, buttons: [] });
    expect(said()[0]?.words).not.toContain(ann.mention);
    expect(ann.ephemerals).toEqual([]);
    expect(ann.modal).toBeUndefined();
  });

  it('a form that is sent in a private channel stays open until somebody has invited the bot', async () => {
    const { home, room, film } = stage.current;
    const { ann, members } = room('de-DE');
    const place = home.channel('secret', { members, isPrivate: true, hasBot: false });
    await ann.command('/gramzoom', inWords(small), place);
    ann.fill({ photo: [await photoNamed()] });
    expect((await ann.submit()).errors).toEqual({
      photo:
        'Ich bin nicht in diesem Kanal und kann dort nichts posten: Schreib dort /invite @Gramzoom, dann versuch es noch einmal.',
    });
    place.invite(home.installation.botUser);
    expect((await ann.submit()).errors).toBeNull();
    await film(place);
  });
});

describe('words', () => {
  it('words after the command tell whoever types them alone how it stands, and cancel', async () => {
    const { fake, room, gramzoom, busy, told } = stage.current;
    const { end } = await busy();
    const { ann, place } = room('de-DE');
    const answer = await gramzoom(ann, place);
    await fake.waitFor('its place', () => answer().text.startsWith('Als Nächstes an der Reihe'));
    const ask = async (words: string): Promise<string> =>
      (await told(ann, () => ann.command('/gramzoom', words, place))).text;
    expect(await ask('warteschlange')).toMatch(
      /^Jetzt: [\w-]{8} \(Seed \d+, pocket, Textur\): Bild \d+ von 240.*\n[\w-]{8} \(Seed \d+, pocket, Textur\): Platz 1 von 1/,
    );
    expect(await ask('meine')).toMatch(/^[\w-]{8} \(Seed \d+, pocket, Textur\): Platz 1 von 1/);
    expect(await ask('abbrechen')).toMatch(/^[\w-]{8} ist abgebrochen\.$/);
    await fake.waitFor('its end', () => answer().text === 'Abgebrochen.');
    expect(await ask('meine')).toMatch(/: abgebrochen$/);
    expect(await ask('hilfe')).toMatch(/^Schick mir ein Foto(?:.|\n)*\/gramzoom neuwürfeln: /);
    await end();
  });

  it('words to the bot alone are answered there, and what it does not understand with how to begin', async () => {
    const { room, said } = stage.current;
    const { ann } = room();
    const answer = async (words: string) => (await said(ann.direct, () => ann.say(ann.direct, words)))();
    expect((await answer('mine')).words).toBe('You have no renders yet: send a photo.');
    expect((await answer('good morning')).words).toMatch(
      /^Send me a photo and I turn it into an endless zoom/,
    );
    expect(ann.ephemerals).toEqual([]);
  });
});
