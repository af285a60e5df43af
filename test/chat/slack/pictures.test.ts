import { describe, expect, it } from 'vitest';
import { cancelled, fetching, keys, running } from '../../support/contents.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import type { FakeSlackOptions } from '../../support/slack/fake-slack.ts';
import { outgoingScene, targetOf } from '../../support/slack-outgoing.ts';

/** A render that was answered, and the thread under its answer. */
const answered = async (options: FakeSlackOptions = {}) => {
  const scene = await outgoingScene(options);
  const { chat, fake, target } = scene;
  const answer = await chat.send(target, fetching, { key: keys.answer });
  const place = await chat.openThread(answer, 'cat.jpg');
  return {
    ...{ ...scene, answer, place },
    show: (framesDone: number, signal?: AbortSignal) =>
      chat.send(place, scene.picture(framesDone), { key: keys.progress, signal }),
    shown: () => scene.thread().flatMap(({ pictures }) => pictures.map(({ bytes }) => String(bytes))),
    words: () => scene.thread().map(({ words }) => words.split('\n')[0]),
    /** Names of the bot's files that are still there. */
    kept: () => [...fake.state.files.values()].filter(({ isDeleted }) => !isDeleted).map(({ name }) => name),
  };
};

const frame = (count: number): string => `a picture of frame ${count}`;

describe('the picture on the way', () => {
  it('stands in one message that shows the next one each time, and only the newest is kept', async () => {
    const { fake, chat, show, shown, kept, picture, thread } = await answered({ pollsUntilReady: 3 });
    const message = await show(1);
    expect(shown()).toEqual([frame(1)]);
    expect(thread()[0]?.pictures[0]?.alt).toContain('cat.jpg');
    await chat.edit(message, picture(2));
    await chat.edit(message, picture(3));
    expect(shown()).toEqual([frame(3)]);
    await fake.waitFor('those before are gone', () => kept().length === 1);
    expect(thread()).toMatchObject([{ isEdited: false, files: [] }]);
  });

  it('goes with its file, also where an earlier process showed it', async () => {
    const { chat, open, show, thread, kept } = await answered();
    await chat.remove(await show(1));
    expect([thread(), kept()]).toEqual([[], []]);
    const message = await show(2);
    await open().chat.remove(message);
    expect([thread(), kept()]).toEqual([[], []]);
  });

  it('a picture that an earlier process showed goes when the next one is shown', async () => {
    const { fake, open, place, show, shown, picture, kept } = await answered();
    await show(1);
    const { chat } = open();
    const message = await chat.find(place, keys.progress);
    await chat.edit(message!, picture(2));
    await fake.waitFor('the first is gone', () => kept().length === 1);
    expect(shown()).toEqual([frame(2)]);
  });

  it('a picture that a process could not show before it died is taken away', async () => {
    const { fake, open, place, show, kept } = await answered({ pollsUntilReady: 0 });
    const held = fake.faults.hold('chat.postMessage', 'before');
    const lost = show(1);
    await held.arrived;
    expect(await open().chat.find(place, keys.progress)).toBeUndefined();
    await fake.waitFor('it is gone', () => kept().length === 0);
    held.release();
    await lost;
  });

  it('a picture that is not ready in time is left out, and the words go on above the one before', async () => {
    const { fake, chat, show, shown, words, picture, kept } = await answered();
    const message = await show(1);
    const [before] = words();
    fake.settings.pollsUntilReady = 1000;
    await chat.edit(message, picture(2));
    expect(shown()).toEqual([frame(1)]);
    expect(words()).not.toEqual([before]);
    await fake.waitFor('it is gone', () => kept().length === 1);
  });

  it.each([
    ['refused', 'files.getUploadURLExternal', 'error'],
    ['refused for now', 'files.completeUploadExternal', 'rateLimited'],
    ['not taken', 'upload', 'status'],
    ['never answered', 'files.info', 'cut'],
  ] as const)(
    'a picture whose upload is %s is left out, and the words stand alone',
    async (_, method, how) => {
      const { fake, show, shown, words, kept, warnings } = await answered();
      if (how === 'error') fake.faults.error(method, 'file_uploads_disabled');
      if (how === 'rateLimited') fake.faults.rateLimited(method, 1);
      if (how === 'status') fake.faults.status(method, 408);
      if (how === 'cut') fake.faults.cut(method, 'before');
      await show(1);
      expect([shown(), words().length]).toEqual([[], 1]);
      expect(warnings).toEqual(['slack: a picture on the way could not be sent']);
      await fake.waitFor('nothing is left', () => kept().length === 0 || how === 'status');
    },
  );

  it('a picture that Slack does not show yet is left out', async () => {
    const { fake, show, shown, words } = await answered();
    fake.faults.error('chat.postMessage', 'invalid_blocks');
    await show(1);
    expect([shown(), words().length]).toEqual([[], 1]);
  });

  it('is taken back where nobody waited for it any more', async () => {
    const { fake, show, thread, kept } = await answered();
    const leaving = new AbortController();
    const held = fake.faults.hold('chat.postMessage', 'after');
    const showing = show(1, leaving.signal);
    await held.arrived;
    leaving.abort();
    await expect(showing).rejects.toMatchObject({ code: 'chat-unreachable' });
    held.release();
    await fake.waitFor('it is gone', () => thread().length + kept().length === 0);
  });

  it('is not sent at all where nobody waits for it before', async () => {
    const { fake, show, kept } = await answered();
    const leaving = new AbortController();
    const held = fake.faults.hold('upload', 'before');
    const showing = show(1, leaving.signal);
    await held.arrived;
    leaving.abort();
    await expect(showing).rejects.toMatchObject({ code: 'chat-unreachable' });
    held.release();
    await fake.waitFor('its file is gone', () => kept().length === 0);
    expect(fake.calls('chat.postMessage')).toHaveLength(1);
  });
});

