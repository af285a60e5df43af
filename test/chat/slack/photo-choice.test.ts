import { describe, expect, it } from 'vitest';
import { decodeAttachment } from '../../../src/chat/slack/attachment-ref.ts';
import { draftMessage } from '../../../src/chat/slack/message-draft.ts';
import { otherPhotoId } from '../../../src/chat/slack/names.ts';
import { photosAt, photosOf } from '../../../src/chat/slack/photo-choice.ts';
import { decodePlace, type SlackPhoto } from '../../../src/chat/slack/place.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import { wordsFor } from '../../../src/messages/languages.ts';
import { problemsOfBlocks } from '../../support/block-kit.ts';
import { saying } from '../../support/contents.ts';
import { wordsOf } from '../../support/slack/place.ts';
import { listeningOnSlack } from '../../support/slack-bot.ts';

const names = ['cat.png', 'dog.jpg', 'cow.webp'];
const files = names.map((name) => ({ name, bytes: Buffer.from(`a photo called ${name}`) }));
const waiting = saying({ kind: 'waiting', position: 2, total: 5, etaSeconds: 600 });

const photos = (count: number, name = 'cat.png'): readonly SlackPhoto[] =>
  Array.from({ length: count }, (_, index) => ({ id: `F${index}`, name, bytes: 1, url: null }));

const draftOf = (all: readonly SlackPhoto[], { role = 'answer', locale = 'en-US' } = {}) =>
  draftMessage(waiting, { place: { user: 'U1', locale, ...photosAt(all, 1) }, role, now: 0 });

/** A mention with three photos, and the bot's answer to it. */
const scene = async () => {
  const made = await listeningOnSlack();
  const { team, ann, place, asked, chat, renders } = made;
  Object.assign(chat, { openAttachment: async () => files[0]!.bytes });
  ann.askBot(place, 'size:128', { files });
  const [[, { replyTarget }]] = await asked('submit');
  const subject = { kind: 'render', id: renders.rows[0]!.id };
  const { blocks } = draftMessage(
    { ...waiting, subject },
    { place: decodePlace(replyTarget), role: 'answer', now: 0 },
  );
  const { state } = made.fake;
  const message = state.post(place.channel, {
    ...{ user: team.installation.botUser, bot: team.installation.bot, text: 'answer', blocks },
  });
  return { ...made, answer: place.message(message.ts)!, id: subject.id };
};

describe('the answer to a message with several photos', () => {
  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('says which was taken, and has a menu of the others (%s)', (locale, words) => {
    const { blocks } = draftOf(photos(3), { locale });
    expect(wordsOf(blocks)).toContain(`${words.photoChoice({ number: 1, total: 3 })}: cat.png`);
    const menu = JSON.stringify(blocks.find(({ type }) => type === 'actions'));
    expect(menu).toContain(wordsFor(locale).otherPhotos);
    expect(menu).toContain(words.photoChoice({ number: 2, total: 3 }));
    expect(menu).not.toContain(words.photoChoice({ number: 1, total: 3 }));
  });

  it('has no menu for a single photo, nor in its other messages', () => {
    expect(JSON.stringify(draftOf(photos(1)))).not.toContain(otherPhotoId);
    expect(JSON.stringify(draftOf(photos(3), { role: 'film' }))).not.toContain(otherPhotoId);
  });

  it('is within what Slack takes, however many there are and however they are called', () => {
    const { blocks } = draftOf(photos(40, 'n'.repeat(300)));
    expect(problemsOfBlocks(blocks, { typeOf: () => undefined, surface: 'message' })).toEqual([]);
  });

  it('gives anyone a render of another one, with the same options', async () => {
    const { team, place, asked, answer, id } = await scene();
    const bea = team.person('bea');
    place.invite(bea);
    await bea.press(answer, otherPhotoId, `2/${id}:answer`);
    const [, again] = await asked('submit', 2);
    const submission = again![1];
    expect(submission).toMatchObject({
      origin: { user: `${team.id}/${bea.id}` },
      options: { kind: 'zoom', size: 128 },
      attachment: { name: 'dog.jpg' },
      event: expect.stringMatching(/^action:/),
    });
    expect(decodeAttachment(submission.attachment)).toMatchObject({ tenant: team.id });
    expect(decodePlace(submission.replyTarget)).toMatchObject({ user: bea.id, photos: { taken: 2 } });
  });

  it('keeps to the limits of whoever chooses, who is told alone', async () => {
    const { fake, ann, answer, id } = await scene();
    for (const number of [2, 3]) await ann.press(answer, otherPhotoId, `${number}/${id}:answer`);
    const refused = await fake.waitFor('the refusal', () => ann.ephemerals.at(-1));
    expect(refused.text).toBe(en.errorSentence({ code: 'user-limit', data: { limit: 2 } }));
  });
});

it('knows no photos of a place that is not kept any more', () => {
  expect(photosOf({ platform: 'slack', ref: '' })).toEqual([]);
});
