import { RESTJSONErrorCodes as Code } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { keys, saying } from '../../support/contents.ts';
import { answeredScene, type OutgoingScene, outgoingScene } from '../../support/discord/outgoing.ts';

const messages = '/channels/{channel_id}/messages';
const minuteMs = 60_000;

const statuses = ({ fake }: OutgoingScene, method: string, path = messages): readonly number[] =>
  fake.requests.filter((each) => each.method === method && each.path === path).map(({ status }) => status);

describe('the film', () => {
  it('calls whoever asked, once, and brings its buttons and the emoji', async () => {
    const { chat, thread, place, film, fake, ann } = await answeredScene();
    const sent = await chat.send(thread, film(), { key: keys.final });
    const message = place().messages().at(-1);
    expect(message?.content).toBe(`<@${ann.id}> The film is ready.\n-# seed 7 · pocket · aBcDeFgH`);
    expect(message?.buttons.map(({ label }) => label)).toEqual(['Re-roll', 'Larger', 'Delete']);
    expect(message?.files).toMatchObject([
      { name: 'gramzoom-7.gif', description: 'Endless zoom: cat.jpg', spoiler: false },
    ]);
    await fake.waitFor('the emoji', () => place().messages().at(-1)?.reactions['🎲']);
    await chat.edit(sent, film());
    expect(ann.pings()).toHaveLength(1);
  });

  it('comes without the emoji where the bot may not react', async () => {
    const { chat, ask, film, fake } = await outgoingScene();
    const { target } = await ask({ canReact: false });
    await chat.send(target, film(), { key: keys.final });
    expect(fake.requests.some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('gets the emoji from the next process, where one died before it was there', async () => {
    const { chat, thread, place, film, fake } = await answeredScene();
    fake.faults.refuse(Code.UnknownMessage, { method: 'PUT' });
    await chat.send(thread, film(), { key: keys.final });
    expect(place().messages().at(-1)?.reactions).toEqual({});
    const found = await chat.find(thread, keys.final);
    await chat.edit(found!, film());
    expect(place().messages().at(-1)?.reactions).toEqual({ '🎲': ['gramzoom'] });
  });

  it('is spoilered where its photo was', async () => {
    const { chat, ask, film, picture, channel } = await outgoingScene();
    const { target } = await ask({ isSpoiler: true });
    await chat.send(target, film(), { key: keys.final });
    await chat.send(target, picture(1), { key: keys.progress });
    expect(channel.messages().flatMap(({ files }) => files.map(({ spoiler }) => spoiler))).toEqual([
      true,
      true,
    ]);
  });

  it.each([
    ['fails after it was posted', (scene: OutgoingScene) => scene.fake.faults.failAfterCreate()],
    [
      'breaks off after it was posted',
      (scene: OutgoingScene) => scene.fake.faults.cut('after', { method: 'POST', path: messages }),
    ],
    [
      'breaks off before it was posted',
      (scene: OutgoingScene) => scene.fake.faults.cut('before', { method: 'POST', path: messages }),
    ],
    [
      'fails before it was posted',
      (scene: OutgoingScene) => scene.fake.faults.serverError({ method: 'POST', path: messages }),
    ],
  ])('comes once where Discord %s', async (_, fail) => {
    const scene = await answeredScene();
    fail(scene);
    await scene.chat.send(scene.thread, scene.film(), { key: keys.final });
    expect(scene.films()).toHaveLength(1);
    expect(scene.ann.pings()).toHaveLength(1);
  });

  it('comes once where Discord fails for longer, and it is tried again later', async () => {
    const scene = await answeredScene();
    scene.fake.faults.failAfterCreate({ times: 3 });
    await expect(scene.chat.send(scene.thread, scene.film(), { key: keys.final })).rejects.toMatchObject({
      code: 'chat-unreachable',
      retry: 'later',
    });
    await scene.chat.send(scene.thread, scene.film(), { key: keys.final });
    expect(scene.films()).toHaveLength(1);
  });

  it('comes once where its upload takes 20 seconds', async () => {
    const scene = await answeredScene();
    scene.fake.faults.slowUpload({ ms: 20_000 });
    const sending = scene.chat.send(scene.thread, scene.film(), { key: keys.final });
    await scene.fake.waitFor('the film', () => scene.films().length === 1);
    scene.fake.clock.advance(20_000);
    await sending;
    expect(scene.films()).toHaveLength(1);
    expect(statuses(scene, 'POST')).toEqual([200]);
  });

  it('is found by the next process half an hour later, killed between saying and noting it', async () => {
    const scene = await answeredScene();
    const sent = await scene.chat.send(scene.thread, scene.film(), { key: keys.final });
    scene.fake.clock.advance(30 * minuteMs);
    const { chat } = scene.open();
    expect(await chat.find(scene.thread, keys.final)).toEqual(sent);
    expect(await chat.find(scene.thread, keys.progress)).toBeUndefined();
  });

  it('a film that is larger than the server takes is an error that says how large, and nothing is posted', async () => {
    const { chat, thread, place, film } = await answeredScene();
    const large = film(new Uint8Array(10 * 2 ** 20 + 1));
    await expect(chat.send(thread, large, { key: keys.final })).rejects.toMatchObject({
      code: 'file-too-large',
      data: { bytes: 10 * 2 ** 20 + 1 },
      retry: 'never',
    });
    expect(
      place()
        .messages()
        .flatMap(({ files }) => files),
    ).toEqual([]);
  });

  it('is refused where nothing may be written, with what is missing', async () => {
    const { chat, thread, film, fake } = await answeredScene();
    fake.faults.missingPermissions({ method: 'POST', path: messages });
    await expect(chat.send(thread, film(), { key: keys.final })).rejects.toMatchObject({
      code: 'permissions-missing',
      data: { permissions: ['send-messages-in-threads', 'attach-files'] },
    });
  });

  it('has nowhere to go once the bot was removed from the server', async () => {
    const { chat, thread, film, guild } = await answeredScene();
    guild.removeBot();
    await expect(chat.send(thread, film(), { key: keys.final })).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('a film that is not kept any more is an error that is not retried', async () => {
    const { chat, thread, film } = await answeredScene();
    const content = film();
    const [attachment] = content.attachments;
    if (!attachment) throw new Error('no film');
    const gone = { ...attachment, blob: '0'.repeat(64) as typeof attachment.blob };
    await expect(
      chat.send(thread, { ...content, attachments: [gone] }, { key: keys.final }),
    ).rejects.toMatchObject({ code: 'result-expired', retry: 'never' });
  });
});

describe('what people wrote', () => {
  it('is shown as it is, and calls nobody', async () => {
    const { chat, ask, channel, ann } = await outgoingScene();
    const { target } = await ask();
    const received = `**x** ||z|| @everyone <@${ann.id}>`;
    const words = saying(
      {
        kind: 'failed',
        failure: {
          code: 'request-field',
          data: { field: 'network', expected: { kind: 'network' }, received },
        },
      },
      { actions: ['delete'] },
    );
    await chat.send(target, words, { key: keys.answer });
    const [message] = channel.messages();
    expect(message?.content).not.toContain('@everyone');
    expect(message?.content).toContain('\\*\\*x\\*\\*');
    expect(message?.content).toContain('\\|\\|z\\|\\|');
    expect(message?.content).toContain('\\<@');
    expect(message?.pinged).toEqual([]);
    expect(message?.payload.flags).toBe(4);
  });
});
