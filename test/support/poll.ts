/** A second kind of subject, made up: a message that people vote under, until it is closed or its time is over. */
import type { Coordinator } from '../../src/app/coordinator/coordinator.ts';
import { sayOnce } from '../../src/app/coordinator/outbox.ts';
import type { SubjectHandler } from '../../src/app/coordinator/subject-handler.ts';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { ReplyTarget } from '../../src/domain/job.ts';
import { messageKey, subjectText } from '../../src/domain/subject.ts';

export const pollSubject = { kind: 'poll', id: 'p1' } as const;
export const pollKey = messageKey(pollSubject, 'question');

/** A poll of `owner`'s that outlives the processes of a test. A real kind has words of its own. */
export const createPoll = ({ home, owner }: { readonly home: ReplyTarget; readonly owner: string }) => {
  const state = { votes: [] as string[], closed: 0 };
  const close = async ({ messageSync }: Coordinator): Promise<void> => {
    state.closed ||= 1;
    await messageSync.runNow(subjectText(pollSubject));
  };
  const handler = (coordinator: Coordinator): SubjectHandler => ({
    kind: 'poll',
    open: async () => {
      const before = JSON.stringify(state);
      const { votes, closed } = state;
      const body =
        closed > 0
          ? ({ kind: 'cancelled' } as const)
          : ({ kind: 'waiting', position: votes.length, total: votes.length, etaSeconds: null } as const);
      const actions = closed > 0 ? [] : (['cancel'] as const);
      const content = { subject: pollSubject, body, attachments: [], actions, mentionsRequester: false };
      return {
        ...{ home, isFinal: closed > 0, reportsRefusal: false },
        isCurrent: async () => JSON.stringify(state) === before,
        sync: async (pass) => void (await sayOnce(pass, [home], { key: pollKey, content })),
        giveUp: async () => {},
      };
    },
    deserted: async () => {},
    actions: {
      cancel: async (_, { actor }) => {
        if (actor.user !== owner) throw new GramzoomError('not-yours', {});
        await close(coordinator);
        return { kind: 'followed' };
      },
    },
    reactions: {
      reroll: {
        plan: async ({ reaction }) => {
          if (state.closed > 0) return null;
          return async () => {
            state.votes.push(reaction.user);
            await coordinator.messageSync.runNow(subjectText(pollSubject));
            return { kind: 'followed' };
          };
        },
      },
    },
    reactable: { role: 'question', isOpen: async () => state.closed === 0 },
    due: async () => {
      await close(coordinator);
      return 'done';
    },
  });
  /** Asks the question, and closes the poll after a minute. */
  const ask = async ({ deps, calendar, messageSync }: Coordinator): Promise<void> => {
    const dueAt = deps.clock.wallTime() + 60_000;
    await calendar.schedule({ subject: pollSubject, what: 'close' }, { dueAt });
    await messageSync.runNow(subjectText(pollSubject));
  };
  return { handler, state, ask };
};
