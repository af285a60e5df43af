import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Place } from '../support/discord/driver/place.ts';
import {
  decodeFilm,
  endless,
  isFilm,
  photoNamed,
  type Stage,
  shown,
  small,
  stageForFile,
} from '../support/discord-stage.ts';

const stage = stageForFile();

type Locale = 'en-US' | 'de';
const ready = { 'en-US': 'The film is ready.', de: 'Der Film ist fertig.' } as const;
/** Which photos work, as everybody is told who sent none. */
const kinds = {
  'en-US':
    'JPEG, PNG, WebP, AVIF, GIF, TIFF and HEIC work, whether attached, forwarded, in the preview of a link or as a sticker; videos and vector stickers do not.',
  de: 'Es gehen JPEG, PNG, WebP, AVIF, GIF, TIFF und HEIC, ob angehängt, weitergeleitet, in der Vorschau eines Links oder als Sticker; Videos und Vektor-Sticker gehen nicht.',
} as const;

const looking = { 'en-US': 'Looking at the photo…', de: 'Ich sehe mir das Foto an…' } as const;

/** A place, who is there, and where films that are asked for there come. */
type Scene = {
  readonly ann: ReturnType<Stage['server']>['ann'];
  readonly place: Place;
  /** `thread`: under the answer; `here`: beside it. */
  readonly films: 'thread' | 'here';
};

const places = {
  'in a channel': (locale: Locale): Scene => {
    const { ann, place } = stage.current.server(locale);
    return { ann, place, films: 'thread' };
  },
  'inside a thread': async (locale: Locale): Promise<Scene> => {
    const { ann, place } = stage.current.server(locale);
    const message = await ann.say(place, 'look at these');
    return { ann, place: ann.startThread(message, 'cats'), films: 'here' };
  },
  'in direct messages': (locale: Locale): Scene => {
    const { ann } = stage.current.server(locale);
    return { ann, place: ann.dm(), films: 'here' };
  },
  'where somebody has brought the bot along': (locale: Locale): Scene => {
    const { fake } = stage.current;
    const ann = fake.person('ann', { installed: true, locale });
    const far = fake.guild({ bot: null, members: [ann], locale });
    return { ann, place: far.channel('far-away'), films: 'here' };
  },
} as const;

const typed = 'size:64 frames:8 steps:1 depth:texture';
const typedInGerman = 'größe:64 bilder:8 schritte:1 tiefe:texture, bitte';

const ways = {
  'the command': async ({ ann, place }: Scene) => {
    await ann.command('gramzoom', { photo: await photoNamed(), ...small }, { in: place });
  },
  'a mention with a photo': async ({ ann, place }: Scene, locale: Locale) => {
    const words = locale === 'de' ? typedInGerman : typed;
    await ann.say(place, words, { files: [await photoNamed()], mention: true });
  },
  'a reply that names the bot and has a photo': async ({ ann, place }: Scene, locale: Locale) => {
    const replyTo = await ann.say(place, 'who has a cat?');
    const words = locale === 'de' ? typedInGerman : typed;
    await ann.say(place, words, { files: [await photoNamed()], mention: true, replyTo });
  },
  'a message with a photo': async ({ ann, place }: Scene, locale: Locale) => {
    await ann.say(place, locale === 'de' ? typedInGerman : typed, { files: [await photoNamed()] });
  },
} as const;

describe('a photo becomes a film', () => {
  it.each([
    ['the command', 'inside a thread', 'de'],
    ['the command', 'in direct messages', 'de'],
    ['the command', 'where somebody has brought the bot along', 'de'],
    ['a mention with a photo', 'in a channel', 'de'],
    ['a mention with a photo', 'inside a thread', 'en-US'],
    ['a reply that names the bot and has a photo', 'in a channel', 'en-US'],
    ['a message with a photo', 'in direct messages', 'en-US'],
  ] as const)('a photo becomes a film by %s %s (%s)', async (way, where, locale) => {
    const { fake, film, thread } = stage.current;
    const scene = await places[where](locale);
    const { ann, place, films } = scene;
    // Nobody knows somebody's language from a message of theirs, but for what they did before.
    if (where === 'in direct messages') await ann.command('queue', {}, { in: place });
    await ways[way](scene, locale);
    const answer = await fake.waitFor('an answer', () => place.messages().find(({ byBot }) => byBot));
    const current = () => place.message(answer.id) ?? answer;
    const message = await film(films === 'thread' ? await thread(current) : place);
    expect(await decodeFilm(message)).toMatchObject({ frames: 8, width: 64, format: 'gif' });
    expect(message.content).toContain(`<@${ann.id}> ${ready[locale]}`);
    await fake.waitFor('the answer to say so', () => current().content.startsWith(ready[locale]));
    expect(current().history[0]?.content ?? '').toBe(looking[locale]);
    expect(ann.pings().map(({ id }) => id)).toEqual([message.id]);
    expect(place.messages().filter(isFilm)).toHaveLength(films === 'here' ? 1 : 0);
    if (films === 'here') expect([message.replyTo, message.threadId]).toEqual([answer.id, null]);
  });
});

