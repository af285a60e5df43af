import { encodeAttachment } from '../../../src/chat/slack/attachment-ref.ts';
import { draftMessage } from '../../../src/chat/slack/message-draft.ts';
import { channelAndTs, decodeCredentials } from '../../../src/chat/slack/place.ts';
import type { ReplyTarget } from '../../../src/domain/job.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { type ChatHarness, describeChat } from '../../contract/chat.ts';
import { buttonsOf, type MessageView, wordsOf } from '../../support/slack/place.ts';
import { outgoingScene, targetOf } from '../../support/slack-outgoing.ts';

type Scene = Awaited<ReturnType<typeof outgoingScene>>;

/** Moments are told to the second, which may have passed. */
const timeless = (text: string): string => text.replaceAll(/<!date\^\d+[^>]*>/g, 'then');

const looks = (parts: Pick<MessageView, 'words' | 'buttons'>, files: readonly Uint8Array[]): string =>
  JSON.stringify({
    words: timeless(parts.words),
    labels: parts.buttons.map(({ label }) => label),
    files: files.map((bytes) => Buffer.from(bytes).toString('hex')),
  });

/** The chat in a place that people ask in, each in their way. */
const openIn = async (ask: (scene: Scene) => ReplyTarget): Promise<ChatHarness> => {
  const scene = await outgoingScene();
  const { fake, team, ann, channel, files, chat: inner } = scene;
  const gone = { ...fake.state.users.get(ann.id)!, id: 'UGONE', isDeleted: true };
  fake.state.users.set(gone.id, gone);
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
    target: ask(scene),
    refuseNext: (what, how) => {
      const method = {
        send: 'chat.postMessage',
        edit: 'chat.update',
        openThread: 'conversations.replies',
      }[what];
      if (how === 'lasting') fake.faults.error(method, 'restricted_action');
      else fake.faults.htmlPage(method);
    },
    goneTarget: async () => {
      const gone = team.channel('gone', { members: [ann], isPrivate: true });
      gone.kick(team.installation.botUser);
      return targetOf(team, { channel: gone, user: ann });
    },
    attach: async (bytes) => {
      const [file] = ann.say(channel, 'my cat', { files: [{ name: 'cat.png', bytes }] }).files;
      const url = `${fake.origin}/files-pri/${team.id}-${file!.id}/cat.png`;
      const { tenant } = team.installation;
      return encodeAttachment({ tenant, file: file!.id, url, bytes: bytes.length, name: 'cat.png' });
    },
    storeFile: async (bytes) => files.put(bytes),
    isPinned: async (ref) => {
      const { channel: id, ts } = channelAndTs(ref);
      return fake.place(id).message(ts)?.isPinned ?? false;
    },
    people: { member: `${team.id}/${ann.id}`, stranger: `${team.id}/${gone.id}` },
    roles: null,
    read: async (ref) => {
      const { channel: id, ts } = channelAndTs(ref);
      const view = fake.place(id).message(ts);
      if (!view) return undefined;
      const { place, role } = decodeCredentials(ref);
      for (const content of contents) {
        const { blocks } = draftMessage(content, { place, role, now: fake.clock.wallTime() });
        const stored = await Promise.all(content.attachments.map(({ blob }) => files.get(blob)));
        const expected = looks(
          { words: wordsOf(blocks), buttons: buttonsOf(blocks) },
          stored.flatMap((bytes) => bytes ?? []),
        );
        const shown = looks(
          view,
          view.files.map(({ bytes }) => bytes),
        );
        if (shown === expected) return content;
      }
      throw new Error(`nobody said this: ${JSON.stringify(view)}`);
    },
    close: async () => {},
  };
};

describeChat('Slack as a chat, in a channel', () =>
  openIn(({ team, ann, channel }) => targetOf(team, { channel, user: ann })),
);

describeChat('Slack as a chat, in direct messages', () =>
  openIn(({ team, ann }) => targetOf(team, { channel: ann.direct, user: ann })),
);
