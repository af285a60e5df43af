import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import type { ContestPhase } from '../../../domain/contest/phase.ts';
import type { ContestPost } from '../../../domain/contest/post.ts';
import type { MessageAction, MessageAttachment, MessageContent } from '../../../domain/message.ts';
import type { Coordinator } from '../coordinator.ts';
import { factsOf } from './contest-facts.ts';
import { entryFilm, entryStill } from './entry-pictures.ts';
import { prizeOf } from './prize.ts';
import { namedTable, type ScoredFilm } from './winners.ts';

/** A message about a contest: without files, buttons and mentions unless told. */
export const contestMessage = (
  { id }: Pick<Contest, 'id'>,
  post: ContestPost,
  parts: Partial<MessageContent> = {},
): MessageContent => ({
  subject: contestSubject(id),
  body: { kind: 'contest', post },
  attachments: [],
  actions: [],
  mentionsRequester: false,
  ...parts,
});

const actionsIn: Readonly<Record<ContestPhase, readonly MessageAction[]>> = {
  draft: ['status', 'follow'],
  entering: ['enter', 'status', 'follow'],
  voting: ['vote', 'status', 'follow'],
  closed: ['status'],
  cancelled: [],
};

export const announcementContent = async (
  coordinator: Coordinator,
  contest: Contest,
): Promise<MessageContent> =>
  contestMessage(
    contest,
    { kind: 'announcement', contest: await factsOf(coordinator, contest) },
    { actions: actionsIn[contest.phase] },
  );

/** So many stills are in one message of the gallery. */
const stillsPerPage = 10;

/** The gallery: stills of the entries that can be voted for, by number. */
export const galleryContents = async (
  coordinator: Coordinator,
  contest: Contest,
): Promise<readonly MessageContent[]> => {
  const { contests, jobs } = coordinator.deps.store;
  const facts = await factsOf(coordinator, contest);
  const entries = (await contests.entries(contest.id)).filter(({ state }) => state === 'in');
  const pages = Math.ceil(entries.length / stillsPerPage);
  const contents: MessageContent[] = [];
  for (let page = 1; page <= pages; page++) {
    const shown = entries.slice((page - 1) * stillsPerPage, page * stillsPerPage);
    const stills = [];
    for (const entry of shown) stills.push(entryStill(entry, await jobs.get(entry.render)));
    const numbers = shown.map(({ number }) => number);
    contents.push(
      contestMessage(
        contest,
        // Who has voted meanwhile does not make it another message.
        { kind: 'gallery', contest: { ...facts, voters: 0 }, numbers, page, pages },
        {
          attachments: stills.filter((still) => still !== null),
          actions: contest.phase === 'voting' ? ['vote'] : [],
        },
      ),
    );
  }
  return contents;
};

/** The picture of the result. */
export const posterPicture = ({ id, poster, rules }: Contest): MessageAttachment | null =>
  poster === null ? null : { blob: poster, name: `contest-${id}.jpg`, format: 'jpeg', alt: rules.theme };

export const resultsContent = async (coordinator: Coordinator, contest: Contest): Promise<MessageContent> => {
  const { outcome } = contest;
  const picture = posterPicture(contest);
  const post: ContestPost = {
    kind: 'results',
    contest: await factsOf(coordinator, contest),
    outcome: outcome?.kind ?? 'no-entries',
    voters: outcome?.voters ?? 0,
    table: await namedTable(coordinator, contest),
    prize: await prizeOf(coordinator, contest),
  };
  return contestMessage(contest, post, { attachments: picture ? [picture] : [], actions: ['status'] });
};

/**
 * A winner's film as it can be shown in a chat that takes files up to a size: the film, else its still, else words.
 * The first is the best.
 */
export const winnerContents = async (
  coordinator: Coordinator,
  contest: Contest,
  { film: { score, entry, job }, maxBytes }: { readonly film: ScoredFilm; readonly maxBytes: number | null },
): Promise<readonly MessageContent[]> => {
  const by = (await namedTable(coordinator, contest)).find((line) => line.entry === score.entry)?.by ?? null;
  const facts = await factsOf(coordinator, contest);
  const words = contestMessage(contest, { kind: 'winner', contest: facts, score: { ...score, by } });
  if (!entry) return [words];
  const pictures = [
    maxBytes === null || (job?.report?.bytes ?? 0) <= maxBytes ? entryFilm(entry, job) : null,
    entryStill(entry, job),
  ];
  return [...pictures.flatMap((picture) => (picture ? [{ ...words, attachments: [picture] }] : [])), words];
};
