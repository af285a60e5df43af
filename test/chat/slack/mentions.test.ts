import { describe, expect, it } from 'vitest';
import { decodeAttachment } from '../../../src/chat/slack/attachment-ref.ts';
import { decodePlace } from '../../../src/chat/slack/place.ts';
import { botScopes } from '../../../src/chat/slack/scopes.ts';
import { slackWords } from '../../../src/chat/slack/words.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import type { Person } from '../../support/slack/person.ts';
import type { Place } from '../../support/slack/place.ts';
import { createSlackBot, listeningOnSlack } from '../../support/slack-bot.ts';

const cat = { name: 'cat.png', bytes: Buffer.from('a photo of a cat') };
const text = { name: 'notes.txt', bytes: Buffer.from('no photo') };
const nothingWaits = en.commandWords.queue({ running: null, waiting: [] });

const scene = async (options: Parameters<typeof listeningOnSlack>[0] = {}) => {
  const made = await listeningOnSlack({ scopes: botScopes, ...options });
  const { fake, ann } = made;
  // Nobody opens a photo here.
  Object.assign(made.chat, { openAttachment: async () => cat.bytes });
  return {
    ...made,
    /** What only they were told. */
    told: (count = 1, person: Person = ann) =>
      fake.waitFor(`private answer ${count}`, () => person.ephemerals[count - 1]),
    /** What the bot said for everybody to see. */
    said: (place: Place, count = 1) =>
      fake.waitFor(`message ${count}`, () => place.messages().filter(({ isBot }) => isBot)[count - 1]?.text),
    /** Everything that came has been dealt with. */
    settled: async () => {
      const { deliveries } = fake;
      await fake.waitFor('all to be acknowledged', () =>
        deliveries.all.every(({ acknowledgedAt }) => acknowledgedAt !== null),
      );
      await made.close();
    },
  };
};

describe('a mention with a photo', () => {
  it.each(['both', 'message'] as const)(
    'asks for a render once, with the options among its words (files in %s of the events)',
    async (filesIn) => {
      const { team, ann, place, asked, calls, settled } = await scene();
      const message = ann.askBot(place, 'make this size:128 richtung:hinaus &amp; thanks', {
        files: [cat],
        filesIn,
      });
      const [[, submission]] = await asked('submit');
      expect(submission).toMatchObject({
        origin: { platform: 'slack', server: team.id, user: `${team.id}/${ann.id}` },
        options: { size: 128, direction: 'out' },
        attachment: { name: 'cat.png' },
        event: `message:${place.id}:${message.ts}`,
        answersFirst: true,
      });
      expect(decodePlace(submission.replyTarget)).toMatchObject({
        ...{ channel: place.id, thread: null, user: ann.id, isDirect: false },
      });
      await settled();
      expect(calls.filter(([what]) => what === 'submit')).toHaveLength(1);
      expect(ann.ephemerals).toEqual([]);
    },
  );

  it.each([
    'size:128:tada: for you:heart::wave::skin-tone-2:!',
    'mail <mailto:ann@example.org|ann@example.org> or <tel:+15551234567>, size:<tel:128|128>',
    ':camera: see <https://example.org/cats:dogs|size:128>',
  ])('asks for what its words say, which emojis and links are not part of: %s', async (text) => {
    const { ann, place, asked } = await scene();
    ann.askBot(place, text, { files: [cat] });
    const [[, { options }]] = await asked('submit');
    expect(options).toEqual({ kind: 'zoom', size: 128 });
  });

  it('is answered in the thread that it is in, in the language of whoever wrote it', async () => {
    const { ann, place, asked } = await scene({ locale: 'de-DE' });
    const above = ann.say(place, 'look');
    ann.askBot(place, 'textur', { files: [cat], thread: above });
    const [[, { options, replyTarget }]] = await asked('submit');
    expect(options).toMatchObject({ kind: 'texture' });
    expect(decodePlace(replyTarget)).toMatchObject({ thread: above.ts, isOwnThread: false, locale: 'de-DE' });
  });

  it('is told what is wrong, alone', async () => {
    const { ann, place, told } = await scene();
    ann.askBot(place, 'size:100', { files: [cat] });
    expect(await told()).toMatchObject({
      via: 'chat.postEphemeral',
      text: expect.stringMatching(/^size .*100/),
    });
    ann.askBot(place, 'this', { files: [text] });
    expect((await told(2)).text).toBe(en.errorSentence({ code: 'photo-format', data: { found: 'txt' } }));
  });

  it('may come from somebody of another workspace, in a channel that both share', async () => {
    const { fake, team, ann, asked } = await scene();
    const aquarium = fake.team('aquarium', { isInstalled: false });
    const cyd = aquarium.person('cyd', { locale: 'de-DE' });
    const place = team.channel('shared', { members: [ann, cyd], sharedWith: [aquarium] });
    cyd.askBot(place, '', { files: [cat] });
    const [[, submission]] = await asked('submit');
    expect(submission.origin).toMatchObject({ server: team.id, user: `${team.id}/${cyd.id}` });
    expect(decodePlace(submission.replyTarget)).toMatchObject({ tenant: team.id, locale: 'de-DE' });
    expect(decodeAttachment(submission.attachment)).toMatchObject({ tenant: team.id, url: null });
  });

  it('is taken up by the next process where this one ends before it has asked', async () => {
    const { fake, ann, place, renders, folder, botToken, asked, close } = await scene();
    renders.refuseWith(new GramzoomError('stopping', {}));
    ann.askBot(place, '', { files: [cat] });
    await asked('submit');
    await close();
    const next = await createSlackBot(fake, { folder, botToken });
    Object.assign(next.chat, { openAttachment: async () => cat.bytes });
    await next.start();
    await next.asked('submit');
    expect(ann.ephemerals).toEqual([]);
  });
});