describe('the entry in the Apps menu of a message', () => {
  it.each([
    ['en-US', 'Cancel', /^Cancelled [\w-]{8}\.$/, 'Cancelled.', 'Re-roll'],
    ['de', 'Abbrechen', /^[\w-]{8} ist abgebrochen\.$/, 'Abgebrochen.', 'Neu würfeln'],
  ] as const)('renders its photo as most people want it (%s)', async (locale, button, mine, end, again) => {
    const { fake, server, thread, told } = stage.current;
    const { ann, bea, place } = server(locale);
    const message = await ann.say(place, 'my cat', { files: [await photoNamed('tom.png')] });
    const asked = bea.contextMenu('Gramzoom', message);
    await fake.waitFor('an answer', () => asked.reply);
    expect(asked.acknowledgedAfterMs).toBeLessThan(3000);
    const under = await thread(() => asked.reply!);
    expect(under.name).toBe('gramzoom: tom.png');
    const picture = await fake.waitFor('a picture', () => under.messages().find(({ files }) => files[0]));
    expect((await sharp(picture.files[0]!.bytes).metadata()).width).toBe(256);
    expect(shown(await told(bea.press(asked.reply!, button)))).toMatch(mine);
    await fake.waitFor('its end', () => asked.reply?.content.startsWith(end));
    expect(asked.reply?.buttons[0]?.label).toBe(again);
    await fake.waitFor('no picture', () => under.messages().every(({ files }) => files.length === 0));
    expect(bea.pings()).toEqual([]);
  });

  it.each([
    ['inside a thread', 'en-US'],
    ['where somebody has brought the bot along', 'de'],
  ] as const)('is answered in place %s (%s)', async (where, locale) => {
    const { fake, told } = stage.current;
    const { ann, place } = await places[where](locale);
    const message = await ann.say(place, 'my cat', { files: [await photoNamed()] });
    const asked = ann.contextMenu('Gramzoom', message);
    const answer = await fake.waitFor('an answer', () => asked.reply);
    expect(answer.history[0]?.content ?? answer.content).toBe(looking[locale]);
    const label = { 'en-US': 'Cancel', de: 'Abbrechen' }[locale];
    await told(ann.press(answer, label));
    await fake.waitFor('its end', () =>
      asked.reply?.content.startsWith(label === 'Cancel' ? 'Cancelled.' : 'Abgebrochen.'),
    );
    expect(asked.reply?.threadId).toBeNull();
  });

  it('says so alone to whoever used it where there is no photo', async () => {
    const { server, told } = stage.current;
    const { ann, place } = server('de');
    const asked = ann.contextMenu('Gramzoom', await ann.say(place, 'no cat'));
    expect(await told(asked)).toMatchObject({
      ephemeral: true,
      content: `In dieser Nachricht finde ich kein Foto. ${kinds.de}`,
    });
  });
});

