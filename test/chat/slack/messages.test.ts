import { describe, expect, it } from 'vitest';
import { fetching, keys, running } from '../../support/contents.ts';
import { wordsOf } from '../../support/slack/place.ts';
import { outgoingScene, targetOf } from '../../support/slack-outgoing.ts';

describe('an answer on Slack', () => {
  it('comes after the bot has joined, in a public channel that it is not in', async () => {
    const { fake, chat, team, ann } = await outgoingScene();
    const town = team.channel('town', { members: [ann], hasBot: false });
    await chat.send(targetOf(team, { channel: town, user: ann }), fetching, { key: keys.answer });
    expect(town.messages()).toHaveLength(1);
    expect(fake.calls('conversations.join')).toHaveLength(1);
  });

  it('says in a channel whose it is, also once it has changed, and to somebody alone does not', async () => {
    const { chat, target, said, team, ann } = await outgoingScene({ areNamed: true });
    const answer = await chat.send(target, fetching, { key: keys.answer });
    expect(wordsOf(said()[0]?.blocks ?? [])).toContain('for ann');
    await chat.edit(answer, running(1));
    expect(wordsOf(said()[0]?.blocks ?? [])).toMatch(/Frame 1 of .*\nfor ann/);
    const alone = ann.direct;
    await chat.send(targetOf(team, { channel: alone, user: ann }), fetching, { key: keys.answer });
    expect(wordsOf(alone.messages()[0]?.blocks ?? [])).not.toContain('ann');
  });

  it('needs an invitation where the bot may not join', async () => {
    const { fake, chat, team, ann } = await outgoingScene();
    const town = team.channel('town', { members: [ann], hasBot: false });
    fake.faults.error('conversations.join', 'restricted_action');
    const sending = chat.send(targetOf(team, { channel: town, user: ann }), fetching, { key: keys.answer });
    await expect(sending).rejects.toMatchObject({
      code: 'permissions-missing',
      data: { permissions: ['channel-membership'] },
    });
  });

  it('is refused in an archived channel, which is no place any more', async () => {
    const { chat, channel, target } = await outgoingScene();
    channel.archive();
    const sending = chat.send(target, fetching, { key: keys.answer });
    await expect(sending).rejects.toMatchObject({ code: 'chat-refused', data: { reason: 'place' } });
    expect(await chat.isThere(target)).toBe(false);
  });

  it('is not sent twice where Slack’s own answer is lost: the next look finds it', async () => {
    const { fake, chat, target, said } = await outgoingScene();
    fake.faults.cut('chat.postMessage', 'after');
    const sending = chat.send(target, fetching, { key: keys.answer });
    await expect(sending).rejects.toMatchObject({ code: 'chat-unreachable' });
    const found = await chat.find(target, keys.answer);
    expect(said()).toHaveLength(1);
    expect(await chat.send(target, running(1), { key: keys.answer })).toEqual(found);
  });

  it('is found after a restart among what others say, which is not taken for it', async () => {
    const { chat, open, ann, channel, target, said } = await outgoingScene();
    const sent = await chat.send(target, fetching, { key: keys.answer });
    ann.say(channel, said()[0]?.text ?? '');
    expect(await open().chat.find(target, keys.answer)).toEqual(sent);
    expect(await open().chat.find(target, 'another:answer')).toBeUndefined();
  });

  it('has no thread once somebody has deleted it, and is gone for whoever changes it', async () => {
    const { chat, open, ann, target, said } = await outgoingScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    ann.deleteMessage(said()[0]!);
    await expect(open().chat.openThread(answer, 'cat.jpg')).rejects.toMatchObject({ code: 'chat-gone' });
    await expect(chat.edit(answer, running(1))).rejects.toMatchObject({ code: 'chat-gone' });
    await expect(chat.openThread(answer, 'cat.jpg')).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('is for nobody in a workspace that the bot was removed from', async () => {
    const { chat, team, target } = await outgoingScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    team.revokeTokens();
    await expect(chat.edit(answer, running(1))).rejects.toMatchObject({ code: 'chat-gone' });
    expect(await chat.isThere(target)).toBe(false);
    await chat.remove(answer);
  });

  it('is found by its workspace in an organisation', async () => {
    const { fake, open, film } = await outgoingScene();
    const team = fake.team('globex', { enterprise: 'E1' });
    const eve = team.person('eve');
    const channel = team.channel('lab', { members: [eve] });
    const target = targetOf(team, { channel, user: eve });
    const sent = await open([team]).chat.send(target, film(), { key: keys.final });
    team.installation.scopes = team.installation.scopes.filter((scope) => scope !== 'channels:history');
    expect((await open([team]).chat.find(target, keys.final))?.ref).toBe(sent.ref);
    expect(fake.calls('files.list')[0]?.params).toMatchObject({ team_id: team.id });
  });
});
