import { describe, expect, it } from 'vitest';
import { createAllowedHosts } from '../../../src/chat/shared/allowed-hosts.ts';
import { encodeAttachment, type SlackAttachment } from '../../../src/chat/slack/attachment-ref.ts';
import { slackFileHosts } from '../../../src/chat/slack/open-file.ts';
import { outgoingScene } from '../../support/slack-outgoing.ts';

const bytes = Uint8Array.of(1, 2, 3);

/** A photo that ann has sent. */
const attached = async ({ pollsUntilReady = 0 } = {}) => {
  const scene = await outgoingScene();
  const { fake, team, ann, channel, chat } = scene;
  const { files } = ann.say(channel, 'my cat', { files: [{ name: 'cat.png', bytes }], pollsUntilReady });
  const file = files[0]!.id;
  const whole: SlackAttachment = {
    tenant: team.installation.tenant,
    file,
    url: `${fake.origin}/files-pri/${team.id}-${file}/cat.png`,
    bytes: bytes.length,
  };
  const open = async (changes: Partial<SlackAttachment> = {}, maxBytes = 10) => {
    const attachment = encodeAttachment({ ...whole, ...changes, name: 'cat.png' });
    const options = { signal: new AbortController().signal, maxBytes };
    return [...(await chat.openAttachment(attachment, options))];
  };
  return { ...scene, file, open };
};

describe('a photo from Slack', () => {
  it('is fetched with the token of the workspace that it was sent in', async () => {
    const { open, fake } = await attached();
    expect(await open()).toEqual([1, 2, 3]);
    expect(fake.calls('files.info')).toEqual([]);
  });

  it.each([
    ['only named', 0],
    ['only named, and not there yet', 3],
  ])('a photo that the event has %s is asked for', async (_, pollsUntilReady) => {
    const { open } = await attached({ pollsUntilReady });
    expect(await open({ url: null, bytes: 0 })).toEqual([1, 2, 3]);
  });

  it('a photo that does not come in the time of some questions is gone', async () => {
    const { fake, open } = await attached({ pollsUntilReady: 100 });
    await expect(open({ url: null, bytes: 0 })).rejects.toMatchObject({ code: 'chat-gone' });
    expect(fake.calls('files.info')).toHaveLength(4);
  });

  it('a photo that is not found at first is asked for again', async () => {
    const { fake, open } = await attached();
    fake.faults.error('files.info', 'file_not_found');
    expect(await open({ url: null, bytes: 0 })).toEqual([1, 2, 3]);
  });

  it('is fetched by its address of today where the one of then has lapsed', async () => {
    const { fake, open } = await attached();
    expect(await open({ url: `${fake.origin}/lapsed/cat.png` })).toEqual([1, 2, 3]);
    expect(fake.calls('files.info')).toHaveLength(1);
  });

  it('a photo that was deleted meanwhile is gone', async () => {
    const { ann, open, file } = await attached();
    ann.deleteFile(file);
    await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('a photo that the bot may not read is no page to sign in at, but a permission that is missing', async () => {
    const { team, open } = await attached();
    const { scopes } = team.installation;
    team.installation.scopes = scopes.filter((scope) => scope !== 'files:read');
    const missing = { code: 'permissions-missing', data: { permissions: ['files:read'] } };
    await expect(open()).rejects.toMatchObject(missing);
    await expect(open({ url: null })).rejects.toMatchObject(missing);
  });

  it('is not read further than is accepted, also where its length was not told', async () => {
    const { open } = await attached();
    await expect(open({ url: null, bytes: 0 }, 2)).rejects.toMatchObject({ code: 'photo-too-many-bytes' });
    await expect(open({}, 2)).rejects.toMatchObject({ code: 'photo-too-many-bytes' });
  });

  it('comes from no other place, which never sees the token', async () => {
    const { open } = await attached();
    await expect(open({ url: 'https://evil.example/cat.png' })).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('can be fetched later where Slack fails', async () => {
    const { fake, open } = await attached();
    fake.faults.status('url_private', 503);
    await expect(open()).rejects.toMatchObject({ code: 'chat-unreachable', retry: 'later' });
    expect(await open()).toEqual([1, 2, 3]);
  });

  it('is gone where its address was not kept, or its workspace', async () => {
    const { chat, team, open } = await attached();
    const options = { signal: new AbortController().signal, maxBytes: 10 };
    const lost = { platform: 'slack', ref: '', name: 'cat.png' };
    await expect(chat.openAttachment(lost, options)).rejects.toMatchObject({ code: 'chat-gone' });
    await open();
    team.uninstall();
    await expect(open({ url: null })).rejects.toMatchObject({ code: 'chat-gone' });
  });
});

describe('the hosts of Slack’s files', () => {
  it.each([
    ['https://files.slack.com/files-pri/T1-F1/cat.png', true],
    ['http://files.slack.com/files-pri/T1-F1/cat.png', false],
    ['https://files.slack.com.evil.example/cat.png', false],
    ['https://files.slack.com@evil.example/cat.png', false],
    ['https://acme.slack.com/?redir=%2Ffiles-pri', false],
  ])('%s: %s', (url, isAllowed) => {
    expect(createAllowedHosts(slackFileHosts).allows(new URL(url))).toBe(isAllowed);
  });
});
