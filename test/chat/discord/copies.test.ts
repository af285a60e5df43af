import { describe, expect, it } from 'vitest';
import { keys, render, saying } from '../../support/contents.ts';
import { answeredScene, outgoingScene } from '../../support/discord/outgoing.ts';

const key = `${render}:copy-3`;

describe('a film for one person alone', () => {
  const copy = ({ film }: Awaited<ReturnType<typeof outgoingScene>>) =>
    saying(
      { kind: 'copy', renderKind: 'zoom', bytes: 6 },
      { attachments: film().attachments, actions: ['download'] },
    );

  it('comes as a direct message with an alt text, and the next process finds it', async () => {
    const scene = await answeredScene();
    const bea = scene.fake.person('bea');
    scene.guild.add(bea);
    const place = await scene.chat.privately(bea.id, scene.thread);
    const sent = await scene.chat.send(place, copy(scene), { key });
    const [message, ...more] = bea.dm().messages();
    expect(more).toEqual([]);
    expect(message).toMatchObject({ content: 'Here is your film.', buttons: [] });
    expect(message?.files).toMatchObject([{ description: 'Endless zoom: cat.jpg', spoiler: false }]);
    const { chat } = scene.open();
    expect(await chat.find(await chat.privately(bea.id, scene.thread), key)).toEqual(sent);
    expect(await chat.find(place, keys.final)).toBeUndefined();
  });

  it('stays hidden where it is hidden', async () => {
    const scene = await outgoingScene();
    const { target } = await scene.ask({ isSpoiler: true });
    await scene.chat.send(await scene.chat.privately(scene.ann.id, target), copy(scene), { key });
    expect(scene.ann.dm().messages()[0]?.files).toMatchObject([{ spoiler: true }]);
  });

  it('leaves nothing of who it is for in the message that is stored', async () => {
    const scene = await answeredScene();
    const bea = scene.fake.person('bea');
    scene.guild.add(bea);
    const place = await scene.chat.privately(bea.id, scene.thread);
    expect(JSON.stringify(await scene.chat.send(place, copy(scene), { key }))).not.toContain(bea.id);
  });

  it('cannot come where somebody takes no direct messages', async () => {
    const scene = await outgoingScene();
    const { target } = await scene.ask();
    scene.ann.settings.dmsClosed = true;
    const send = async () =>
      scene.chat.send(await scene.chat.privately(scene.ann.id, target), copy(scene), { key });
    await expect(send()).rejects.toMatchObject({ code: 'chat-gone' });
  });
});
