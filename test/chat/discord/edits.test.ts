import { describe, expect, it } from 'vitest';
import type { MessageRef } from '../../../src/ports/chat.ts';
import { cancelled, fetching, keys, running } from '../../support/contents.ts';
import { answeredScene, type OutgoingScene } from '../../support/discord/outgoing.ts';

const messages = '/channels/{channel_id}/messages';
const minuteMs = 60_000;

const statuses = ({ fake }: OutgoingScene, method: string, path = messages): readonly number[] =>
  fake.requests.filter((each) => each.method === method && each.path === path).map(({ status }) => status);

describe('changes of a message', () => {
  const progressed = async () => {
    const scene = await answeredScene();
    const progress = await scene.chat.send(scene.thread, scene.picture(1), { key: keys.progress });
    return { ...scene, progress };
  };

  it('replace the picture by the next, under a new name', async () => {
    const { chat, progress, picture, place } = await progressed();
    await chat.edit(progress, picture(2));
    const message = place().messages().at(-1);
    expect(message?.files).toMatchObject([{ description: 'Frame 2 of 8 of a zoom into cat.jpg' }]);
    expect(message?.content).toBe('Frame 2 of 8.\n-# seed 7 · pocket · aBcDeFgH');
    const names = [...(message?.history ?? []).flatMap(({ files }) => files), message?.files[0]?.name];
    expect(new Set(names).size).toBe(2);
  });

  it('are found again, though a picture has no buttons', async () => {
    const { open, thread, progress } = await progressed();
    expect(await open().chat.find(thread, keys.progress)).toEqual(progress);
  });

  it('are not made elsewhere where the bot may not write any more', async () => {
    const { chat, thread, picture, fake, channel } = await answeredScene();
    fake.faults.missingPermissions({ method: 'POST', path: messages });
    await expect(chat.send(thread, picture(1), { key: keys.progress })).rejects.toMatchObject({
      code: 'permissions-missing',
    });
    expect(channel.messages()).toHaveLength(1);
  });

  it('wait as long as Discord says', async () => {
    const scene = await progressed();
    scene.fake.faults.rateLimited({ retryAfterMs: 50 }, { method: 'PATCH' });
    await scene.chat.edit(scene.progress, scene.picture(2));
    expect(statuses(scene, 'PATCH', `${messages}/{message_id}`)).toEqual([429, 200]);
  });

  it('changes that would have to wait for long are tried again later, and hold nothing else', async () => {
    const scene = await progressed();
    scene.fake.faults.rateLimited({ retryAfterMs: 600_000 }, { method: 'PATCH' });
    await expect(scene.chat.edit(scene.progress, scene.picture(2))).rejects.toMatchObject({
      code: 'chat-unreachable',
    });
    await scene.chat.send(scene.thread, scene.film(), { key: keys.final });
    expect(scene.films()).toHaveLength(1);
    await expect(scene.chat.edit(scene.progress, scene.picture(3))).rejects.toMatchObject({
      code: 'chat-unreachable',
    });
    expect(statuses(scene, 'PATCH', `${messages}/{message_id}`)).toEqual([429]);
    scene.fake.clock.advance(600_000);
    await scene.chat.edit(scene.progress, scene.picture(3));
    expect(statuses(scene, 'PATCH', `${messages}/{message_id}`)).toEqual([429, 200]);
  });

  it('changes that hang are given up where the final message of another render waits for them', async () => {
    const { chat, fake, progress, picture, place, film, thread } = await progressed();
    const other = await chat.send(thread, running(1), { key: 'other:answer' });
    const held = fake.faults.hold('before', { method: 'PATCH' });
    const { signal } = new AbortController();
    const hung = chat.edit(progress, picture(2), { signal });
    await held.arrived;
    const last = chat.edit(other, cancelled);
    await expect(hung).rejects.toMatchObject({ code: 'chat-unreachable' });
    await last;
    await chat.send(thread, film(), { key: keys.final });
    expect(place().messages().at(-2)?.content).toBe('Cancelled.');
    await chat.edit(progress, picture(3));
    // More than five writes in five seconds wait.
    fake.clock.advance(5_000);
    held.release();
    // The picture of before, the one that hung, and the newest before and after it.
    await fake.waitFor('the newest picture again', () => {
      const message = place()
        .messages()
        .find(({ history }) => history.length === 3);
      return message?.content.includes('Frame 3 of 8.');
    });
  });

  describe('of an old message that was changed too often', () => {
    const old = async (): Promise<
      Awaited<ReturnType<typeof answeredScene>> & { refuse: () => void; message: MessageRef }
    > => {
      const scene = await answeredScene();
      scene.fake.clock.advance(61 * minuteMs);
      return {
        ...scene,
        message: scene.answer,
        refuse: () => scene.fake.faults.tooManyOldEdits({ retryAfterMs: 3_600_000 }),
      };
    };

    it('are let go, and the film comes all the same', async () => {
      const { chat, message, refuse, asked, channel, film, thread, films } = await old();
      refuse();
      await chat.edit(message, running(3));
      expect(asked.reply?.content).toBe('Looking at the photo…');
      expect(channel.messages()).toHaveLength(1);
      await chat.send(thread, film(), { key: keys.final });
      expect(films()).toHaveLength(1);
    });

    it('are said in a message of their own where they are the last words, once', async () => {
      const { chat, message, refuse, channel, asked } = await old();
      refuse();
      await chat.edit(message, cancelled);
      refuse();
      await chat.edit(message, cancelled);
      expect(channel.messages().map(({ content }) => content)).toEqual([
        'Looking at the photo…',
        'Cancelled.',
      ]);
      expect(channel.messages()[1]?.replyTo).toBe(asked.reply?.id);
    });

    it('do not keep others waiting', async () => {
      const { chat, message, refuse, fake, ask, channel } = await old();
      refuse();
      await chat.edit(message, running(3));
      const other = await ask();
      const answer = await chat.send(other.target, fetching, { key: 'other:answer' });
      fake.clock.advance(15 * minuteMs);
      await chat.edit(answer, cancelled);
      expect(channel.messages().at(-1)?.content).toBe('Cancelled.');
    });
  });

  it('an edit that Discord never takes is an error that is not retried', async () => {
    const { chat, progress, picture, fake } = await progressed();
    fake.faults.refuse(50_035, { method: 'PATCH' });
    await expect(chat.edit(progress, picture(2))).rejects.toMatchObject({
      code: 'chat-refused',
      retry: 'never',
    });
  });

  it('are made one after the other', async () => {
    const { chat, progress, picture, place, fake } = await progressed();
    const held = fake.faults.hold('before', { method: 'PATCH' });
    const first = chat.edit(progress, picture(2));
    await held.arrived;
    const second = chat.edit(progress, picture(3));
    held.release();
    await Promise.all([first, second]);
    expect(place().messages().at(-1)?.content).toContain('Frame 3 of 8.');
  });
});
