import { describe, expect, it } from 'vitest';
import { fetching, keys, saying } from '../../support/contents.ts';
import { outgoingScene, targetOf } from '../../support/slack-outgoing.ts';

const tooSoon = saying(
  { kind: 'failed', failure: { code: 'reaction-too-soon', data: { seconds: 30 } } },
  { actions: [], isNotice: true },
);
const noticeKey = 'aBcDeFgHiJkLmNoPqRsTuV:notice';

describe('a notice on Slack', () => {
  it('is shown to whoever reacted alone, in their language, in the thread', async () => {
    const { chat, team, channel, target, said } = await outgoingScene();
    const bob = team.person('bob', { locale: 'de-DE' });
    channel.invite(bob);
    await chat.send(target, fetching, { key: keys.answer });
    const [answer] = said();
    const reply = bob.say(channel, 'nice', { thread: answer! });
    const place = targetOf(team, { channel, user: bob }, { thread: answer!.ts });
    const notice = await chat.send(place, tooSoon, { key: noticeKey });
    expect(bob.ephemerals).toMatchObject([{ thread: answer!.ts }]);
    expect(bob.ephemerals[0]?.text).toContain('30');
    expect(channel.replies(answer!).map(({ ts }) => ts)).toEqual([reply.ts]);
    // Slack lets nobody change it or take it away.
    await chat.edit(notice, tooSoon);
    await chat.remove(notice);
    expect(await chat.find(place, noticeKey)).toBeUndefined();
  });

  it('is shown again after the one before is over', async () => {
    const { chat, ann, target } = await outgoingScene();
    for (let time = 0; time < 2; time++)
      await chat.remove(await chat.send(target, tooSoon, { key: noticeKey }));
    expect(ann.ephemerals).toHaveLength(2);
  });
});
