import { describe, expect, it } from 'vitest';
import type { ContestActor } from '../../../src/app/contests.ts';
import { type ContestRole, contestRoles, type EntryId } from '../../../src/domain/contest/contest.ts';
import { type ContestRight, rolesWithRight } from '../../../src/domain/contest/rights.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { codeOf, someone } from '../../support/app-world.ts';
import { type ContestStage, createContestStage } from '../../support/contest-stage.ts';

type Try = (
  stage: ContestStage,
  by: ContestActor & { readonly text: string },
  entry: EntryId,
) => Promise<unknown>;

/** Everything that can be asked for, with the right that it needs. */
const tries: Readonly<Record<string, readonly [ContestRight, Try]>> = {
  '/contest start': ['start', ({ contests }, by) => contests.start({ theme: 'Dogs' }, by)],
  'the form to start one': ['start', ({ contests }, by) => contests.requireStart(by)],
  '/contest status': ['status', ({ contests }, by) => contests.status(by)],
  '/contest entries': ['review', ({ contests }, by) => contests.entries(by)],
  '/contest hall': ['hall', ({ contests }, by) => contests.hall(by)],
  '/contest export': ['export', ({ contests }, by) => contests.export(by)],
  'the view of one': ['status', ({ contests, id }, by) => contests.view(id, by)],
  'a film to enter': ['enter', ({ contests }, by) => contests.admit({}, by)],
  'entering a film': ['enter', ({ contests }, by) => contests.enter('render-0' as JobId, by)],
  'the step status': ['status', ({ take }, by) => take({ kind: 'status' }, by)],
  'the step choose': ['enter', ({ take }, by) => take({ kind: 'choose' }, by)],
  'the step enter': ['enter', ({ take }, by) => take({ kind: 'enter', render: 'render-0' as JobId }, by)],
  'the step ballot': ['vote', ({ take }, by) => take({ kind: 'ballot', page: 0 }, by)],
  'the step rank': ['vote', ({ take }, by, entry) => take({ kind: 'rank', entry, rank: 1, page: 0 }, by)],
  'the step show': ['status', ({ take }, by, entry) => take({ kind: 'show', entry }, by)],
  'the step report': ['report', ({ take }, by, entry) => take({ kind: 'report', entry }, by)],
  'the step follow': ['follow', ({ take }, by) => take({ kind: 'follow', on: true }, by)],
  'the step review': ['review', ({ take }, by) => take({ kind: 'review', position: 0 }, by)],
  'the step approve': ['review', ({ take }, by, entry) => take({ kind: 'approve', entry }, by)],
  'the step reject': ['review', ({ take }, by, entry) => take({ kind: 'reject', entry }, by)],
  'the step disqualify': ['disqualify', ({ take }, by, entry) => take({ kind: 'disqualify', entry }, by)],
  'the step ban': ['ban', ({ take }, by, entry) => take({ kind: 'ban', entry }, by)],
  // These end what the others need.
  '/contest extend': ['extend', ({ contests }, by) => contests.extend({ until: '9 days' }, by)],
  '/contest close': ['close', ({ contests }, by) => contests.close(by)],
  '/contest cancel': ['cancel', ({ contests }, by) => contests.cancel(by)],
};

/** Who is just that. */
const people: Readonly<Record<ContestRole, string>> = {
  everyone: 'zoe',
  entrant: 'ann',
  host: 'host',
  moderator: 'mod',
  operator: 'ops',
};

const createStage = async () => {
  const stage = await createContestStage({
    rules: { needsApproval: true },
    operators: [{ platform: someone.platform, user: people.operator }],
  });
  return { stage, entry: await stage.enter(people.entrant) };
};

describe('what needs a right', () => {
  it('is refused to all who lack it, in each phase, and nothing comes of it', async () => {
    const { stage, entry } = await createStage();
    for (const phase of ['entering', 'voting', 'closed'] as const) {
      if (phase !== 'entering') await stage.moveTo(phase);
      const before = JSON.stringify([await stage.row(), await stage.states()]);
      for (const [what, [right, attempt]] of Object.entries(tries)) {
        // There is none then that could be called off.
        const isOver = phase === 'closed' && right === 'cancel';
        const code = isOver ? 'contest-none' : 'contest-right';
        for (const role of contestRoles.filter((one) => !rolesWithRight[right].includes(one))) {
          const by = { ...stage.person(people[role]), text: 'why' };
          expect(await codeOf(attempt(stage, by, entry)), `${what} by ${role} while ${phase}`).toBe(code);
        }
      }
      expect(JSON.stringify([await stage.row(), await stage.states()])).toBe(before);
    }
  });

  it.each(contestRoles)('is done for whoever has it as %s, or refused for another reason', async (role) => {
    const { stage, entry } = await createStage();
    const by = { ...stage.person(people[role]), text: 'why' };
    const came: Record<string, string> = {};
    for (const [what, [right, attempt]] of Object.entries(tries)) {
      if (rolesWithRight[right].includes(role)) came[what] = await codeOf(attempt(stage, by, entry));
    }
    expect(Object.entries(came).filter(([, code]) => code === 'contest-right')).toEqual([]);
    expect(came['/contest status']).toBe('none');
    if (rolesWithRight.cancel.includes(role)) {
      const { '/contest cancel': cancelled, '/contest close': closed, 'the step approve': approved } = came;
      expect([approved, closed, cancelled]).toEqual(['none', 'none', 'contest-none']);
    }
  });

  it('is not enough to take back what somebody else has entered', async () => {
    const { stage, entry } = await createStage();
    for (const role of contestRoles.filter((one) => one !== 'entrant')) {
      const by = stage.person(people[role]);
      expect(await codeOf(stage.take({ kind: 'withdraw', entry }, by)), role).toBe('not-yours');
    }
    expect(await codeOf(stage.take({ kind: 'withdraw', entry }, stage.person(people.entrant)))).toBe('none');
  });
});
