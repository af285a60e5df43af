import { describe, expect, it } from 'vitest';
import { encodePlace } from '../../../src/chat/slack/place.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import { fetching, filmOf, keys } from '../../support/contents.ts';
import type { FakeSlackOptions } from '../../support/slack/fake-slack.ts';
import { outgoingScene, placeOf, targetOf } from '../../support/slack-outgoing.ts';

/** A render that was answered, and the thread under its answer. */
const answered = async (options: FakeSlackOptions = {}) => {
  const scene = await outgoingScene(options);
  const { chat, fake, target } = scene;
  const answer = await chat.send(target, fetching, { key: keys.answer });
  const place = await chat.openThread(answer, 'cat.jpg');
  return {
    ...{ ...scene, place },
    send: (content = scene.film()) => chat.send(place, content, { key: keys.final }),
    films: () => scene.thread().filter(({ files }) => files.length > 0),
    /** Files of the bot's that are still there. */
    kept: () => [...fake.state.files.values()].filter(({ isDeleted }) => !isDeleted),
  };
};

describe('a film on Slack', () => {
  it('is shared in the thread with its words and buttons, described for those who do not see it', async () => {
    const { send, films, kept, ann } = await answered();
    await send();
    const [film] = films();
    expect(film?.files).toMatchObject([{ title: 'gramzoom-7.gif', mimetype: 'image/gif' }]);
    expect(film?.files[0]?.bytes).toEqual(Buffer.from('GIF89a'));
    expect(film?.words).toContain(`${ann.mention} `);
    expect(film?.buttons).toHaveLength(3);
    expect(kept()[0]?.alt).toContain('cat.jpg');
  });

  it('has the emoji to re-roll it from the beginning', async () => {
    const { send, films, team } = await answered();
    await send();
    expect(films()[0]?.reactions).toEqual({ game_die: [team.installation.botUser] });
  });

  it('counts as said where the emoji is there already, or cannot be added', async () => {
    const { fake, send, films, warnings } = await answered();
    fake.faults.error('reactions.add', 'already_reacted');
    await send();
    expect(warnings).toEqual([]);
    expect(films()).toHaveLength(1);
    const other = await answered();
    other.fake.faults.error('reactions.add', 'missing_scope');
    await other.send();
    expect(other.warnings).toEqual(['slack: failed to add a reaction, the button is there']);
  });

  it('is known by the message that shares it, however long Slack takes for that', async () => {
    const { send, films } = await answered({ pollsUntilReady: 4, pollsUntilShared: 6 });
    const message = await send();
    expect(message.ref.split('/')[1]).toBe(films()[0]?.ts);
  });

  it('a film of a render asked for in a thread is shared there, and in direct messages too', async () => {
    const { chat, team, ann, channel, film } = await outgoingScene();
    const under = ann.say(channel, 'look at this');
    const place = targetOf(team, { channel, user: ann }, { thread: under.ts });
    const answer = await chat.send(place, fetching, { key: keys.answer });
    expect(await chat.openThread(answer, 'cat.jpg')).toEqual(place);
    expect(chat.outside(place)).toBeNull();
    await chat.send(place, film(), { key: keys.final });
    expect(channel.replies(under).map(({ files }) => files.length)).toEqual([0, 1]);
    await chat.send(targetOf(team, { channel: ann.direct, user: ann }), film(), { key: keys.final });
    expect(ann.direct.messages()[0]?.files).toHaveLength(1);
  });

  it('a film whose upload is answered with 408 has arrived all the same, and comes once', async () => {
    const { fake, send, films } = await answered();
    fake.faults.statusAfter('upload', 408);
    await send();
    expect(films()).toHaveLength(1);
    expect(fake.calls('upload')).toHaveLength(1);
  });

  it.each([408, 503])('a film whose upload fails with %i is sent anew', async (status) => {
    const { fake, send, films, kept } = await answered();
    fake.faults.status('upload', status);
    await send();
    expect(films()).toHaveLength(1);
    expect(kept()).toHaveLength(1);
  });

  it.each(['cut', 'statusAfter'] as const)(
    'a film whose sharing has no answer (%s) is looked for, and not shared twice',
    async (how) => {
      const { fake, send, films } = await answered({ pollsUntilShared: 3 });
      const method = 'files.completeUploadExternal';
      if (how === 'cut') fake.faults.cut(method, 'after');
      else fake.faults.statusAfter(method, 408);
      await send();
      expect(films()).toHaveLength(1);
      expect(fake.calls(method)).toHaveLength(1);
    },
  );

  it('a film that is accepted and never shared is taken back and sent anew, without what may have been the reason', async () => {
    const { fake, send, films, kept } = await answered({ pollsUntilShared: null });
    const sending = send();
    await fake.waitFor('it is taken back', () => fake.calls('files.delete')[0]);
    fake.settings.pollsUntilShared = 1;
    await sending;
    expect(films()).toHaveLength(1);
    expect(kept()).toHaveLength(1);
    expect(kept()[0]?.alt).toBeNull();
  });

  it('a film that Slack does not share with all its words gets them afterwards', async () => {
    const { fake, send, films } = await answered({ pollsUntilReady: 0, pollsUntilShared: 0 });
    fake.faults.error('files.completeUploadExternal', 'invalid_blocks', { times: 2 });
    await send();
    expect(films()).toMatchObject([{ buttons: { length: 3 }, isEdited: false }]);
  });

  it('a film that is never shared, however often it is sent, is for later, and nothing of it is left', async () => {
    const { fake, send, films, kept } = await answered({ pollsUntilShared: null });
    await expect(send()).rejects.toMatchObject({ code: 'chat-unreachable' });
    expect(fake.calls('files.completeUploadExternal')).toHaveLength(3);
    expect([films(), kept()]).toEqual([[], []]);
    fake.settings.pollsUntilShared = 0;
    await send();
    expect(films()).toHaveLength(1);
  });

  it('reaches a public channel that the bot was removed from: it joins again', async () => {
    const { team, channel, send, films } = await answered();
    channel.kick(team.installation.botUser);
    await send();
    expect(films()).toHaveLength(1);
  });

  it('does not reach a private channel that the bot was removed from, and whoever asked is told why', async () => {
    const { fake, chat, team, ann, film } = await outgoingScene();
    const secret = team.channel('secret', { members: [ann], isPrivate: true });
    const target = targetOf(team, { channel: secret, user: ann });
    await chat.send(target, fetching, { key: keys.answer });
    fake.faults.error('files.completeUploadExternal', 'not_in_channel');
    fake.faults.error('conversations.join', 'method_not_supported_for_channel_type');
    await expect(chat.send(target, film(), { key: keys.final })).rejects.toMatchObject({
      code: 'permissions-missing',
      data: { permissions: ['channel-membership'] },
    });
    expect([...fake.state.files.values()].filter(({ isDeleted }) => !isDeleted)).toEqual([]);
  });

  it.each(['file_upload_size_restricted', 'file_too_large'])(
    'is too large where Slack says %s',
    async (error) => {
      const { fake, send } = await answered();
      fake.faults.error('files.getUploadURLExternal', error);
      await expect(send()).rejects.toMatchObject({ code: 'file-too-large', data: { bytes: 6 } });
    },
  );

  it('a film that is not stored any more is not sent', async () => {
    const { send, film } = await answered();
    const content = film();
    const attachments = content.attachments.map((one) => ({ ...one, blob: 'ff' as BlobId }));
    await expect(send({ ...content, attachments })).rejects.toMatchObject({ code: 'result-expired' });
  });

  it('keeps its file when its message is changed, and not when that shows none any more', async () => {
    const { chat, send, films, film, kept } = await answered();
    const message = await send();
    await chat.edit(message, film());
    expect(films()[0]?.files).toHaveLength(1);
    await chat.edit(message, { ...film(), body: { kind: 'expired', renderKind: 'zoom' }, attachments: [] });
    expect([films(), kept()]).toEqual([[], []]);
  });

  it('cannot be put into a message that is there, which Slack says to nobody', async () => {
    const { chat, target, film } = await outgoingScene();
    const answer = await chat.send(target, fetching, { key: keys.answer });
    await expect(chat.edit(answer, film())).rejects.toMatchObject({ code: 'chat-refused' });
  });

  it('goes with its file when it is deleted', async () => {
    const { chat, send, thread, kept } = await answered();
    await chat.remove(await send());
    expect([thread(), kept()]).toEqual([[], []]);
  });

  it('a film of another format is shared too, undescribed where it is no picture', async () => {
    const { files, send, films, kept } = await answered();
    const gif = filmOf(files);
    const [attachment] = gif.attachments;
    await send({ ...gif, attachments: [{ ...attachment!, name: 'gramzoom-7.mp4', format: 'mp4' }] });
    expect(films()[0]?.files[0]?.mimetype).toBe('video/mp4');
    expect(kept()[0]?.alt).toBeNull();
  });
});

