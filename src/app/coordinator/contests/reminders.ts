import { Semaphore } from '../../../concurrency/semaphore.ts';
import type { Contest } from '../../../domain/contest/contest.ts';
import { type ContestReminder, lateMs, remindersOf } from '../../../domain/contest/moments.ts';
import type { NamedPerson } from '../../../domain/contest/post.ts';
import type { ReplyTarget } from '../../../domain/job.ts';
import type { Chat } from '../../../ports/chat.ts';
import { isRefused } from '../../retry.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { type MessagePass, StaleSubject, sayOnce } from '../outbox.ts';
import { factsOf } from './contest-facts.ts';
import { directPass } from './direct-pass.ts';
import { announcementRole, contestKey } from './post-keys.ts';
import { contestMessage } from './posts.ts';
import { threadOf } from './thread-of.ts';

/** So many people are named in one message, and in one turn: whatever else is due waits no longer. */
const mostNamed = 40;
/** Of so many at a time it is asked whether they are still there. */
const askedAtOnce = 5;

/** An end that was moved has reminders of its own; a phase begins once. */
const roleOf = ({ ends, left, at, end }: ContestReminder, page: number): string => {
  const moment = Math.floor((left === 'begins' ? at : end) / 60_000).toString(36);
  return `remind-${ends}-${left}-${moment}${page === 0 ? '' : `-${page + 1}`}`;
};

/** Those of them who are still there. */
const stillThere = async (
  { deadline }: Coordinator,
  people: readonly NamedPerson[],
  { chat, home }: { readonly chat: Chat; readonly home: ReplyTarget },
): Promise<readonly NamedPerson[]> => {
  const turns = new Semaphore(askedAtOnce);
  const are = await Promise.all(
    people.map(({ user }) => turns.run(() => chat.isMember(home, user), { signal: deadline.signal })),
  );
  return people.filter((_, index) => are[index]);
};

/**
 * Says the next message of a reminder that is not said yet: each names some of those who follow. Where all of them have
 * left, the first is said all the same.
 * @returns whether it was the last
 */
const sayNext = async (
  coordinator: Coordinator,
  contest: Contest,
  { reminder, pass }: { readonly reminder: ContestReminder; readonly pass: MessagePass },
): Promise<boolean> => {
  const { contests, outbox } = coordinator.deps.store;
  const { chat, home } = pass;
  const following = await contests.followers(contest.id);
  const pages = Math.max(1, Math.ceil(following.length / mostNamed));
  for (let page = 0; page < pages; page++) {
    const key = contestKey(contest, roleOf(reminder, page));
    if (await outbox.get(key)) continue;
    const named = following.slice(page * mostNamed, (page + 1) * mostNamed);
    const followers = await stillThere(coordinator, named, { chat, home });
    if (page > 0 && followers.length === 0) continue;
    const { ends, left } = reminder;
    const content = contestMessage(
      contest,
      { kind: 'reminder', contest: await factsOf(coordinator, contest), ends, left, followers },
      {
        actions: ends === 'entering' ? ['enter', 'follow'] : ['vote', 'follow'],
        ...(followers.length > 0 && { mentions: followers.map(({ user }) => user) }),
      },
    );
    await sayOnce(pass, await threadOf(coordinator, contest), { key, content });
    return page === pages - 1;
  }
  return true;
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
  // After a crash right behind its start nothing may have been said yet: what it is about comes first.
  if (!(await store.outbox.get(contestKey(contest, announcementRole))))
    await coordinator.messageSync.runNow(pass.subject);
  try {
    if (!(await sayNext(coordinator, contest, { reminder, pass }))) return 'later';
  } catch (error) {
    if (error instanceof StaleSubject) return 'later';
    if (!isRefused(error)) throw error;
    log.forJob(pass.subject).warn('contest: a reminder was refused', { error });
  }
  return 'done';
};
