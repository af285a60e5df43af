/** One of everything that is said about contests; a new kind of post or view has no type here until it has examples. */
import type { ContestId, EntryId, EntryState } from '../../src/domain/contest/contest.ts';
import { entryStates } from '../../src/domain/contest/contest.ts';
import { contestPhases } from '../../src/domain/contest/phase.ts';
import type { ContestPost, NamedScore } from '../../src/domain/contest/post.ts';
import { reminderMoments } from '../../src/domain/contest/post.ts';
import { contestRights } from '../../src/domain/contest/rights.ts';
import type { ContestView, EntryView } from '../../src/domain/contest/view.ts';
import type { BlobId, JobId } from '../../src/domain/job.ts';
import { contestFacts, contestRules } from '../support/contest-facts.ts';

/** As long as ids are. */
const idOf = (start: string, length: number): string => start.padEnd(length, 'x');
const contest = idOf('contest', 11) as ContestId;
const render = idOf('render', 22) as JobId;

const ranksOf = (number: number): NamedScore['ranks'] => [number % 4, number % 3, number % 2];

export const scoreOf = (number: number, changes: Partial<NamedScore> = {}): NamedScore => ({
  ...{ entry: idOf(`entry${number}`, 11) as EntryId, number, place: number, points: 40 - number },
  ranks: ranksOf(number),
  by: { user: `u${number}`, name: `Person ${number}` },
  ...changes,
});

export const picture: NonNullable<EntryView['picture']> = {
  ...{ blob: 'a'.repeat(64) as BlobId, name: 'film.gif', format: 'gif', alt: 'cat.jpg' },
};

export const entryOf = (number: number, changes: Partial<EntryView> = {}): EntryView => ({
  ...{ id: idOf(`entry${number}`, 11) as EntryId, number, state: 'in', reason: null, render },
  ...{ by: null, isOwn: false, rank: null, picture },
  ...changes,
});

const everyRule = contestRules({
  ...{ entriesPerPerson: 3, needsApproval: true, isAnonymous: false, memberDays: 14, accountDays: 30 },
  ...{ takesGuests: true, role: { id: '1', name: 'Ghosts' }, prize: { id: '2', name: 'Pumpkin' } },
  fixed: { size: 256, frames: 48, network: 'pocket' },
});

const facts = contestFacts({ entries: 12, voters: 40 });

export const everyFacts = contestPhases.flatMap((phase) => [
  contestFacts({ phase }),
  contestFacts({ phase, entries: 1, voters: 1 }),
  contestFacts({ phase, entries: 12, voters: 40, rules: everyRule }),
]);

const table = [
  scoreOf(7, { place: 1 }),
  scoreOf(3, { place: 2, points: 20 }),
  scoreOf(5, { place: 2, points: 20 }),
  scoreOf(1, { place: 4, points: 3, by: null }),
  scoreOf(2, { place: 5, points: 0, ranks: [0, 0, 0] }),
];

const results = {
  kind: 'results',
  contest: { ...facts, phase: 'closed' },
  voters: 40,
  prize: 'none',
} as const;
const prized = { ...results.contest, rules: everyRule };

type PostExamples = {
  readonly [Kind in ContestPost['kind']]: readonly Extract<ContestPost, { kind: Kind }>[];
};

export const postExamples: PostExamples = {
  announcement: everyFacts.map((each) => ({ kind: 'announcement', contest: each })),
  reminder: reminderMoments.flatMap((left) =>
    (['entering', 'voting'] as const).map(
      (ends) =>
        ({
          ...{ kind: 'reminder', contest: { ...facts, phase: ends }, ends, left },
          followers:
            left === 'hour' ? [1, 2].map((number) => ({ user: `u${number}`, name: `Person ${number}` })) : [],
        }) as const,
    ),
  ),
  gallery: [
    { kind: 'gallery', contest: { ...facts, phase: 'voting' }, numbers: [1, 2, 5], page: 1, pages: 2 },
    { kind: 'gallery', contest: { ...facts, phase: 'closed' }, numbers: [1], page: 1, pages: 1 },
  ],
  results: [
    { ...results, outcome: 'winners', table },
    { ...results, outcome: 'winners', table: table.map((score) => ({ ...score, points: 0 })) },
    ...(['given', 'not-allowed', 'gone'] as const).map(
      (prize) =>
        ({ ...results, contest: prized, outcome: 'winners', table: table.slice(0, 1), prize }) as const,
    ),
    {
      ...results,
      outcome: 'too-few-voters',
      voters: 0,
      table: table.map((score) => ({ ...score, place: 0 })),
    },
    { ...results, outcome: 'no-entries', voters: 0, table: [] },
  ],
  winner: [1, 2, 3].map((place) => ({
    kind: 'winner',
    contest: results.contest,
    score: scoreOf(7, { place }),
  })),
  entry: entryStates.flatMap((state) =>
    [null, 'There is a dog in it'].map(
      (reason) => ({ kind: 'entry', contest: facts, number: 7, state, reason }) as const,
    ),
  ),
  'host-note': [
    { kind: 'host-note', contest: facts, waiting: 1, reports: 0, doubtful: 0 },
    { kind: 'host-note', contest: facts, waiting: 3, reports: 2, doubtful: 4 },
  ],
};

const shown = { contest, facts } as const;
const voting = { contest, facts: { ...facts, phase: 'voting' } } as const;
const person = { user: 'u1', name: 'Person 1' } as const;

