import { describe, expect, it } from 'vitest';
import { decodeReplyContext, encodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import type { ReplyTarget } from '../../../src/domain/job.ts';
import { cancelled, fetching, keys, running } from '../../support/contents.ts';
import { outgoingScene, placeOf } from '../../support/discord/outgoing.ts';

const callback = '/interactions/{interaction_id}/{interaction_token}/callback';
const original = '/webhooks/{webhook_id}/{webhook_token}/messages/@original';
const minuteMs = 60_000;

/** Somebody brought the bot along to a server that has not invited it. */
const guestScene = async () => {
  const scene = await outgoingScene();
  const { fake, ann } = scene;
  const guild = fake.guild({ members: [ann], bot: null });
  const channel = guild.channel('elsewhere');
  const asked = await ann.command('gramzoom', {}, { in: channel });
  const changes = { isGuest: true, canOpenThread: false, canReact: false };
  const target = encodeReplyContext(placeOf(fake, { channel, user: ann.id, asked }, changes));
  return { ...scene, channel, asked, target };
};

describe('the answer to a command', () => {
  it('is what acknowledges it, and names nobody', async () => {
    const { chat, ask, ann, channel } = await outgoingScene();
    const { asked, target } = await ask();
    await chat.send(target, fetching, { key: keys.answer });
    expect(asked.acknowledgedAfterMs).toBeLessThan(3000);
    expect(asked.reply?.content).toBe('Looking at the photo…');
    expect(asked.reply?.buttons.map(({ label, emoji }) => [label, emoji])).toEqual([['Cancel', '✖️']]);
    expect(channel.messages()).toHaveLength(1);
    expect(ann.pings()).toEqual([]);
  });

  it('is changed by the token of the command while that lives, and by the bot afterwards', async () => {
    const { chat, fake, ask } = await outgoingScene();
    const { asked, target } = await ask();
    const message = await chat.send(target, fetching, { key: keys.answer });
    await chat.edit(message, running(1));
    expect(fake.requests.at(-1)).toMatchObject({ method: 'PATCH', path: original, status: 200 });
    fake.clock.advance(14 * minuteMs);
    await chat.edit(message, running(2));
    expect(fake.requests.at(-1)).toMatchObject({ path: '/channels/{channel_id}/messages/{message_id}' });
    fake.clock.advance(30 * minuteMs);
    await chat.edit(message, cancelled);
    expect(asked.reply?.content).toBe('Cancelled.');
    expect(fake.invalidRequests).toBe(0);
  });

  it('an answer that comes too late is a message in the channel that pings whoever asked', async () => {
    const { chat, fake, ask, channel, ann } = await outgoingScene();
    const { asked, target } = await ask();
    fake.clock.advance(3000);
    const message = await chat.send(target, fetching, { key: keys.answer });
    expect(asked.didNotRespond).toBe(true);
    expect(channel.messages().map(({ content }) => content)).toEqual([`<@${ann.id}> Looking at the photo…`]);
    expect(ann.pings()).toHaveLength(1);
    await chat.edit(message, cancelled);
    expect(channel.messages()[0]?.content).toBe('Cancelled.');
    expect(ann.pings()).toHaveLength(1);
  });

  it('an answer that Discord refuses as late although it is not becomes a message in the channel, too', async () => {
    const { chat, fake, ask, channel, ann } = await outgoingScene();
    const { target } = await ask();
    fake.faults.acknowledgeTooLate();
    await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages()).toHaveLength(1);
    expect(ann.pings()).toHaveLength(1);
  });

  it('is said after half an hour too, when the bot was down meanwhile', async () => {
    const { chat, fake, ask, channel, ann } = await outgoingScene();
    const { target } = await ask();
    fake.clock.advance(30 * minuteMs);
    expect(await chat.find(target, keys.answer)).toBeUndefined();
    await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages().map(({ pinged }) => pinged)).toEqual([['ann']]);
    expect(ann.pings()).toHaveLength(1);
  });

  it.each([
    ['the answer of Discord is lost', 500],
    ['Discord fails', 503],
  ])('is given once where %s', async (_, status) => {
    const { chat, fake, ask, channel } = await outgoingScene();
    const { target } = await ask();
    fake.faults.failAfterCreate({ path: callback }, status);
    const message = await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages()).toHaveLength(1);
    await chat.edit(message, cancelled);
    expect(channel.messages()[0]?.content).toBe('Cancelled.');
  });

  it('is found by the next process, killed between saying and noting it', async () => {
    const { chat, fake, ask, open, channel } = await outgoingScene();
    const { target } = await ask();
    const message = await chat.send(target, fetching, { key: keys.answer });
    const next = open();
    expect(await next.chat.find(target, keys.answer)).toEqual(message);
    expect(await next.chat.find(target, keys.final)).toBeUndefined();
    fake.clock.advance(30 * minuteMs);
    const later = await next.chat.find(target, keys.answer);
    expect(later?.ref).toBe(message.ref);
    await next.chat.edit(later ?? message, cancelled);
    expect(channel.messages().map(({ content }) => content)).toEqual(['Cancelled.']);
  });

  it('is found among what others wrote meanwhile', async () => {
    const { chat, fake, ask, ann, open, channel } = await outgoingScene();
    const { target } = await ask();
    const message = await chat.send(target, fetching, { key: keys.answer });
    for (let count = 0; count < 120; count++) await ann.say(channel, `chatter ${count}`);
    fake.clock.advance(20 * minuteMs);
    expect((await open().chat.find(target, keys.answer))?.ref).toBe(message.ref);
  });

  it("is never somebody else's message that looks like it", async () => {
    const { chat, fake, ask, channel, open } = await outgoingScene();
    const { asked, target } = await ask();
    await chat.send(target, fetching, { key: keys.answer });
    const view = asked.reply;
    if (view) channel.deleteMessage(view.id);
    const other = { ...decodeReplyContext(target), interaction: null };
    expect(await open().chat.find(encodeReplyContext(other), keys.answer)).toBeUndefined();
    expect(fake.requests.some(({ status }) => status >= 500)).toBe(false);
  });

  it.each([
    ['the token is dead before its time', 'tokenExpired'],
    ['its webhook is unknown', 'unknownWebhook'],
  ] as const)('is changed by the bot where %s, which stays logged in', async (_, fault) => {
    const { chat, fake, ask } = await outgoingScene();
    const { asked, target } = await ask();
    const message = await chat.send(target, fetching, { key: keys.answer });
    fake.faults[fault]();
    await chat.edit(message, running(1));
    expect(asked.reply?.content).toBe('Frame 1 of 8.');
    asked.expireToken();
    await chat.edit(message, running(2));
    await chat.edit(message, running(3));
    expect(asked.reply?.content).toBe('Frame 3 of 8.');
  });

  it('counts as gone once somebody has deleted it', async () => {
    const { chat, ask, channel } = await outgoingScene();
    const { asked, target } = await ask();
    const message = await chat.send(target, fetching, { key: keys.answer });
    channel.deleteMessage(asked.reply?.id ?? '');
    await expect(chat.edit(message, running(1))).rejects.toMatchObject({ code: 'chat-gone' });
    await chat.remove(message);
  });

  it('fills an answer that was put off', async () => {
    const { chat, ask, fake } = await outgoingScene();
    const { asked, target } = await ask();
    const put = await fetch(`${fake.restApi}/v10/interactions/${asked.id}/${asked.token}/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 5 }),
    });
    expect(put.status).toBe(204);
    await chat.send(target, fetching, { key: keys.answer });
    expect(asked.reply).toMatchObject({ content: 'Looking at the photo…', loading: false });
  });
});

describe('the answer to a mention', () => {
  const mentioned = async () => {
    const scene = await outgoingScene();
    const { fake, ann, channel } = scene;
    const { id } = await ann.say(channel, 'zoom', { mention: true });
    const target: ReplyTarget = encodeReplyContext(placeOf(fake, { channel, user: ann.id }, { replyTo: id }));
    return { ...scene, target, question: id };
  };

  it('replies to it and calls nobody', async () => {
    const { chat, target, channel, question, ann } = await mentioned();
    await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages().at(-1)).toMatchObject({ replyTo: question, pinged: [] });
    expect(ann.pings()).toEqual([]);
  });

  it('is an ordinary message where the bot may not see what was said before', async () => {
    const { chat, target, channel, fake } = await mentioned();
    fake.faults.refuse(160_002, { method: 'POST', path: '/channels/{channel_id}/messages' });
    await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages().at(-1)).toMatchObject({ replyTo: null, content: 'Looking at the photo…' });
  });

  it('is there where the question has been deleted', async () => {
    const { chat, target, channel, question } = await mentioned();
    channel.deleteMessage(question);
    await chat.send(target, fetching, { key: keys.answer });
    expect(channel.messages()).toHaveLength(1);
  });
});

describe('where the bot is a guest', () => {
  it('a guest bot answers, says more and pings at the end by the token alone', async () => {
    const { chat, target, asked, fake, film, picture, ann } = await guestScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    await chat.edit(answer, running(1));
    const place = await chat.openThread(answer, 'cat.jpg');
    const progress = await chat.send(place, picture(1), { key: keys.progress });
    await chat.edit(progress, picture(2));
    await chat.remove(progress);
    const sent = await chat.send(place, film(), { key: keys.final });
    expect(asked.followUps.map(({ files }) => files.map(({ name }) => name))).toEqual([['gramzoom-7.gif']]);
    expect(ann.pings()).toHaveLength(1);
    await chat.edit(sent, cancelled);
    expect(asked.followUps[0]?.content).toBe('Cancelled.');
    expect(fake.requests.every(({ path }) => !path.startsWith('/channels'))).toBe(true);
  });

  it('a guest bot says nothing once the token has lapsed', async () => {
    const { chat, target, fake, film } = await guestScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    const place = await chat.openThread(answer, 'cat.jpg');
    fake.clock.advance(14 * minuteMs);
    const before = fake.requests.length;
    await expect(chat.edit(answer, running(1))).rejects.toMatchObject({ code: 'chat-gone' });
    await expect(chat.send(place, film(), { key: keys.final })).rejects.toMatchObject({ code: 'chat-gone' });
    await chat.remove(answer);
    expect(fake.requests).toHaveLength(before);
  });

  it('a command that nobody answered in time is over', async () => {
    const { chat, target, fake } = await guestScene();
    fake.clock.advance(3000);
    await expect(chat.send(target, fetching, { key: keys.answer })).rejects.toMatchObject({
      code: 'chat-gone',
    });
  });

  it('a guest bot has five more answers and no sixth', async () => {
    const { chat, target, picture } = await guestScene();
    const place = await chat.openThread(await chat.send(target, fetching, { key: keys.answer }), 'cat.jpg');
    for (let count = 0; count < 5; count++)
      await chat.send(place, picture(count), { key: `${keys.progress}${count}` });
    await expect(chat.send(place, picture(5), { key: keys.final })).rejects.toMatchObject({
      code: 'chat-refused',
    });
  });

  it('a guest bot tells whoever would wait longer than it can answer', async () => {
    const { chat, target, asked } = await guestScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    const waiting = (etaSeconds: number) => ({
      ...fetching,
      body: { kind: 'waiting', position: 2, total: 3, etaSeconds } as const,
    });
    await chat.edit(answer, waiting(60));
    expect(asked.reply?.content).not.toContain('15 minutes');
    await chat.edit(answer, waiting(3600));
    expect(asked.reply?.content).toContain('15 minutes');
  });

  it('a later answer that Discord may have taken is not sent again unasked', async () => {
    const { chat, target, fake, film, asked } = await guestScene();
    const place = await chat.openThread(await chat.send(target, fetching, { key: keys.answer }), 'cat.jpg');
    fake.faults.failAfterCreate({ path: '/webhooks/{webhook_id}/{webhook_token}' });
    await expect(chat.send(place, film(), { key: keys.final })).rejects.toMatchObject({
      code: 'chat-unreachable',
    });
    expect(asked.followUps).toHaveLength(1);
  });
});