describe('a film of which it was not known whether it is shared', () => {
  it('is found by the same process, although Slack lists it nowhere yet', async () => {
    const { fake, chat, send, place, films } = await answered({ pollsUntilReady: 3, pollsUntilShared: 3 });
    fake.faults.cut('files.info', 'before');
    await expect(send()).rejects.toMatchObject({ code: 'chat-unreachable' });
    const found = await chat.find(place, keys.final);
    expect(found?.ref).toContain(films()[0]?.ts);
    expect(await send()).toEqual(found);
    expect(films()).toHaveLength(1);
  });
});

describe('a film that an earlier process sent', () => {
  it('is found again, also where it is shared only after that', async () => {
    const { fake, open, send, place, films } = await answered({ pollsUntilReady: 0, pollsUntilShared: 2 });
    const held = fake.faults.hold('files.info', 'before');
    const lost = send();
    await held.arrived;
    const found = await open().chat.find(place, keys.final);
    expect(films()).toHaveLength(1);
    expect(found?.ref).toContain(films()[0]?.ts);
    held.release();
    expect(await lost).toEqual(found);
  });

  it('is waited for where Slack lists it nowhere yet, and does not come twice', async () => {
    const late = { pollsUntilReady: 99, pollsUntilShared: 99, settlesAfterMs: 3_000 };
    const { fake, open, send, place, films } = await answered(late);
    const held = fake.faults.hold('files.info', 'before');
    const lost = send();
    await held.arrived;
    const found = await open().chat.find(place, keys.final);
    expect(found?.ref).toContain(films()[0]?.ts);
    held.release();
    expect(await lost).toEqual(found);
    expect(films()).toHaveLength(1);
  });

  it('is taken back where it is never shared, so that it does not come later', async () => {
    const { fake, open, send, place, kept } = await answered({ pollsUntilReady: 0, pollsUntilShared: null });
    const held = fake.faults.hold('files.info', 'before');
    const lost = send();
    await held.arrived;
    expect(await open().chat.find(place, keys.final)).toBeUndefined();
    expect(kept()).toEqual([]);
    fake.settings.pollsUntilShared = 0;
    held.release();
    await lost;
  });

  it('is found by its file where the bot may not look back, and otherwise is not', async () => {
    const { fake, team, open, send, chat, place, target } = await answered();
    await send();
    await chat.send(target, fetching, { key: keys.progress });
    const { scopes } = team.installation;
    team.installation.scopes = scopes.filter((scope) => !scope.endsWith(':history'));
    const later = open().chat;
    expect(await later.find(place, keys.final)).toBeDefined();
    expect(await later.find(target, keys.progress)).toBeUndefined();
    expect(fake.calls('conversations.history')).toHaveLength(1);
  });

  it('is asked for later where Slack lets nobody look back so often', async () => {
    const { fake, open, place } = await answered();
    fake.faults.rateLimited('conversations.replies', 61, { times: 3 });
    await expect(open().chat.find(place, keys.final)).rejects.toMatchObject({ code: 'chat-unreachable' });
    expect(fake.calls('conversations.replies')).toHaveLength(1);
  });
});

