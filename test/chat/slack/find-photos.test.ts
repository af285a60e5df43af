import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { readMention } from '../../../src/chat/slack/events.ts';
import { createFindPhotos } from '../../../src/chat/slack/find-photos.ts';
import type { TenantClients } from '../../../src/chat/slack/tenants.ts';
import { createHurriedClock } from '../../support/hurried-clock.ts';
import type { MessageView } from '../../support/slack/place.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';

const cat = { name: 'cat.png', bytes: Buffer.from('a photo of a cat') };

const scene = async (options: Parameters<typeof startFakeSlack>[0] = {}) => {
  const fake = await startFakeSlack(options);
  const team = fake.team('zoo');
  const [ann, bea] = [team.person('ann'), team.person('bea')];
  const place = team.channel('art', { members: [ann, bea] });
  const client = new WebClient(team.installation.token, {
    ...{ slackApiUrl: fake.apiUrl, retryConfig: { retries: 0 } },
  });
  const closing = new AbortController();
  const clock = createHurriedClock();
  const findPhotos = createFindPhotos({
    tenants: { clients: async () => ({ answers: client }) as unknown as TenantClients },
    ...{ clock, signal: closing.signal },
  });
  /** Finds the photos of a mention, as an event that has none tells of it. */
  const find = ({ channel, ts, user }: MessageView, thread?: MessageView) =>
    findPhotos(readMention({ channel, ts, user, text: 'x', thread_ts: thread?.ts }), { tenant: team.id });
  return { fake, team, ann, bea, place, clock, closing, find };
};

describe('the photos of a message whose event has none', () => {
  it('are those that the message has', async () => {
    const { ann, place, find, clock } = await scene();
    ann.say(place, 'before', { files: [{ ...cat, name: 'other.png' }] });
    const message = ann.say(place, 'this', { files: [cat] });
    ann.say(place, 'after');
    expect(await find(message)).toMatchObject({ photos: [{ name: 'cat.png' }], author: null, other: null });
    expect(clock.pausesMs).toEqual([]);
  });

  it('are asked for again where Slack does not give the message yet', async () => {
    const { fake, ann, place, find, clock } = await scene();
    const message = ann.say(place, 'this', { files: [cat] });
    fake.faults.error('conversations.history', 'internal_error', { times: 3 });
    expect((await find(message)).photos).toHaveLength(1);
    expect(clock.pausesMs).toEqual([500, 1_000, 2_000]);
  });

  it('are none where it has none, and nobody waits for them', async () => {
    const { ann, place, find, clock } = await scene();
    expect(await find(ann.say(place, 'this'))).toEqual({ photos: [], author: null, other: null });
    expect(clock.pausesMs).toEqual([]);
  });

  it.each(['missing_scope', 'not_in_channel', 'ratelimited'])(
    'are not asked for again where that is of no use: %s',
    async (code) => {
      const { fake, ann, place, find } = await scene();
      const message = ann.say(place, 'this', { files: [cat] });
      fake.faults.error('conversations.history', code);
      expect((await find(message)).photos).toEqual([]);
      expect(fake.calls('conversations.history')).toHaveLength(1);
    },
  );

  it('are those at the head of its thread, and belong to whoever wrote that', async () => {
    const { ann, bea, place, find } = await scene();
    const head = bea.say(place, 'my cat', { files: [cat] });
    for (const text of ['one', 'two', 'three']) bea.say(place, text, { thread: head });
    const asking = ann.say(place, 'this', { thread: head });
    expect(await find(asking, head)).toMatchObject({ photos: [{ name: 'cat.png' }], author: bea.id });
    const own = bea.say(place, 'this', { thread: head });
    expect(await find(own, head)).toMatchObject({ photos: [{ name: 'cat.png' }], author: null });
  });

  it('are the own ones before those at the head of the thread', async () => {
    const { ann, bea, place, find } = await scene();
    const head = bea.say(place, 'my cat', { files: [cat] });
    const asking = ann.say(place, 'this', { thread: head, files: [{ ...cat, name: 'own.png' }] });
    expect(await find(asking, head)).toMatchObject({ photos: [{ name: 'own.png' }], author: null });
  });

  it('are left to the next process where this one stops', async () => {
    const { fake, ann, place, find, closing } = await scene();
    fake.faults.error('conversations.history', 'internal_error');
    closing.abort();
    await expect(find(ann.say(place, 'this', { files: [cat] }))).rejects.toMatchObject({ code: 'stopping' });
  });
});