/** A page of a ballot with so many entries, the third of which is one's own and the first two of which have ranks. */
export const ballotOf = (count: number, page = 0): Extract<ContestView, { kind: 'ballot' }> => {
  const all = Array.from({ length: count }, (_, index) =>
    entryOf(index + 1, { rank: index === 0 ? 1 : index === 1 ? 3 : null, isOwn: index === 2 }),
  );
  return {
    ...{ kind: 'ballot', ...voting, entries: all.slice(4 * page, 4 * page + 4), all },
    ...{
      page,
      pages: Math.ceil(count / 4),
      ranks: count > 1 ? [1, null, 2] : [null, null, null],
      isChanged: page > 0,
    },
  };
};

const reviewed: Pick<Extract<ContestView, { kind: 'review' }>, 'reports' | 'doubts' | 'done'> = {
  reports: Array.from({ length: 12 }, (_, index) => `It is a dog ${index}`),
  doubts: [{ voter: person, doubts: ['young-account', 'joined-late', 'many-changes'] }],
  done: { number: 6, what: 'approve' },
};

type ViewExamples = {
  readonly [Kind in ContestView['kind']]: readonly Extract<ContestView, { kind: Kind }>[];
};

const statusOf = (
  changes: Partial<Extract<ContestView, { kind: 'status' }>>,
): Extract<ContestView, { kind: 'status' }> => ({
  ...{ kind: 'status', ...shown, what: null, entries: [], ballot: [], isFollowing: false },
  ...{ rights: ['status', 'enter', 'follow', 'hall'], role: 'everyone' },
  ...changes,
});

const stateExample = (state: EntryState): EntryView =>
  entryOf(7, { state, reason: state === 'rejected' ? 'There is a dog in it' : null, isOwn: true });

export const viewExamples: ViewExamples = {
  status: [
    ...everyFacts.map((each) => statusOf({ facts: each })),
    ...(['started', 'extended', 'closed', 'cancelled', 'followed', 'unfollowed', 'withdrawn'] as const).map(
      (what) => statusOf({ what, rights: contestRights, role: 'host', isFollowing: what === 'followed' }),
    ),
    ...entryStates.map((state) => statusOf({ entries: [stateExample(state)], rights: contestRights })),
    statusOf({
      ...voting,
      ballot: [7, 3],
      rights: contestRights,
      entries: [1, 2, 3, 4, 5].map((n) => entryOf(n)),
    }),
  ],
  choose: [
    { kind: 'choose', ...shown, films: [], left: 1 },
    ...([1, 0] as const).map(
      (left) =>
        ({
          ...{ ...shown, left },
          kind: 'choose',
          films: Array.from({ length: 10 }, (_, index) => ({
            ...{
              render: idOf(`render${index}`, 22) as JobId,
              name: `cat-${index}.jpg`,
              seed: index,
              createdAt: 0,
              picture,
            },
            number: index === 3 ? 7 : null,
          })),
        }) as const,
    ),
    { kind: 'choose', contest, facts: { ...facts, rules: everyRule }, films: [], left: 0 },
    { kind: 'choose', contest, facts: { ...facts, rules: everyRule }, films: [], left: 2 },
  ],
  entered: entryStates.flatMap((state) =>
    [true, false].map((isNew) => ({ kind: 'entered', ...shown, entry: stateExample(state), isNew }) as const),
  ),
  ballot: [ballotOf(0), ballotOf(1), ballotOf(12), ballotOf(12, 2), ballotOf(60, 9), ballotOf(60, 14)],
  show: [
    { kind: 'show', ...voting, entry: entryOf(7), canReport: true },
    { kind: 'show', ...voting, entry: entryOf(7, { rank: 2, by: person }), canReport: true },
    { kind: 'show', ...voting, entry: entryOf(7, { isOwn: true, picture: null }), canReport: false },
    { kind: 'show', ...shown, entry: entryOf(7), canReport: true },
  ],
  reported: [{ kind: 'reported', ...shown, number: 7 }],
  review: [
    {
      ...{
        kind: 'review',
        ...shown,
        entry: null,
        position: 0,
        total: 0,
        waiting: 0,
        reports: [],
        isBanned: false,
        doubts: [],
      },
      done: { number: 7, what: 'ban' },
    },
    ...entryStates.map(
      (state) =>
        ({
          ...shown,
          ...reviewed,
          kind: 'review',
          entry: entryOf(7, { state, by: person }),
          isBanned: state === 'disqualified',
          ...{ position: 1, total: 3, waiting: 1 },
        }) as const,
    ),
  ],
  hall: [
    { kind: 'hall', contests: [] },
    {
      kind: 'hall',
      contests: [
        {
          ...{ contest, theme: 'Scariest cat', finishedAt: Date.UTC(2026, 10, 1, 17), zone: 'Europe/Berlin' },
          ...{ voters: 40, winners: table.slice(0, 3), picture },
        },
        {
          ...{
            contest,
            theme: 'Dogs',
            finishedAt: 0,
            zone: 'No/Where',
            voters: 1,
            winners: [],
            picture: null,
          },
        },
      ],
    },
  ],
  export: [
    {
      ...{ kind: 'export', ...shown },
      content: {
        facts,
        finishedAt: 0,
        table: table.map((score) => ({ ...score, picture })),
        poster: null,
        reel: null,
      },
    },
  ],
};
