import type { Contest } from '../../../domain/contest/contest.ts';
import { type ContestReminder, lateMs, remindersOf } from '../../../domain/contest/moments.ts';
import type { NamedPerson } from '../../../domain/contest/post.ts';
import type { Chat } from '../../../ports/chat.ts';
import { isRefused } from '../../retry.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { type MessagePass, StaleSubject, sayOnce } from '../outbox.ts';
import { factsOf } from './contest-facts.ts';
import { directPass } from './direct-pass.ts';
import { contestKey } from './post-keys.ts';
import { contestMessage } from './posts.ts';
import { threadOf } from './thread-of.ts';

/** So many people are named in one message. */
const mostNamed = 40;

/** An end that was moved has reminders of its own. */
const roleOf = ({ ends, left, end }: ContestReminder, page: number): string =>
  `remind-${ends}-${left}-${Math.floor(end / 60_000).toString(36)}${page === 0 ? '' : `-${page + 1}`}`;

/** Who wants to be reminded and is still there. */
const followersOf = async (
  { deps }: Coordinator,
  { id, home }: Contest,
  chat: Chat,
): Promise<readonly NamedPerson[]> => {
  const followers: NamedPerson[] = [];
  for (const person of await deps.store.contests.followers(id)) {
    if (await chat.isMember(home, person.user)) followers.push(person);
  }
  return followers;
};

const pagesOf = (followers: readonly NamedPerson[]): readonly (readonly NamedPerson[])[] => {
  const pages = Math.max(1, Math.ceil(followers.length / mostNamed));
  return Array.from({ length: pages }, (_, page) =>
    followers.slice(page * mostNamed, (page + 1) * mostNamed),
  );
};

const say = async (
  coordinator: Coordinator,
  contest: Contest,
  { reminder, pass }: { readonly reminder: ContestReminder; readonly pass: MessagePass },
): Promise<void> => {
  const facts = await factsOf(coordinator, contest);
  const places = await threadOf(coordinator, contest);
  const { ends, left } = reminder;
  const pages = pagesOf(await followersOf(coordinator, contest, pass.chat));
  for (const [page, followers] of pages.entries()) {
    const content = contestMessage(
      contest,
      { kind: 'reminder', contest: facts, ends, left, followers },
      {
        actions: ends === 'entering' ? ['enter', 'follow'] : ['vote', 'follow'],
        ...(followers.length > 0 && { mentions: followers.map(({ user }) => user) }),
      },
    );
    await sayOnce(pass, places, { key: contestKey(contest, roleOf(reminder, page)), content });
  }
};

/** Says a reminder that is due, once, in the contest's thread; none that comes too late. */
export const remind = async (
  coordinator: Coordinator,
  contest: Contest,
  { ends, left }: Pick<ContestReminder, 'ends' | 'left'>,
): Promise<Performed> => {
  const { clock, store, log } = coordinator.deps;
  const isNow = ({ at, end }: ContestReminder): boolean => {
    const now = clock.wallTime();
    return now >= at && now < Math.min(at + lateMs, end);
  };
  const reminder = remindersOf(contest).find((each) => each.ends === ends && each.left === left);
  if (!reminder || !isNow(reminder)) return 'done';
  const isCurrent = async (): Promise<boolean> =>
    isNow(reminder) && (await store.contests.get(contest.id))?.version === contest.version;
  const pass = directPass(coordinator, contest, isCurrent);
  try {
    await say(coordinator, contest, { reminder, pass });
  } catch (error) {
    if (error instanceof StaleSubject) return 'later';
    if (!isRefused(error)) throw error;
    log.forJob(pass.subject).warn('contest: a reminder was refused', { error });
  }
  return 'done';
};
