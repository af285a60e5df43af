import { describe, expect, it } from 'vitest';
import { botScopes } from '../../../src/chat/slack/scopes.ts';
import { fetching, keys } from '../../support/contents.ts';
import { outgoingScene } from '../../support/slack-outgoing.ts';

describe('a message that is pinned on Slack', () => {
  it('stays pinned when it is pinned again', async () => {
    const { chat, target, said } = await outgoingScene();
    const message = await chat.send(target, fetching, { key: keys.answer });
    await chat.pin(message);
    await chat.pin(message);
    expect(said().map(({ isPinned }) => isPinned)).toEqual([true]);
  });

  it('needs a scope that older installations lack, which the refusal names', async () => {
    const { chat, target } = await outgoingScene({
      scopes: botScopes.filter((name) => name !== 'pins:write'),
    });
    const message = await chat.send(target, fetching, { key: keys.answer });
    await expect(chat.pin(message)).rejects.toMatchObject({
      code: 'permissions-missing',
      data: { permissions: ['pins:write'] },
    });
  });

  it('is refused where the channel allows no pins', async () => {
    const { fake, chat, target } = await outgoingScene();
    const message = await chat.send(target, fetching, { key: keys.answer });
    fake.faults.error('pins.add', 'restricted_action');
    await expect(chat.pin(message)).rejects.toMatchObject({
      code: 'chat-refused',
      data: { reason: 'place' },
    });
  });
});

describe('people of a workspace', () => {
  it('get no role, since Slack has none', async () => {
    const { chat, target, team, ann } = await outgoingScene();
    const giving = chat.giveRole(target, { user: `${team.id}/${ann.id}`, role: 'R1' });
    await expect(giving).rejects.toMatchObject({ code: 'chat-refused' });
  });

  it('are members until they have left', async () => {
    const { fake, chat, target, team, ann } = await outgoingScene();
    const user = `${team.id}/${ann.id}`;
    expect(await chat.isMember(target, user)).toBe(true);
    fake.state.users.set(ann.id, { ...fake.state.users.get(ann.id)!, isDeleted: true });
    expect(await chat.isMember(target, user)).toBe(false);
  });
});
