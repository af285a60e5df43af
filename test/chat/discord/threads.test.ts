import { RESTJSONErrorCodes as Code } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { fetching, keys } from '../../support/contents.ts';
import type { FakeDiscord } from '../../support/discord/fake-discord.ts';
import { answeredScene, outgoingScene } from '../../support/discord/outgoing.ts';

const messages = '/channels/{channel_id}/messages';
const threads = `${messages}/{message_id}/threads`;

const askedScene = async () => {
  const scene = await outgoingScene();
  return { ...scene, ...(await scene.ask()) };
};

describe('the thread', () => {
  it('is named for the photo and hangs under the answer', async () => {
    const { place, asked } = await answeredScene();
    expect(place().name).toBe('gramzoom: cat.jpg');
    expect(place().id).toBe(asked.reply?.id);
  });

  it('has a name that is one short line, whatever the photo is called', async () => {
    const { chat, target, channel } = await outgoingScene().then(async (scene) => ({
      ...scene,
      ...(await scene.ask()),
    }));
    const answer = await chat.send(target, fetching, { key: keys.answer });
    await chat.openThread(answer, `a\n\u202Ecat${'🐈'.repeat(60)}.png`);
    const name = channel.threads()[0]?.name ?? '';
    expect(name).toMatch(/^gramzoom: a cat🐈+…$/u);
    expect(name.length).toBeLessThanOrEqual(100);
    expect(name.isWellFormed()).toBe(true);
  });

  it('a thread that exists already is used, by the next process too', async () => {
    const { chat, answer, thread, open, fake } = await answeredScene();
    const requests = fake.requests.length;
    expect(await chat.openThread(answer, 'cat.jpg')).toEqual(thread);
    expect(fake.requests).toHaveLength(requests);
    expect(await open().chat.openThread(answer, 'cat.jpg')).toEqual(thread);
  });

  it.each([
    ['there are too many already', 'tooManyThreads'],
    ['the bot may not open any', 'missingPermissions'],
  ] as const)('is not needed: where %s, the film comes in the channel', async (_, fault) => {
    const scene = await outgoingScene();
    const { target, asked } = await scene.ask();
    const answer = await scene.chat.send(target, fetching, { key: keys.answer });
    scene.fake.faults[fault]({ path: `${messages}/{message_id}/threads` });
    const place = await scene.chat.openThread(answer, 'cat.jpg');
    await scene.chat.send(place, scene.film(), { key: keys.final });
    expect(scene.channel.threads()).toEqual([]);
    expect(scene.channel.messages().at(-1)).toMatchObject({
      replyTo: asked.reply?.id,
      pinged: ['ann'],
    });
  });

  it('is not asked for inside another, or in direct messages', async () => {
    const { chat, ask, fake } = await outgoingScene();
    const { target } = await ask({ canOpenThread: false });
    const answer = await chat.send(target, fetching, { key: keys.answer });
    await chat.openThread(answer, 'cat.jpg');
    expect(fake.requests.some(({ path }) => path.endsWith('/threads'))).toBe(false);
  });

  it('an archived thread is opened again to edit the message in it', async () => {
    const { chat, thread, place, picture } = await answeredScene();
    const progress = await chat.send(thread, picture(1), { key: keys.progress });
    place().archive();
    await chat.edit(progress, picture(2));
    expect(place().archived).toBe(false);
    expect(place().messages().at(-1)?.content).toContain('Frame 2 of 8.');
    place().archive();
    await chat.remove(progress);
    expect(place().messages()).toHaveLength(1);
  });

  it('an archived thread opens by itself for the film', async () => {
    const { chat, thread, place, film } = await answeredScene();
    place().archive();
    await chat.send(thread, film(), { key: keys.final });
    expect(place().archived).toBe(false);
  });

  it('a locked thread is left alone, and the channel around it takes the film', async () => {
    const { chat, thread, place, picture, film, channel, asked, open } = await answeredScene();
    const progress = await chat.send(thread, picture(1), { key: keys.progress });
    place().archive({ locked: true });
    const refused = { code: 'chat-refused', data: { reason: 'place' } };
    await expect(chat.edit(progress, picture(2))).rejects.toMatchObject(refused);
    await expect(chat.send(thread, film(), { key: keys.final })).rejects.toMatchObject(refused);
    const around = chat.outside(thread)!;
    const sent = await chat.send(around, film(), { key: keys.final });
    expect(channel.messages().at(-1)).toMatchObject({ replyTo: asked.reply?.id, pinged: ['ann'] });
    expect((await open().chat.find(around, keys.final))?.ref).toBe(sent.ref);
  });

  it('counts as gone once somebody has deleted it', async () => {
    const { chat, thread, place, film } = await answeredScene();
    place().delete();
    await expect(chat.send(thread, film(), { key: keys.final })).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it.each([
    Code.MaximumActiveThreads,
    Code.MaximumActiveAnnouncementThreads,
    Code.MessageWasBlockedByAutomaticModeration,
    Code.TitleWasBlockedByAutomaticModeration,
    Code.InvalidFormBodyOrContentType,
    Code.TagRequiredToCreateAForumPostInThisChannel,
    Code.MaximumThreadParticipantsReached,
    Code.ThreadLocked,
    Code.MissingPermissions,
    Code.MissingAccess,
    Code.CannotExecuteActionOnThisChannelType,
    // One that nobody knows yet.
    987_654,
  ])('a thread that Discord refuses for good (%i) is replaced by messages under the answer', async (code) => {
    const { chat, target, fake, channel, film, asked } = await askedScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    fake.faults.refuse(code, { path: threads });
    const place = await chat.openThread(answer, 'cat.jpg');
    expect(chat.outside(place)).toBeNull();
    await chat.send(place, film(), { key: keys.final });
    expect(channel.threads()).toEqual([]);
    expect(channel.messages().at(-1)?.replyTo).toBe(asked.reply?.id);
  });

  it('a thread that somebody has begun is used where the bot may begin none', async () => {
    const { chat, target, fake, channel, ann, asked, film } = await askedScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    const theirs = ann.startThread(asked.reply!, 'look what comes');
    fake.faults.missingPermissions({ path: threads });
    expect(chat.outside(await chat.openThread(answer, 'cat.jpg'))).not.toBeNull();
    expect(channel.threads()).toHaveLength(1);
    await chat.send(await chat.openThread(answer, 'cat.jpg'), film(), { key: keys.final });
    expect(theirs.messages().at(-1)?.files).toHaveLength(1);
  });

  it('outlives the message above it, for the next process too', async () => {
    const { open, answer, thread, channel } = await answeredScene();
    channel.deleteMessage(answer.ref.split('/')[1]!);
    expect(await open().chat.openThread(answer, 'cat.jpg')).toEqual(thread);
  });

  it.each([
    ['a page in front of Discord (403)', (fake: FakeDiscord) => fake.faults.page(403, { path: threads })],
    ['a page in front of Discord (404)', (fake: FakeDiscord) => fake.faults.page(404, { path: threads })],
    ['a bare 403', (fake: FakeDiscord) => fake.faults.bare(403, { path: threads })],
    ['a bare 404', (fake: FakeDiscord) => fake.faults.bare(404, { path: threads })],
    ['an empty answer', (fake: FakeDiscord) => fake.faults.emptyAnswer({ path: threads })],
    ['an answer of another shape', (fake: FakeDiscord) => fake.faults.oddAnswer({ path: threads })],
  ])('is asked for again after %s: that passes', async (_, plan) => {
    const { chat, target, fake, channel } = await askedScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    plan(fake);
    await expect(chat.openThread(answer, 'cat.jpg')).rejects.toMatchObject({ code: 'chat-unreachable' });
    expect(chat.outside(await chat.openThread(answer, 'cat.jpg'))).not.toBeNull();
    expect(channel.threads()).toHaveLength(1);
  });
});
