/**
 * The whole bot on a fake Discord, with real store and queue, in the process of the test. What is said about films and
 * done with them is the same for a quick renderer; a stage can have the real one with its engine.
 */
import { PermissionFlagsBits as Bit, type LocaleString } from 'discord-api-types/v10';
import { expect, onTestFinished } from 'vitest';
import type { InteractionContext } from './discord/driver/asked.ts';
import type { OptionValues } from './discord/driver/command-options.ts';
import type { MessageView } from './discord/driver/message-view.ts';
import type { Person } from './discord/driver/person.ts';
import type { Place } from './discord/driver/place.ts';
import { createFakeDiscord, type FakeDiscordOptions } from './discord/fake-discord.ts';
import { createStagedBot, decodeGif, endless, oneForFile, photoNamed, small } from './staged-bot.ts';

export { endless, photoNamed, small };

export const mebibyte = 2 ** 20;

/** The latest that a moment which Discord shows live can lie ahead, in seconds: nothing here takes longer. */
const furthestSeconds = 3600;

/** Words as Discord shows them: without what keeps them from formatting anything. */
export const shown = ({ content }: Pick<MessageView, 'content'>): string => content.replaceAll('\\', '');

export const gifOf = ({ files }: Pick<MessageView, 'files'>) =>
  files.find(({ name }) => name.endsWith('.gif'));
export const filmOf = (message: MessageView) => {
  const file = gifOf(message);
  if (!file) throw new Error('no film');
  return file;
};
export const isFilm = (message: MessageView): boolean => gifOf(message) !== undefined;

/** What a film's file is, decoded. */
export const decodeFilm = async (message: MessageView) => {
  const { bytes, name, description } = filmOf(message);
  return { ...(await decodeGif(bytes)), name, description };
};

export type StageOptions = FakeDiscordOptions & {
  /** Films come from the engine, as small as they are. */
  readonly hasEngine?: boolean;
  /** How long the bot waits for the answer to a heartbeat, for tests in which days pass at once. */
  readonly heartbeatMs?: number;
};

export const createStage = async ({ hasEngine = false, heartbeatMs, ...options }: StageOptions = {}) => {
  const fake = await createFakeDiscord(options);
  const { folder, log, start, stop, close } = createStagedBot({
    environment: () => ({ DISCORD_TOKEN: fake.token }),
    addresses: {
      discord: {
        ...{ api: fake.restApi, fileHosts: [`http://${fake.cdnHost}`] },
        ...(heartbeatMs !== undefined && { heartbeatMs }),
      },
    },
    ...{ clock: fake.clock, onLog: () => fake.core.changed(), hasEngine },
  });

  const threadUnder = (message: MessageView): Place | undefined =>
    message.threadId === null ? undefined : fake.place(message.threadId);

  const filmsIn = (place: Place): readonly MessageView[] => place.messages().filter(isFilm);

  const server = (locale: LocaleString = 'en-US') => {
    const [ann, bea, cyd, mod] = ['ann', 'bea', 'cyd', 'mod'].map((name) =>
      fake.person(name, { locale }),
    ) as [Person, Person, Person, Person];
    const guild = fake.guild({ locale, members: [ann, bea, cyd] });
    guild.add(mod, Bit.ManageMessages);
    return { ann, bea, cyd, mod, guild, place: guild.channel('art') };
  };

  const told = (asked: InteractionContext): Promise<MessageView> =>
    fake.waitFor('the private answer', () => asked.reply?.loading === false && asked.reply);

  /** Presses an answer's cancel button, where it is still there. */
  const cancel = async (person: Person, answer: MessageView): Promise<void> => {
    const button = answer.buttons.find(({ customId }) => customId?.startsWith('gz1:cancel:'));
    if (button?.customId) await told(person.press(answer, button.customId));
  };

  const gramzoom = async (
    person: Person,
    place: Pick<Place, 'id'>,
    values: OptionValues = {},
  ): Promise<{ readonly asked: InteractionContext; readonly answer: () => MessageView }> => {
    const options = { photo: await photoNamed(), ...small, ...values };
    const asked = await person.command('gramzoom', options, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const answer = (): MessageView => {
      const { reply } = asked;
      if (!reply) throw new Error('the answer is gone');
      return reply;
    };
    // However a test ends, the next one finds the renderer free.
    const { frames } = values;
    if (frames === endless.frames) onTestFinished(() => cancel(person, answer()));
    return { asked, answer };
  };

  return {
    fake,
    folder,
    log,
    start: async () => {
      const bot = await start();
      await fake.waitFor('the commands', () => fake.commands.global.size > 0);
      return bot;
    },
    stop,
    close: async (): Promise<void> => {
      await close();
      await fake.close();
    },
    threadUnder,
    filmsIn,
    /** A server with a channel and people in it; all of them new, so that no limit holds from before. */
    server,
    /** Somebody types `/gramzoom`; resolves with the answer that everybody sees. */
    gramzoom,
    /** An answer that only one person sees, once it is whole. */
    told,
    /** Somebody else's render that keeps the renderer busy until it is ended, at the latest when the test is over. */
    busy: async (): Promise<{ end(): Promise<void> }> => {
      const { ann, place } = server();
      const { answer } = await gramzoom(ann, place, endless);
      await fake.waitFor('it to render', () => /^(?:Painting|Frame)/.test(answer().content));
      return { end: () => cancel(ann, answer()) };
    },
    /** The thread under an answer, once it is there. */
    thread: (answer: () => MessageView): Promise<Place> =>
      fake.waitFor('the thread', () => threadUnder(answer())),
    /** The newest film in a place, once there are so many. */
    film: (place: Place, { count = 1 }: { readonly count?: number } = {}): Promise<MessageView> =>
      fake.waitFor(`${count} film(s) in ${place.name || 'a dm'}`, () => filmsIn(place)[count - 1]),
    /** Seconds from now to the moment that a text shows live. */
    momentIn: (text: string): number => {
      const [, at] = /<t:(\d+):R>/.exec(text) ?? [];
      const seconds = Number(at) - fake.clock.wallTime() / 1000;
      expect(Math.abs(seconds), text).toBeLessThan(furthestSeconds);
      return seconds;
    },
  };
};

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** See `oneForFile`. */
export const stageForFile = (options: StageOptions = {}): { readonly current: Stage } =>
  oneForFile(() => createStage(options));
