import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { type ReminderMoment, reminderMoments } from '../../../domain/contest/post.ts';
import { isRefused } from '../../retry.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { rewrite } from '../outbox.ts';
import { factsOf } from './contest-facts.ts';
import { directPass } from './direct-pass.ts';
import { contestMessage } from './posts.ts';

const readRole = (role: string) => {
  const [, ends, left] = /^remind-(entering|voting)-([a-z]+)-/.exec(role) ?? [];
  const isKnown = (reminderMoments as readonly string[]).includes(left ?? '');
  return isKnown ? { ends: ends as 'entering' | 'voting', left: left as ReminderMoment } : null;
};

/**
 * Takes the names out of the reminders of a contest, since somebody in them was forgotten. Those who are named beside
 * them have been reminded.
 */
export const unnameFollowers = async (coordinator: Coordinator, contest: Contest): Promise<Performed> => {
  const { log, store } = coordinator.deps;
  const posts = await store.outbox.ofSubject(contestSubject(contest.id));
  const facts = await factsOf(coordinator, contest);
  const pass = directPass(coordinator, contest, async () => true);
  for (const { role, key, message } of posts) {
    const reminder = readRole(role);
    if (!reminder || !message) continue;
    const does = reminder.ends === 'entering' ? 'enter' : 'vote';
    const post = { kind: 'reminder', contest: facts, ...reminder, followers: [] } as const;
    const actions = reminder.ends === contest.phase ? ([does, 'follow'] as const) : [];
    const content = contestMessage(contest, post, { actions });
    try {
      await rewrite(pass, message, { key, content });
    } catch (error) {
      if (!isRefused(error)) throw error;
      log.forJob(pass.subject).info('contest: a reminder could not be changed', { key, error });
    }
  }
  return 'done';
};
