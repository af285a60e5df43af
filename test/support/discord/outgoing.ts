import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { postKeys } from '../../../src/app/deps.ts';
import { createDiscordMessages, type DiscordMessages } from '../../../src/chat/discord/discord-messages.ts';
import { encodeReplyContext, type ReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { createDiscordRest } from '../../../src/chat/discord/rest-options.ts';
import { madeAt } from '../../../src/chat/discord/snowflake.ts';
import type { BlobId, JobId, ReplyTarget } from '../../../src/domain/job.ts';
import type { MessageBody, MessageContent } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import type { InteractionContext } from './driver/asked.ts';
import type { Place } from './driver/place.ts';
import type { FakeDiscord } from './fake-discord.ts';
import { startFake } from './start-fake.ts';
import { overwriteCommands } from './state/commands.ts';
import { quietTraffic } from './traffic.ts';

export const render = 'aBcDeFgHiJkLmNoPqRsTuV' as JobId;
export const keys = postKeys(render);

/** Files by their content, in memory. */
export const createMemoryFiles = () => {
  const files = new Map<BlobId, Uint8Array>();
  return {
    put: (bytes: Uint8Array): BlobId => {
      const id = createHash('sha256').update(bytes).digest('hex') as BlobId;
      files.set(id, bytes);
      return id;
    },
    get: async (id: BlobId): Promise<Uint8Array | undefined> => files.get(id),
  };
};

export const openDiscordChat = (
  fake: FakeDiscord,
  files: ReturnType<typeof createMemoryFiles>,
): DiscordMessages => {
  const traffic = quietTraffic(fake);
  const { rest, strays, close } = createDiscordRest({ token: fake.token, api: fake.restApi, traffic });
  const messages = createDiscordMessages({
    rest,
    strays,
    blobs: files,
    clock: traffic.time.clock,
    log: { warn: () => {} },
    fileHosts: [`http://${fake.cdnHost}`],
  });
  return {
    ...messages,
    close: async () => {
      await messages.close();
      await close();
    },
  };
};

/** Commands of the right names, so that people can use them. */
export const registerCommands = (fake: FakeDiscord): void => {
  overwriteCommands(fake.core, [
    { name: 'gramzoom', description: 'zoom', contexts: [0, 1, 2], integration_types: [0, 1] },
  ]);
};

/** Where an answer goes, as the adapter's other half would say it. */
export const placeOf = (
  fake: FakeDiscord,
  where: {
    readonly channel: Pick<Place, 'id' | 'guildId'>;
    readonly user: string;
    readonly asked?: InteractionContext;
  },
  changes: Partial<ReplyContext> = {},
): ReplyContext => ({
  channel: where.channel.id,
  guild: where.channel.guildId,
  user: where.user,
  locale: 'en-US',
  replyTo: null,
  interaction: where.asked
    ? {
        id: where.asked.id,
        application: fake.applicationId,
        token: where.asked.token,
        createdAt: madeAt(where.asked.id),
      }
    : null,
  isGuest: false,
  canOpenThread: where.channel.guildId !== null,
  canReact: true,
  isSpoiler: false,
  maxFileBytes: 10 * 2 ** 20,
  ...changes,
});

export const targetOf = (...parameters: Parameters<typeof placeOf>): ReplyTarget =>
  encodeReplyContext(placeOf(...parameters));

/** A message with these words; the rest as the use cases would say it. */
export const saying = (body: MessageBody, changes: Partial<MessageContent> = {}): MessageContent => ({
  subject: renderSubject(render),
  body,
  attachments: [],
  actions: ['cancel'],
  mentionsRequester: false,
  ...changes,
});

export const fetching = saying({ kind: 'fetching' });
export const cancelled = saying({ kind: 'cancelled' }, { actions: ['delete'] });
export const running = (framesDone: number): MessageContent =>
  saying({
    kind: 'running',
    renderKind: 'zoom',
    progress: { done: framesDone, total: 8, unit: 'frame' },
    share: framesDone / 8,
    etaSeconds: null,
  });

/** A guild with a channel, somebody in it, and the bot's outgoing half. */
export const outgoingScene = async (options: Parameters<typeof startFake>[0] = {}) => {
  const fake = await startFake(options);
  registerCommands(fake);
  const ann = fake.person('ann', { installed: true });
  const guild = fake.guild({ members: [ann] });
  const channel = guild.channel('art');
  const files = createMemoryFiles();
  const open = () => {
    const opened = openDiscordChat(fake, files);
    onTestFinished(opened.close);
    return opened;
  };
  const { chat } = open();

  const film = (bytes: Uint8Array = Buffer.from('GIF89a')): MessageContent =>
    saying(
      {
        kind: 'result',
        renderKind: 'zoom',
        seed: 7,
        network: 'pocket',
        depth: 'style',
        quality: 'draft',
        sides: { width: 64, height: 64 },
        parent: null,
        bytes: bytes.byteLength,
        renderSeconds: 2,
      },
      {
        attachments: [{ blob: files.put(bytes), name: 'gramzoom-7.gif', format: 'gif', alt: 'cat.jpg' }],
        actions: ['reroll', 'larger', 'download', 'delete'],
        mentionsRequester: true,
      },
    );

  const picture = (framesDone: number): MessageContent =>
    saying(
      {
        kind: 'progress',
        renderKind: 'zoom',
        progress: { done: framesDone, total: 8, unit: 'frame' },
        seed: 7,
        network: 'pocket',
        parent: null,
      },
      {
        attachments: [
          {
            blob: files.put(Buffer.from(`a picture of frame ${framesDone}`)),
            name: `frame-00${framesDone}.jpg`,
            format: 'jpeg',
            alt: 'cat.jpg',
          },
        ],
        actions: [],
      },
    );

  /** Somebody uses the command. */
  const ask = async (changes: Partial<ReplyContext> = {}) => {
    const asked = await ann.command('gramzoom', {}, { in: channel });
    return { asked, target: targetOf(fake, { channel, user: ann.id, asked }, changes) };
  };

  return { fake, ann, guild, channel, files, chat, open, film, picture, ask };
};

export type OutgoingScene = Awaited<ReturnType<typeof outgoingScene>>;

/** A render that has been answered, and the thread under its answer. */
export const answeredScene = async () => {
  const scene = await outgoingScene();
  const { asked, target } = await scene.ask();
  const answer = await scene.chat.send(target, fetching, { key: keys.answer });
  const thread = await scene.chat.openThread(answer, 'cat.jpg');
  const place = () => {
    const [found] = scene.channel.threads();
    if (!found) throw new Error('no thread');
    return found;
  };
  const films = () =>
    [...place().messages(), ...scene.channel.messages()].filter(({ files }) =>
      files.some(({ name }) => name.endsWith('.gif')),
    );
  return { ...scene, asked, target, answer, thread, place, films };
};
