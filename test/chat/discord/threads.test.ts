import { describe, expect, it } from 'vitest';
import { answeredScene, fetching, keys, outgoingScene } from '../../support/discord/outgoing.ts';

const messages = '/channels/{channel_id}/messages';

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

  it('that is there already is used, by the next process too', async () => {
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

  it('that was put away is opened again, and the message in it changed', async () => {
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

  it('that was put away opens by itself for the film', async () => {
    const { chat, thread, place, film } = await answeredScene();
    place().archive();
    await chat.send(thread, film(), { key: keys.final });
    expect(place().archived).toBe(false);
  });

  it('that was locked is left alone: the picture is let go, and the film comes in the channel', async () => {
    const { chat, thread, place, picture, film, channel, asked, open } = await answeredScene();
    const progress = await chat.send(thread, picture(1), { key: keys.progress });
    place().archive({ locked: true });
    await expect(chat.edit(progress, picture(2))).rejects.toMatchObject({ code: 'chat-gone' });
    const sent = await chat.send(thread, film(), { key: keys.final });
    expect(channel.messages().at(-1)).toMatchObject({ replyTo: asked.reply?.id, pinged: ['ann'] });
    expect((await open().chat.find(thread, keys.final))?.ref).toBe(sent.ref);
  });

  it('that somebody deleted costs no film either', async () => {
    const { chat, thread, place, film, channel } = await answeredScene();
    place().delete();
    await chat.send(thread, film(), { key: keys.final });
    expect(
      channel
        .messages()
        .at(-1)
        ?.files.map(({ name }) => name),
    ).toEqual(['gramzoom-7.gif']);
  });
});
