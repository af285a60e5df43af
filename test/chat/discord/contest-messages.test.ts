import { describe, expect, it } from 'vitest';
import type { ContestId } from '../../../src/domain/contest/contest.ts';
import { contestSubject } from '../../../src/domain/contest/contest.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import { contestFacts, contestRules } from '../../support/contest-facts.ts';
import { outgoingScene } from '../../support/discord/outgoing.ts';

const id = 'halloween_1' as ContestId;
const key = (role: string): string => `contest.${id}:${role}`;

const announcement = (theme = 'Scariest cat'): MessageContent => ({
  subject: contestSubject(id),
  body: {
    kind: 'contest',
    post: { kind: 'announcement', contest: contestFacts({ rules: contestRules({ theme }) }) },
  },
  attachments: [],
  actions: ['enter', 'status', 'follow'],
  mentionsRequester: false,
});

const reminder = (
  followers: readonly { readonly user: string; readonly name: string }[],
): MessageContent => ({
  ...announcement(),
  body: {
    kind: 'contest',
    post: { kind: 'reminder', contest: contestFacts(), ends: 'entering', left: 'hour', followers },
  },
  actions: [],
  mentions: followers.map(({ user }) => user),
});

describe('what is said about a contest to all', () => {
  it('has its buttons, and is found again by them', async () => {
    const { chat, channel, ask } = await outgoingScene();
    const { target } = await ask();
    const message = await chat.send(target, announcement(), { key: key('announcement') });
    const [shown] = channel.messages();
    expect(shown?.buttons.map(({ customId }) => customId)).toEqual(
      ['enter', 'status', 'follow'].map((action) => `gz1:${action}:contest.${id}:announcement`),
    );
    expect(await chat.find(target, key('announcement'))).toEqual(message);
    expect(await chat.find(target, key('announcement-2'))).toBeUndefined();
  });

  it('formats nothing and calls nobody, whatever its theme is', async () => {
    const { chat, channel, ann, ask } = await outgoingScene();
    const { target } = await ask();
    const theme = `**@everyone** <@${ann.id}> [cats](https://example.com) # x ||spoiler||`;
    await chat.send(target, announcement(theme), { key: key('announcement') });
    const [shown] = channel.messages();
    expect(shown?.pinged).toEqual([]);
    expect(shown?.payload.mention_everyone).toBe(false);
    expect(shown?.content).toContain(`\\*\\*@\u200Beveryone\\*\\* \\<@\u200B${ann.id}\\> \\[cats\\](`);
    expect(shown?.content).toContain('\\|\\|spoiler\\|\\|');
  });

  it('notifies those whom it reminds, once', async () => {
    const { fake, chat, channel, ann, guild, ask } = await outgoingScene();
    const bea = fake.person('bea');
    guild.add(bea);
    const { target } = await ask();
    const content = reminder([{ user: ann.id, name: 'ann' }]);
    const message = await chat.send(target, content, { key: key('remind-entering-half') });
    expect(channel.messages()[0]).toMatchObject({ pinged: ['ann'] });
    await chat.edit(message, reminder([{ user: bea.id, name: 'bea' }]));
    expect(bea.pings()).toEqual([]);
  });

  it('is found again where it has neither buttons nor files', async () => {
    const { chat, ask } = await outgoingScene();
    const { target } = await ask();
    const message = await chat.send(target, reminder([]), { key: key('remind-voting-hour') });
    expect(await chat.find(target, key('remind-voting-hour'))).toEqual(message);
    expect(await chat.find(target, key('remind-voting-day'))).toBeUndefined();
  });

  it('shows pictures of several entries as one gallery, and is found again by them', async () => {
    const { chat, channel, files, ask } = await outgoingScene();
    const { target } = await ask();
    const still = (n: number) => ({
      ...({ blob: files.put(Uint8Array.of(n)), name: `${n}.png`, format: 'png', alt: `No. ${n}` } as const),
    });
    const content: MessageContent = {
      ...announcement(),
      body: {
        kind: 'contest',
        post: { kind: 'gallery', contest: contestFacts(), numbers: [1, 2, 3], page: 0, pages: 1 },
      },
      attachments: [still(1), still(2), still(3), { ...still(4), blob: 'f'.repeat(64) as never }],
      actions: [],
    };
    const message = await chat.send(target, content, { key: key('gallery-1') });
    expect(channel.messages()[0]?.files.map(({ description }) => description)).toEqual([
      ...['No. 1', 'No. 2', 'No. 3'],
    ]);
    expect(await chat.find(target, key('gallery-1'))).toEqual(message);
    expect(await chat.find(target, key('gallery-11'))).toBeUndefined();
  });
});
