/** What a bot has said of a contest on a fake Slack. */
import type { AnyBlock } from '@slack/types';
import type { Post, StoryStage } from './contest-story.ts';
import type { FakeSlack } from './slack/fake-slack.ts';
import type { Person } from './slack/person.ts';
import { type MessageView, type Place, wordsOf } from './slack/place.ts';

const headlines: readonly (readonly [RegExp, Post['role']])[] = [
  [/: the results/, 'results'],
  [/🏆 Contest:/, 'announcement'],
  [/🖼️ .*: the films/, 'gallery'],
  [/📣 /, 'beginning'],
  [/🔔 /, 'reminder'],
  [/^\W*\d\w\w place.*: .*, \d+ points?/, 'winner'],
];

/** Names of the files that are shown in blocks. */
const shownFiles = ({ state }: FakeSlack, blocks: readonly AnyBlock[]): readonly string[] =>
  blocks.flatMap((block) => {
    const { id = '' } = ('slack_file' in block ? block.slack_file : {}) as { readonly id?: string };
    return state.files.get(id)?.name ?? [];
  });

/** What the bot has written to somebody alone, but for forms. */
export const lettersTo = ({ ephemerals, direct }: Person): readonly string[] => {
  const letters = [...ephemerals, ...direct.all().filter(({ isBot }) => isBot)];
  return letters.map(({ text, blocks }) => wordsOf(blocks) || text);
};

/** The moments that a text shows in everybody's own time, in milliseconds since 1970. */
export const momentsIn = (text: string): readonly number[] =>
  [...text.matchAll(/<!date\^(\d+)\^/g)].map(([, seconds]) => 1000 * Number(seconds));

/** @param options.place where the contest is announced */
export const readSlackPosts = (
  fake: FakeSlack,
  { place, persons }: { readonly place: Place; readonly persons: ReadonlyMap<number, Person> },
) => {
  const roleOf = (words: string): Post['role'] | undefined =>
    headlines.find(([headline]) => headline.test(words))?.[1];
  const announcement = (): MessageView => {
    const found = place.messages().find(({ isBot, words }) => isBot && roleOf(words) === 'announcement');
    if (!found) throw new Error('no announcement');
    return found;
  };

  const postOf = (message: MessageView, thread: string | undefined): Post | undefined => {
    const { words: text, blocks } = message;
    const files = [...message.files.map(({ name }) => name), ...shownFiles(fake, blocks)];
    const isFilm = files.some((name) => name.endsWith('.gif'));
    const isReel = thread !== undefined && message.thread === thread && isFilm;
    const role = roleOf(text) ?? (isReel ? 'reel' : undefined);
    if (!role || !message.isBot) return undefined;
    const calls = [...persons].flatMap(([who, { mention }]) => (text.includes(mention) ? [who] : []));
    return { role, text, files, calls, at: Number(message.ts) * 1000 };
  };

  const posts = (): readonly Post[] => {
    const all = place.all();
    const thread = all.find(({ isBot, words }) => isBot && roleOf(words) === 'announcement')?.ts;
    return all.flatMap((message) => postOf(message, thread) ?? []);
  };

  // What is changed or closed was read all the same.
  const read: { readonly to: number | null; readonly text: string }[] = [];
  const known = new WeakSet<object>();
  const readOnce = (blocks: readonly AnyBlock[], { to, text }: (typeof read)[number]): void => {
    if (known.has(blocks)) return;
    known.add(blocks);
    read.push({ to, text: `${text}\n${wordsOf(blocks)}` });
  };
  const numberOf = (user: string): number | undefined => [...persons].find(([, { id }]) => id === user)?.[0];
  const look = (): void => {
    const { modals, ephemerals, channels } = fake.state;
    for (const { text, blocks, bot } of place.channel.messages.values()) {
      if (bot !== null && roleOf(wordsOf(blocks))) readOnce(blocks, { to: null, text });
    }
    for (const { user, view } of modals) {
      const to = numberOf(user);
      if (to !== undefined) readOnce(view.blocks, { to, text: '' });
    }
    for (const { user, text, blocks } of ephemerals) {
      const to = numberOf(user);
      if (to !== undefined) readOnce(blocks, { to, text });
    }
    for (const { kind, members, messages } of channels.values()) {
      if (kind !== 'im') continue;
      const to = [...members].flatMap((user) => numberOf(user) ?? [])[0];
      if (to === undefined) continue;
      for (const { text, blocks, bot } of messages.values()) if (bot !== null) readOnce(blocks, { to, text });
    }
  };
  fake.state.onChange(look);
  return { posts, announcement, shown: (): ReturnType<StoryStage['shown']> => read };
};
