/** What a bot has said of a contest on a fake Discord. */
import type { Post, StoryStage } from './contest-story.ts';
import type { MessageView } from './discord/driver/message-view.ts';
import type { Person } from './discord/driver/person.ts';
import type { Place } from './discord/driver/place.ts';
import type { FakeDiscord } from './discord/fake-discord.ts';
import { shown } from './discord-stage.ts';

const headlines: readonly (readonly [RegExp, Post['role']])[] = [
  [/: the results/, 'results'],
  [/🏆 Contest:/, 'announcement'],
  [/🖼️ .*: the films/, 'gallery'],
  [/📣 /, 'beginning'],
  [/🔔 /, 'reminder'],
  [/^\W*\d\w\w place.*: .*, \d+ points?/, 'winner'],
];

/** What a message says and has said before. */
export const wordsOf = ({ content, history }: MessageView): readonly string[] => [
  content,
  ...history.map((before) => before.content),
];

/** @param options.place where the contest is announced */
export const readPosts = (
  fake: FakeDiscord,
  { place, persons }: { readonly place: Place; readonly persons: ReadonlyMap<number, Person> },
) => {
  const postOf = (message: MessageView, inThread: boolean): Post | undefined => {
    const text = shown(message);
    const files = message.files.map(({ name }) => name);
    const role =
      headlines.find(([headline]) => headline.test(text))?.[1] ??
      (inThread && files.some((name) => name.endsWith('.gif')) ? 'reel' : undefined);
    if (!role || !message.byBot) return undefined;
    const calls = [...persons].flatMap(([who, { name }]) => (message.pinged.includes(name) ? [who] : []));
    return { role, text, files, calls, at: message.at };
  };
  const announcement = (): MessageView => {
    const found = place.messages().find((message) => postOf(message, false)?.role === 'announcement');
    if (!found) throw new Error('no announcement');
    return found;
  };
  const thread = () => {
    const { threadId } = announcement();
    return threadId === null ? undefined : fake.place(threadId);
  };
  const messages = (): readonly (readonly [MessageView, boolean])[] => [
    ...place.messages().map((message) => [message, false] as const),
    ...(place.messages().some((message) => postOf(message, false)?.role === 'announcement')
      ? (thread()?.messages() ?? []).map((message) => [message, true] as const)
      : []),
  ];

  const posts = (): readonly Post[] =>
    messages().flatMap(([message, inThread]) => postOf(message, inThread) ?? []);
  const everybodySaw = (): ReturnType<StoryStage['shown']> =>
    messages().flatMap(([message, inThread]) =>
      postOf(message, inThread) ? wordsOf(message).map((text) => ({ to: null, text })) : [],
    );
  return { posts, shown: everybodySaw, announcement, thread };
};
