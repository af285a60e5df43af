import type { ContestPhase } from '../domain/contest/phase.ts';
import { openPhases } from '../domain/contest/phase.ts';
import type { Origin } from '../domain/job.ts';
import { forgottenUser } from './forgotten-user.ts';
import type { Database } from './tables.ts';

/** Contests of the person's platform that are in an open phase, or all of them. */
const contestsOf = (transaction: Database, { platform }: Origin, phases?: readonly ContestPhase[]) =>
  transaction
    .selectFrom('contests')
    .select('contests.id')
    .where('contests.platform', '=', platform)
    .$if(phases !== undefined, (query) => query.where('contests.phase', 'in', phases ?? []));

/** The contest has no name in the place of its host's, and what it told the host alone is not noted any more. */
const forgetHost = async (transaction: Database, person: Origin): Promise<readonly string[]> => {
  const rows = await contestsOf(transaction, person).where('contests.user_id', '=', person.user).execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  const contests = transaction.updateTable('contests').set({ user_id: '', host_name: '' });
  await contests.where('id', 'in', ids).execute();
  await transaction
    .deleteFrom('outbox')
    .where('subject_kind', '=', 'contest')
    .where('subject_id', 'in', ids)
    .where('role', 'like', 'host-note-%')
    .execute();
  // The reels are of others, and stay.
  const reels = transaction.selectFrom('contests').select('reel').where('id', 'in', ids);
  await transaction
    .updateTable('jobs')
    .set({ user_id: '' })
    .where('id', 'in', reels.where('reel', 'is not', null).$narrowType<{ reel: string }>())
    .where('erasing', '=', 0)
    .execute();
  return ids;
};

const forgetVotes = async (transaction: Database, person: Origin): Promise<readonly string[]> => {
  const ballots = transaction
    .deleteFrom('contest_ballots')
    .where('voter', '=', person.user)
    .where('contest', 'in', contestsOf(transaction, person));
  const gone = await ballots.returning('contest').execute();
  await transaction
    .deleteFrom('contest_votes')
    .where('voter', '=', person.user)
    .where('contest', 'in', contestsOf(transaction, person))
    .execute();
  return gone.map(({ contest }) => contest);
};

/** A ban holds for as long as the contest runs: otherwise whoever is banned would only have to be forgotten. */
const forgetBans = async (transaction: Database, person: Origin): Promise<void> => {
  const bans = transaction
    .deleteFrom('contest_bans')
    .where('user_id', '=', person.user)
    .where('contest', 'in', contestsOf(transaction, person));
  const gone = await bans.returning('contest').execute();
  const open = new Set((await contestsOf(transaction, person, openPhases).execute()).map(({ id }) => id));
  for (const { contest } of gone.filter((ban) => open.has(ban.contest))) {
    await transaction
      .insertInto('contest_bans')
      .values({ contest, user_id: forgottenUser(contest, person.user), reason: '' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
};

/**
 * Takes a person out of the contests of their platform, but for entries: what they voted, reported and followed, where
 * they are banned, and that they were a host or have the photo of an entry.
 * @returns the contests that have changed by it, and those that they followed
 */
export const forgetInContests = async (
  transaction: Database,
  person: Origin,
): Promise<{ readonly changed: readonly string[]; readonly followed: readonly string[] }> => {
  const { user } = person;
  const contests = contestsOf(transaction, person);
  const hosted = await forgetHost(transaction, person);
  const voted = await forgetVotes(transaction, person);
  await forgetBans(transaction, person);
  const followers = transaction
    .deleteFrom('contest_followers')
    .where('user_id', '=', user)
    .where('contest', 'in', contests);
  const followed = await followers.returning('contest').execute();
  const entries = transaction.selectFrom('contest_entries').select('contest_entries.id');
  await transaction
    .deleteFrom('contest_reports')
    .where('reporter', '=', user)
    .where('entry', 'in', entries.where('contest_entries.contest', 'in', contests))
    .execute();
  await transaction
    .updateTable('contest_entries')
    .set({ photo_owner: '' })
    .where('photo_owner', '=', user)
    .where('contest', 'in', contests)
    .execute();
  return { changed: [...hosted, ...voted], followed: followed.map(({ contest }) => contest) };
};
