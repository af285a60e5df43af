import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { messageKey } from '../../../domain/subject.ts';
import type { Coordinator } from '../coordinator.ts';
import { noRecipient } from '../outbox.ts';

type Parts = Pick<Coordinator, 'deps'>;
type Of = Pick<Contest, 'id' | 'origin'>;

const keyOf = ({ id }: Of, what: string): string => messageKey(contestSubject(id), what);

/** Whether something that is done once for a contest is noted as done. It stands in the outbox, without a message. */
export const isNoted = async ({ deps }: Parts, contest: Of, what: string): Promise<boolean> =>
  (await deps.store.outbox.get(keyOf(contest, what))) !== undefined;

/** Notes that it is done. */
export const note = async ({ deps }: Parts, contest: Of, what: string): Promise<void> => {
  const { outbox } = deps.store;
  await outbox.begin(keyOf(contest, what));
  await outbox.finish(keyOf(contest, what), noRecipient(contest.origin.platform));
};