describe('a mention under a photo', () => {
  it('is about the photo at the head of the thread, which belongs to whoever wrote it', async () => {
    const { team, ann, place, asked } = await scene();
    const bea = team.person('bea');
    place.invite(bea);
    const photo = bea.say(place, 'my cat', { files: [cat] });
    bea.say(place, 'nice, isn’t it', { thread: photo });
    ann.askBot(place, 'size:128', { thread: photo });
    const [[, submission]] = await asked('submit');
    expect(submission).toMatchObject({
      options: { size: 128 },
      photoOwner: { platform: 'slack', server: team.id, user: `${team.id}/${bea.id}` },
    });
    expect(decodePlace(submission.replyTarget)).toMatchObject({ thread: photo.ts });
  });
});

describe('a mention without a photo', () => {
  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('is told how to, at most once a minute in a channel (%s)', async (locale, words) => {
    const { fake, ann, place, told, settled } = await scene({ locale });
    ann.askBot(place, 'hello');
    expect((await told()).text).toBe(slackWords(words).photoWanted);
    ann.askBot(place, 'hello?');
    await fake.waitFor('both to be looked up', () => fake.calls('conversations.history').length >= 2);
    await settled();
    expect(ann.ephemerals).toHaveLength(1);
    expect(place.messages().filter(({ isBot }) => isBot)).toEqual([]);
  });

  it('may be a command, which is answered to that person alone', async () => {
    const { ann, place, told } = await scene();
    const above = ann.say(place, 'look');
    ann.askBot(place, 'queue', { thread: above });
    expect(await told()).toMatchObject({ text: nothingWaits, thread: above.ts });
  });

  it('finds out no more than it may, and says so only once', async () => {
    const { fake, ann, place, told } = await scene({
      scopes: botScopes.filter((scope) => scope !== 'channels:history'),
    });
    ann.askBot(place, 'hello');
    expect((await told()).text).toBe(slackWords(en).photoWanted);
    expect(fake.calls('conversations.history')).toHaveLength(1);
  });
});

describe('a direct message', () => {
  it('asks for a render of its photo, in the conversation with the bot', async () => {
    const { team, ann, asked } = await scene();
    const message = ann.say(ann.direct, 'bilder:24', { files: [cat] });
    const [[, submission]] = await asked('submit');
    expect(submission).toMatchObject({
      origin: { platform: 'slack', server: team.id, user: `${team.id}/${ann.id}` },
      options: { frames: 24 },
      event: `message:${ann.direct.id}:${message.ts}`,
    });
    expect(decodePlace(submission.replyTarget)).toMatchObject({
      ...{ channel: ann.direct.id, isDirect: true, thread: null },
    });
  });

  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('is told how to begin where it has words alone (%s)', async (locale, words) => {
    const { ann, said } = await scene({ locale });
    ann.say(ann.direct, 'hello');
    expect(await said(ann.direct)).toBe(slackWords(words).start(words).replaceAll('>', '&gt;'));
  });

  it('may be a command, also one that asks first', async () => {
    const { ann, said, asked } = await scene();
    ann.say(ann.direct, 'queue');
    expect(await said(ann.direct)).toBe(nothingWaits);
    ann.say(ann.direct, 'forget');
    expect(await said(ann.direct, 2)).toContain('Confirm it with the button');
    ann.say(ann.direct, 'forget yes');
    await asked('erase');
  });

  it('sets options for a photo whose thread it is in, and is talk otherwise', async () => {
    const { ann, asked, calls, settled } = await scene();
    const photo = ann.say(ann.direct, '', { files: [cat] });
    await asked('submit');
    ann.say(ann.direct, 'size:128', { thread: photo });
    const [, second] = await asked('submit', 2);
    expect(second?.[1]).toMatchObject({ options: { size: 128 } });
    expect(second?.[1].photoOwner).toBeUndefined();
    ann.say(ann.direct, 'thank you', { thread: photo });
    await settled();
    expect(calls.filter(([what]) => what === 'submit')).toHaveLength(2);
  });
});
