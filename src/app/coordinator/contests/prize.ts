import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import type { ContestPost } from '../../../domain/contest/post.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { subjectText } from '../../../domain/subject.ts';
import { isTransient } from '../../retry.ts';
import type { Coordinator } from '../coordinator.ts';
import { isNoted, note } from './ledger.ts';
import { winningFilms } from './winners.ts';

type Prize = Extract<ContestPost, { readonly kind: 'results' }>['prize'];

const outcomes = ['given', 'not-allowed', 'gone'] as const satisfies readonly Prize[];
const noteOf = (outcome: Prize): string => `prize-${outcome}`;

/** What became of the prize role. */
export const prizeOf = async (coordinator: Coordinator, contest: Contest): Promise<Prize> => {
  for (const outcome of outcomes) if (await isNoted(coordinator, contest, noteOf(outcome))) return outcome;
  return 'none';
};

/** Gives it to everybody on the first place: to each the same, so that it does not matter who has it already. */
const give = async (coordinator: Coordinator, contest: Contest, role: string): Promise<Prize> => {
  const { deps } = coordinator;
  const { home, id } = contest;
  const chat = deps.chats.get(home.platform);
  if (!chat) throw new GramzoomError('chat-unreachable', { platform: home.platform, reason: null });
  let outcome: Prize = 'gone';
  for (const { score, entry } of await winningFilms(coordinator, contest)) {
    if (score.place !== 1 || !entry || entry.user === '') continue;
    try {
      await chat.giveRole(home, { user: entry.user, role });
      if (outcome === 'gone') outcome = 'given';
    } catch (error) {
      if (!(error instanceof GramzoomError) || isTransient(error)) throw error;
      deps.log.forJob(subjectText(contestSubject(id))).warn('contest: the prize was not given', { error });
      if (error.code !== 'chat-gone') outcome = 'not-allowed';
    }
  }
  return outcome;
};

/** Gives the prize role, once. @throws GramzoomError `chat-unreachable` where it may work later */
export const givePrize = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  const { prize } = contest.rules;
  if (!prize || (await prizeOf(coordinator, contest)) !== 'none') return;
  await note(coordinator, contest, noteOf(await give(coordinator, contest, prize.id)));
};
