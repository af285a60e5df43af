import {
  type Contest,
  type Entry,
  type EntryId,
  type EntryState,
  entrySubject,
} from '../../../domain/contest/contest.ts';
import { messageKey } from '../../../domain/subject.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { type MessagePass, noRecipient, sayOnce } from '../outbox.ts';
import type { SubjectHandler, SubjectSnapshot } from '../subject-handler.ts';
import { factsOf } from './contest-facts.ts';
import { entryStill } from './entry-pictures.ts';
import { tellEntrant } from './owed-notices.ts';
import { isUnwelcome, privatePlace } from './private-place.ts';

/** What an entrant is told without having asked. Who withdraws an entry knows. */
const toldStates: readonly EntryState[] = ['waiting', 'in', 'rejected', 'disqualified'];

const keyOf = ({ id, state }: Pick<Entry, 'id' | 'state'>): string => messageKey(entrySubject(id), state);

const isTold = async ({ deps }: Coordinator, entry: Entry): Promise<boolean> =>
  !toldStates.includes(entry.state) || (await deps.store.outbox.get(keyOf(entry))) !== undefined;

const noteUntold = async ({ deps }: Coordinator, entry: Entry, { home }: Contest): Promise<void> => {
  const { outbox } = deps.store;
  await outbox.begin(keyOf(entry));
  await outbox.finish(keyOf(entry), noRecipient(home.platform));
};

type EntryPass = { readonly entry: Entry; readonly contest: Contest; readonly pass: MessagePass };

const tell = async (coordinator: Coordinator, { entry, contest, pass }: EntryPass): Promise<void> => {
  const { id, number, state, reason, user } = entry;
  if (user === '' || (await isTold(coordinator, entry))) return;
  const post = {
    kind: 'entry',
    contest: await factsOf(coordinator, contest),
    number,
    state,
    reason,
  } as const;
  const still = entryStill(entry, await coordinator.deps.store.jobs.get(entry.render));
  const content = {
    subject: entrySubject(id),
    body: { kind: 'contest', post } as const,
    attachments: still && (state === 'in' || state === 'waiting') ? [still] : [],
    actions: [],
    mentionsRequester: false,
  };
  try {
    const place = await privatePlace(pass.chat, user, contest.home);
    if (!place) return await noteUntold(coordinator, entry, contest);
    await sayOnce(pass, [place], { key: keyOf(entry), content });
  } catch (error) {
    if (!isUnwelcome(error)) throw error;
    pass.deps.log.forJob(pass.subject).info('contest: an entrant cannot be told privately', { error });
    await noteUntold(coordinator, entry, contest);
  }
};

const open = async (coordinator: Coordinator, id: EntryId): Promise<SubjectSnapshot | undefined> => {
  const { contests } = coordinator.deps.store;
  const entry = await contests.entry(id);
  const contest = entry && (await contests.get(entry.contest));
  if (!entry || !contest) return undefined;
  return {
    home: contest.home,
    isFinal: true,
    reportsRefusal: false,
    isCurrent: async () => (await contests.entry(id))?.state === entry.state,
    sync: (pass) => tell(coordinator, { entry, contest, pass }),
    giveUp: () => noteUntold(coordinator, entry, contest),
  };
};

const due = async (coordinator: Coordinator, id: EntryId): Promise<Performed> => {
  const entry = await coordinator.deps.store.contests.entry(id);
  if (!entry || (await isTold(coordinator, entry))) return 'done';
  tellEntrant(coordinator, id);
  return 'later';
};

/** Entries of contests as subjects: what is said to whoever entered them, alone. */
export const entryHandler = (coordinator: Coordinator): SubjectHandler => ({
  kind: 'entry',
  open: (id) => open(coordinator, id as EntryId),
  deserted: async () => {},
  actions: {},
  reactions: {},
  reactable: { role: 'in', isOpen: async () => false },
  due: (id) => due(coordinator, id as EntryId),
});
