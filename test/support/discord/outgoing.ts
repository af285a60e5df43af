import { onTestFinished } from 'vitest';
import { createDiscordMessages, type DiscordMessages } from '../../../src/chat/discord/discord-messages.ts';
import { encodeReplyContext, type ReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { createDiscordRest } from '../../../src/chat/discord/rest-options.ts';
import { madeAt } from '../../../src/chat/discord/snowflake.ts';
import type { ReplyTarget } from '../../../src/domain/job.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import { createMemoryFiles, fetching, filmOf, keys, type MemoryFiles, pictureOf } from '../contents.ts';
import type { InteractionContext } from './driver/asked.ts';
import type { Place } from './driver/place.ts';
import type { FakeDiscord } from './fake-discord.ts';
import { startFake } from './start-fake.ts';
import { overwriteCommands } from './state/commands.ts';
import { quietTraffic } from './traffic.ts';

export const openDiscordChat = (fake: FakeDiscord, files: MemoryFiles): DiscordMessages => {
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

  const film = (bytes?: Uint8Array): MessageContent => filmOf(files, bytes);
  const picture = (framesDone: number): MessageContent => pictureOf(files, framesDone);

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