describe('a film that somebody asks for', () => {
  it('comes as a direct message in their language', async () => {
    const { chat, team, channel, target, film } = await outgoingScene();
    const bob = team.person('bob', { locale: 'de-DE' });
    channel.invite(bob);
    const place = await chat.privately(`${team.id}/${bob.id}`, target);
    const body = { kind: 'copy', renderKind: 'zoom', bytes: 6 } as const;
    const copy = { ...film(), body, actions: ['download'] as const, mentionsRequester: false };
    await chat.send(place, copy, { key: 'a-render:copy-1' });
    const [message] = bob.direct.messages();
    expect(message?.files).toHaveLength(1);
    expect(message?.words).toMatch(/^Hier/);
    expect(message?.reactions).toEqual({});
  });

  it.each(['cannot_dm_bot', 'user_disabled', 'messages_tab_disabled', 'restricted_action'])(
    'is told to be impossible where Slack says %s',
    async (error) => {
      const { fake, chat, team, ann, channel } = await outgoingScene();
      fake.faults.error('conversations.open', error);
      const about = encodePlace(placeOf(team, { channel, user: ann }));
      await expect(chat.privately(`${team.id}/${ann.id}`, about)).rejects.toMatchObject({
        code: 'messages-closed',
      });
    },
  );
});
