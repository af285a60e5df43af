import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { ReplyTarget } from '../../../domain/job.ts';
import type { MessageContent } from '../../../domain/message.ts';
import type { MessageRef } from '../../../ports/chat.ts';
import { isGone, isRefused, isTransient } from '../../retry.ts';
import type { Coordinator } from '../coordinator.ts';
import { removeIfPossible } from '../notices.ts';
import { hasNoRecipient, type MessagePass, sayIfAllowed, sayOnce } from '../outbox.ts';
import { hasResults } from './finish-contest.ts';
import { isNoted, note } from './ledger.ts';
import { announcementRole, contestKey, galleryRole, resultsRole, winnerRole } from './post-keys.ts';
import { announcementContent, galleryContents, resultsContent, winnerContents } from './posts.ts';
import { threadOf } from './thread-of.ts';
import { winningFilms } from './winners.ts';

/** A pass over the messages of a contest. */
export type ContestPass = {
  readonly coordinator: Coordinator;
  /** The row as it was when the pass began. */
  readonly contest: Contest;
  readonly pass: MessagePass;
};

const say = (
  { contest, pass }: ContestPass,
  places: readonly ReplyTarget[],
  { role, content }: { readonly role: string; readonly content: MessageContent },
): Promise<MessageRef | null> => {
  const key = contestKey(contest, role);
  return sayIfAllowed(pass, key, () => sayOnce(pass, places, { key, content }));
};

const isSaid = async ({ pass, contest }: ContestPass, role: string): Promise<boolean> =>
  (await pass.deps.store.outbox.get(contestKey(contest, role))) !== undefined;

const pinned = 'pinned';

/** Once: who takes the pin away again wants it so. */
const pinOnce = async (parts: ContestPass, message: MessageRef): Promise<void> => {
  const { coordinator, contest, pass } = parts;
  if (hasNoRecipient(message) || (await isNoted(coordinator, contest, pinned))) return;
  try {
    await pass.chat.pin(message);
  } catch (error) {
    if (!(error instanceof GramzoomError) || isTransient(error)) throw error;
    pass.deps.log.forJob(pass.subject).warn('contest: the announcement could not be pinned', { error });
  }
  await note(coordinator, contest, pinned);
};

/** Pages that there are no entries for any more go. */
const removePages = async ({ contest, pass }: ContestPass, after: number): Promise<void> => {
  const { outbox } = pass.deps.store;
  const { subject, id } = { subject: contestSubject(contest.id), id: contest.id };
  for (const { role, key, message } of await outbox.ofSubject(subject)) {
    const page = /^gallery-(\d+)$/.exec(role)?.[1];
    if (page === undefined || Number(page) <= after) continue;
    if (message && !hasNoRecipient(message)) await removeIfPossible(pass.chat, message);
    await outbox.remove(key);
    pass.written.delete(contestKey({ id }, role));
  }
};

const showGallery = async (parts: ContestPass): Promise<void> => {
  const { coordinator, contest } = parts;
  const isVoting = contest.phase === 'voting';
  // Who comes back after the end finds the results: nobody has to choose any more.
  if (!isVoting && !(await isSaid(parts, galleryRole(1)))) return;
  const contents = await galleryContents(coordinator, contest);
  const places = await threadOf(coordinator, contest);
  for (const [index, content] of contents.entries()) {
    await say(parts, places, { role: galleryRole(index + 1), content });
  }
  await removePages(parts, contents.length);
};

/** A file that the chat finds too large, so that it is not sent again; what else is refused may be taken later. */
const tooLarge = (role: string, { attachments }: MessageContent): string =>
  `${role}-too-large-${attachments[0]?.blob.slice(0, 16) ?? ''}`;

/** Shows a film as well as the chat takes it. */
const showWinner = async (
  parts: ContestPass,
  contents: readonly MessageContent[],
  role: string,
): Promise<void> => {
  const { coordinator, pass, contest } = parts;
  const key = contestKey(contest, role);
  for (const content of contents) {
    const refused = tooLarge(role, content);
    if (await isNoted(coordinator, contest, refused)) continue;
    try {
      await sayOnce(pass, [pass.home], { key, content });
      return;
    } catch (error) {
      if (!isRefused(error)) throw error;
      pass.deps.log.forJob(pass.subject).warn("contest: a winner's film was refused", { key, error });
      if (isGone(error)) return;
      if (error.code === 'file-too-large' && content.attachments.length > 0)
        await note(coordinator, contest, refused);
    }
  }
};

/** Also long after the end: somebody who wins and is deleted then is named and shown no more. */
const showResults = async (parts: ContestPass): Promise<void> => {
  const { coordinator, contest, pass } = parts;
  const content = await resultsContent(coordinator, contest);
  await say(parts, [pass.home], { role: resultsRole(contest), content });
  for (const film of await winningFilms(coordinator, contest)) {
    const role = winnerRole(film.score.number);
    const maxBytes = pass.chat.maxFileBytes(pass.home);
    const contents = await winnerContents(coordinator, contest, { film, maxBytes });
    // What is there stays as it is, unless there is nothing left to show: files that are old go, too.
    const hasFilm = contents.length > 1;
    const isErased = film.entry === undefined || film.entry.user === '' || film.entry.state === 'withdrawn';
    if (hasFilm || isErased || !(await isSaid(parts, role))) await showWinner(parts, contents, role);
  }
};

/** Makes the messages of a contest say what its row says. See `SubjectSnapshot.sync`. */
export const syncContest = async (parts: ContestPass): Promise<void> => {
  const { coordinator, contest, pass } = parts;
  const { phase, id, version } = contest;
  // One that was cancelled before anybody saw it is not announced.
  if (phase !== 'cancelled' || (await isSaid(parts, announcementRole))) {
    const content = await announcementContent(coordinator, contest);
    const announcement = await say(parts, [pass.home], { role: announcementRole, content });
    if (announcement && phase !== 'cancelled') await pinOnce(parts, announcement);
  }
  if (phase === 'voting' || phase === 'closed') await showGallery(parts);
  if (phase === 'closed') {
    if (!(await hasResults(coordinator, contest))) return;
    await showResults(parts);
  }
  coordinator.toldContests.set(id, version);
};