describe('a change on Slack', () => {
  it('a change that nobody waits for any more does not outlast the next one', async () => {
    const { fake, chat, answer, said, target } = await answered();
    const leaving = new AbortController();
    const held = fake.faults.hold('chat.update', 'before');
    const changing = chat.edit(answer, running(1), { signal: leaving.signal });
    await held.arrived;
    leaving.abort();
    await expect(changing).rejects.toMatchObject({ code: 'chat-unreachable' });
    const next = chat.edit(answer, cancelled);
    // By the time that something else is said the next one would be, too, if it did not wait.
    await chat.send(target, running(2), { key: 'another:answer' });
    held.release();
    await next;
    await fake.waitFor('both are made', () =>
      fake.calls('chat.update').every(({ status }) => status === 200),
    );
    expect(said()[0]?.words).toBe('Cancelled.');
  });

  it('a change of the last words is said below where the workspace lets nobody change old messages', async () => {
    const { fake, chat, answer, said, thread } = await answered();
    fake.faults.error('chat.update', 'edit_window_closed', { times: 2 });
    await chat.edit(answer, running(1));
    await chat.edit(answer, cancelled);
    expect(said()[0]?.words).toMatch(/^Looking/);
    expect(thread().map(({ words }) => words)).toEqual(['Cancelled.']);
  });

  it('marks no message as edited, and mentions nobody anew', async () => {
    const { chat, answer, said, ann } = await answered();
    await chat.edit(answer, running(3));
    expect(said()[0]?.isEdited).toBe(false);
    expect(said()[0]?.words).not.toContain(ann.mention);
  });
});

describe('too many requests', () => {
  it('refusals for pictures pause the pictures of that workspace until Slack says, and nothing else', async () => {
    const clock = createFakeClock();
    const { fake, team, ann, channel, files, film, open, target, picture } = await outgoingScene({
      ...{ clock, pollsUntilReady: 0, pollsUntilShared: 0 },
    });
    const other = fake.team('globex');
    const eve = other.person('eve');
    const elsewhere = targetOf(other, { channel: other.channel('lab', { members: [eve] }), user: eve });
    const { chat } = open([team, other]);
    const messages = await Promise.all(
      [target, elsewhere].map(async (place) => await chat.send(place, picture(1), { key: keys.progress })),
    );
    fake.faults.rateLimited('chat.update', 30, { params: { channel: channel.id } });
    await expect(chat.edit(messages[0]!, picture(2))).rejects.toMatchObject({ code: 'chat-unreachable' });
    await expect(chat.edit(messages[0]!, picture(3))).rejects.toMatchObject({ code: 'chat-unreachable' });
    expect(fake.calls('chat.update')).toHaveLength(1);
    await chat.edit(messages[1]!, picture(2));
    clock.advance(2_000);
    await chat.send(target, film(), { key: keys.final });
    expect(channel.messages().flatMap((message) => message.files)).toHaveLength(1);
    clock.advance(30_000);
    await chat.edit(messages[0]!, picture(4));
    expect(channel.messages()[0]?.pictures.map(({ bytes }) => String(bytes))).toEqual([frame(4)]);
    expect([ann.id, await files.get(film().attachments[0]!.blob)]).not.toContain(undefined);
  });

  it('hold back the last words until they can be said', async () => {
    const { fake, chat, target, said } = await outgoingScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    fake.faults.rateLimited('chat.update', 20);
    await chat.edit(answer, cancelled);
    expect(said()[0]?.words).toBe('Cancelled.');
    fake.faults.rateLimited('chat.postMessage', 20);
    await chat.send(target, cancelled, { key: keys.final });
    expect(said()).toHaveLength(2);
  });

  it('refusals without end are for later', async () => {
    const { fake, chat, target } = await outgoingScene();
    fake.faults.rateLimited('chat.postMessage', 5, { times: 3 });
    const sending = chat.send(target, fetching, { key: keys.answer });
    await expect(sending).rejects.toMatchObject({ code: 'chat-unreachable' });
    fake.faults.rateLimited('chat.postMessage', 3600);
    await expect(chat.send(target, fetching, { key: keys.final })).rejects.toMatchObject({
      code: 'chat-unreachable',
    });
  });
});