describe('what cannot become a film', () => {
  it.each([
    [
      'en-US',
      `I see no photo here: attach one, or use Apps \\> Gramzoom on a message that has one. ${kinds['en-US']}`,
      'This is not a picture that can be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.',
    ],
    [
      'de',
      `Ich sehe hier kein Foto: Häng eins an, oder nimm bei einer Nachricht mit Foto Apps \\> Gramzoom. ${kinds.de}`,
      'Das ist kein Bild, das ich öffnen kann: Schick ein JPEG, PNG, WebP, AVIF, GIF oder TIFF.',
    ],
  ] as const)('is answered with what to do (%s)', async (locale, noPhoto, noPicture) => {
    const { fake, server, gramzoom } = stage.current;
    const { ann, place } = server(locale);
    // Somebody else's photo that is only replied to does not come along.
    const theirs = await ann.say(place, 'my cat', { files: [await photoNamed()] });
    const mention = await ann.say(place, 'this one', { mention: true, replyTo: theirs });
    const hint = await fake.waitFor('a hint', () => place.messages().find(({ byBot }) => byBot));
    expect(hint).toMatchObject({ content: noPhoto, replyTo: mention.id, pinged: [] });

    const photo = { name: 'cat.png', bytes: Buffer.from('no picture at all') };
    const { answer } = await gramzoom(ann, place, { photo });
    await fake.waitFor('why not', () => answer().content.startsWith(noPicture));
    expect(answer().threadId).toBeNull();
    expect(answer().buttons.map(({ emoji }) => emoji)).toEqual(['🗑️']);
  });

  it('a direct message without a usable photo gets a hint, too', async () => {
    const { fake, server } = stage.current;
    const { ann } = server();
    await ann.say(ann.dm(), 'hello?');
    const hint = await fake.waitFor('a hint', () =>
      ann
        .dm()
        .messages()
        .find(({ byBot }) => byBot),
    );
    expect(hint.content).toMatch(/^I see no photo here: attach one,/);
  });
});

describe('/queue, /mine, /cancel and /help', () => {
  it.each([
    {
      locale: 'en-US',
      nothing: 'Nothing is rendering or waiting.',
      line: [
        /^Now: [\w-]{8} \(seed 1, pocket, texture\): frame \d+ of 240, done <t:\d+:R>$/,
        /^[\w-]{8} \(seed 2, pocket, texture\): number 1 of 1, done <t:\d+:R>$/,
      ],
      cancelled: /^Cancelled [\w-]{8}\.$/,
      over: /^[\w-]{8} \(seed 2, pocket, texture\): cancelled$/,
      help: [
        '/gramzoom: turn a photo into an endless zoom',
        '  size: width and height in pixels',
        '/queue: show what is rendering and what is waiting',
      ],
    },
    {
      locale: 'de',
      nothing: 'Gerade wird nichts gerendert, und nichts wartet.',
      line: [
        /^Jetzt: [\w-]{8} \(Seed 1, pocket, Textur\): Bild \d+ von 240, fertig <t:\d+:R>$/,
        /^[\w-]{8} \(Seed 2, pocket, Textur\): Platz 1 von 1, fertig <t:\d+:R>$/,
      ],
      cancelled: /^[\w-]{8} ist abgebrochen\.$/,
      over: /^[\w-]{8} \(Seed 2, pocket, Textur\): abgebrochen$/,
      help: ['/gramzoom: macht aus einem Foto einen endlosen Zoom', '  größe: Breite und Höhe in Pixeln'],
      more: '/warteschlange: zeigt, was gerade gerendert wird und was wartet',
    },
  ] as const)('tell whoever asks, alone ($locale)', async (words) => {
    const { fake, server, gramzoom, told } = stage.current;
    const { ann, bea, place } = server(words.locale);
    const say = async (person: typeof ann, name: string, options = {}) => {
      const asked = await person.command(name, options, { in: place });
      const reply = await told(asked);
      expect(reply.ephemeral).toBe(true);
      return { text: shown(reply), asked };
    };
    expect((await say(bea, 'queue')).text).toBe(words.nothing);
    const running = await gramzoom(ann, place, { ...endless, seed: 1 });
    await fake.waitFor('the first frame', () => / \d+ \D+ 240/.test(running.answer().content));
    const waiting = await gramzoom(bea, place, { seed: 2 });
    await fake.waitFor('a time', () => waiting.answer().content.includes('<t:'));
    const lines = (await say(bea, 'queue')).text.split('\n');
    expect(lines).toEqual(words.line.map((line) => expect.stringMatching(line)));
    expect((await say(bea, 'mine')).text).toMatch(words.line[1]);
    expect((await say(bea, 'cancel')).text).toMatch(words.cancelled);
    expect((await say(bea, 'mine')).text).toMatch(words.over);
    expect((await say(ann, 'cancel')).text).toMatch(words.cancelled);
    const { asked: help } = await say(ann, 'help', { topic: 'options' });
    await fake.waitFor('all of it', () => {
      const pieces = [help.reply, ...help.followUps].map((piece) => (piece ? shown(piece) : ''));
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(2000);
      return words.help.every((line) => pieces.some((piece) => piece.includes(line)));
    });
    expect(place.messages().filter(({ byBot }) => byBot)).toHaveLength(2);
  });
});
