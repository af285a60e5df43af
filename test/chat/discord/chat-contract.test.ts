import { PermissionFlagsBits } from 'discord-api-types/v10';
import { encodeAttachment } from '../../../src/chat/discord/attachment-ref.ts';
import { draftMessage } from '../../../src/chat/discord/message-draft.ts';
import { channelAndMessage, decodeCredentials } from '../../../src/chat/discord/reply-context.ts';
import type { ReplyTarget } from '../../../src/domain/job.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { type ChatHarness, describeChat } from '../../contract/chat.ts';
import { createMemoryFiles } from '../../support/contents.ts';
import { invitedPermissions } from '../../support/discord/driver/guild-handle.ts';
import type { MessageView } from '../../support/discord/driver/message-view.ts';
import type { Person } from '../../support/discord/driver/person.ts';
import type { Place } from '../../support/discord/driver/place.ts';
import { createFakeDiscord, type FakeDiscord } from '../../support/discord/fake-discord.ts';
import { openDiscordChat, registerCommands, targetOf } from '../../support/discord/outgoing.ts';
import { noLimits } from '../../support/discord/rest/rate-limits.ts';

type Scene = { readonly fake: FakeDiscord; readonly ann: Person; readonly channel: Place };

/** Moments are told to the second, which may have passed. */
const timeless = (text: string): string => text.replaceAll(/<t:\d+:R>/g, 'then');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const looks = (parts: {
  readonly text: string;
  readonly labels: readonly string[];
  readonly files: readonly (readonly [Uint8Array, string | null])[];
}): string =>
  JSON.stringify({
    ...parts,
    text: timeless(parts.text),
    files: parts.files.map(([bytes, alt]) => [hex(bytes), alt]),
  });

const looksOfView = ({ content, buttons, files }: MessageView): string =>
  looks({
    text: content,
    labels: buttons.map(({ label }) => label),
    files: files.map(({ bytes, description }) => [bytes, description]),
  });

/** The chat in a place that people ask in, each in their way. */
const openIn = async (
  ask: (scene: Scene) => Promise<ReplyTarget>,
  { isServer = true }: { readonly isServer?: boolean } = {},
): Promise<ChatHarness> => {
  const fake = await createFakeDiscord({ rateLimits: noLimits });
  registerCommands(fake);
  const ann = fake.person('ann');
  const guild = fake.guild({ members: [ann] });
  const scene: Scene = { fake, ann, channel: guild.channel('art') };
  guild.setBotPermissions(invitedPermissions | PermissionFlagsBits.ManageRoles);
  const free = guild.role('champion');
  const closed = guild.role('queen', { isHighest: true });
  const files = createMemoryFiles();
  const { chat: inner, close } = openDiscordChat(fake, files);
  const contents: MessageContent[] = [];
  const chat: Chat = {
    ...inner,
    send: (target, content, options) => {
      contents.push(content);
      return inner.send(target, content, options);
    },
    edit: (message, content) => {
      contents.push(content);
      return inner.edit(message, content);
    },
  };
  return {
    chat,
    target: await ask(scene),
    refuseNext: (what, how) => {
      const message = '/channels/{channel_id}/messages/{message_id}';
      const requests = {
        send: { method: 'POST', path: '/channels/{channel_id}/messages' },
        edit: { method: 'PATCH' },
        openThread: { method: 'POST', path: `${message}/threads` },
      } as const;
      if (how === 'lasting') fake.faults.refuse(50_035, requests[what]);
      else fake.faults.page(403, requests[what]);
    },
    goneTarget: async () => {
      const gone = guild.channel('gone');
      const target = targetOf(fake, { channel: gone, user: ann.id });
      gone.delete();
      return target;
    },
    attach: async (bytes) => {
      const { files: sent } = await ann.say(scene.channel, '', { files: [{ name: 'cat.png', bytes }] });
      return encodeAttachment({ url: sent[0]?.url ?? '', bytes: bytes.length, name: 'cat.png' });
    },
    storeFile: async (bytes) => files.put(bytes),
    isPinned: async (ref) => {
      const { channel: id, message } = channelAndMessage(ref);
      return fake.place(id).message(message)?.pinned ?? false;
    },
    people: { member: ann.id, stranger: fake.person('zoe').id },
    roles: isServer
      ? { free, closed, isGiven: async () => guild.rolesOf(ann).filter((id) => id === free).length === 1 }
      : null,
    read: async (ref) => {
      const { channel, message } = channelAndMessage(ref);
      const view = fake.place(channel).message(message);
      if (!view) return undefined;
      const { place, role } = decodeCredentials(ref);
      for (const content of contents) {
        const { mentionsRequester } = content;
        const options = { place, role, mentionsRequester, isNew: true, now: fake.clock.wallTime() };
        const { body, files: sent } = await draftMessage(content, files, options);
        const expected = looks({
          text: body.content,
          labels: body.components.flatMap(({ components }) =>
            components.map((button) => ('label' in button ? (button.label ?? '') : '')),
          ),
          files: sent.map(({ data }, index) => [
            data as Uint8Array,
            body.attachments[index]?.description ?? null,
          ]),
        });
        if (looksOfView(view) === expected) return content;
      }
      throw new Error(`nobody said this: ${looksOfView(view)}`);
    },
    close: async () => {
      await close();
      await fake.close();
      if (fake.violations.length > 0) throw new Error(JSON.stringify(fake.violations));
    },
  };
};

describeChat('Discord as a chat, asked by a command', () =>
  openIn(async ({ fake, ann, channel }) => {
    const asked = await ann.command('gramzoom', {}, { in: channel });
    return targetOf(fake, { channel, user: ann.id, asked });
  }),
);

describeChat('Discord as a chat, asked by a mention', () =>
  openIn(async ({ fake, ann, channel }) => {
    const { id: replyTo } = await ann.say(channel, 'zoom', { mention: true });
    return targetOf(fake, { channel, user: ann.id }, { replyTo });
  }),
);

describeChat('Discord as a chat, in direct messages', () =>
  openIn(
    async ({ fake, ann }) => {
      const channel = ann.dm();
      const { id: replyTo } = await ann.say(channel, 'zoom');
      return targetOf(fake, { channel, user: ann.id }, { replyTo });
    },
    { isServer: false },
  ),
);
