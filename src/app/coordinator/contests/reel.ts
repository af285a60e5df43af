import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { reelOf } from '../../../domain/contest/reel.ts';
import { toGramzoomError } from '../../../domain/errors.ts';
import type { Job } from '../../../domain/job.ts';
import { mostPhotos } from '../../../domain/kinds/zoom.ts';
import { subjectText } from '../../../domain/subject.ts';
import { isTransient } from '../../retry.ts';
import type { Coordinator } from '../coordinator.ts';
import { enqueue } from '../fetch-photo.ts';
import { capFileSize, insertRow, knownRow } from '../new-row.ts';
import { changeContest } from './change-contest.ts';
import { isNoted, note } from './ledger.ts';
import { threadOf } from './thread-of.ts';
import { winningFilms } from './winners.ts';

/** Whether there is one or none: one that is deleted later is not made again. */
const ordered = 'reel-ordered';
/** The reel counts against nobody's limit: nobody asked for it. */
const noLimits = { perUser: Number.MAX_SAFE_INTEGER, perServer: Number.MAX_SAFE_INTEGER } as const;

/** Whether there is nothing left to do about a reel. */
export const isReelOrdered = async (coordinator: Coordinator, contest: Contest): Promise<boolean> =>
  contest.outcome?.kind !== 'winners' || (await isNoted(coordinator, contest, ordered));

type WithPhoto = Job & { readonly photo: NonNullable<Job['photo']> };

/** Renders of the winners whose photos are still here, the last place first. One photo is shown once. */
const winnersWithPhotos = async (
  coordinator: Coordinator,
  contest: Contest,
): Promise<readonly WithPhoto[]> => {
  const { blobs } = coordinator.deps;
  const found: WithPhoto[] = [];
  for (const { job } of await winningFilms(coordinator, contest)) {
    const photo = job?.photo ?? null;
    if (!job || photo === null || found.some((other) => other.photo === photo)) continue;
    if (await blobs.has(photo)) found.push({ ...job, photo });
  }
  return found.slice(0, mostPhotos).reverse();
};

const insert = async (coordinator: Coordinator, contest: Contest): Promise<Job | null> => {
  const { deps, blobLock } = coordinator;
  const { id, home, origin, rules } = contest;
  const event = `contest-reel:${id}`;
  const known = await knownRow(coordinator, origin.platform, event);
  if (known) return known;
  const [replyTarget = home] = await threadOf(coordinator, contest);
  return await blobLock.run(async () => {
    const winners = await winnersWithPhotos(coordinator, contest);
    const [first] = winners;
    // The film of a single winner is there already.
    if (!first || winners.length < 2) return null;
    const photos = winners.map(({ photo, source }) => ({ photo, root: source.root }));
    const { network } = deps.defaults;
    const { photo, request } = reelOf(photos, { network, seed: deps.newSeed(), maxBytes: null });
    await deps.networks.require(request.network, request.depth);
    // The host's, who is told of it; of a host who is not known any more that of a winner.
    const user = origin.user === '' ? first.origin.user : origin.user;
    const row = {
      ...{ id: deps.newId(), origin: { ...origin, user }, replyTarget, event, photo },
      ...capFileSize(deps, request, replyTarget),
      attachment: { platform: origin.platform, ref: '', name: rules.theme },
      source: first.source,
      parent: null,
    };
    return (await insertRow(coordinator, row, noLimits)).job;
  });
};

const queue = async (coordinator: Coordinator, job: Job): Promise<void> => {
  try {
    if (job.state === 'fetching' && (await coordinator.deps.store.jobs.move(job.id, 'fetching', 'queued')))
      enqueue(coordinator, job);
  } finally {
    coordinator.fetching.delete(job.id);
  }
};

/**
 * Orders the winners' reel of a contest that is over, once: an ordinary render whose film comes into the contest's
 * thread. It is known by its event, so that a process that dies in between leaves no second one.
 * @throws GramzoomError where it may work later
 */
export const orderReel = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  if (contest.phase !== 'closed' || (await isReelOrdered(coordinator, contest))) return;
  const log = coordinator.deps.log.forJob(subjectText(contestSubject(contest.id)));
  try {
    const job = contest.reel === null ? await insert(coordinator, contest) : null;
    if (job) {
      await changeContest(coordinator, contest.id, (now) => (now.reel === null ? { reel: job.id } : null));
      await queue(coordinator, job);
    }
    await note(coordinator, contest, ordered);
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    if (isTransient(error)) throw error;
    log.error("contest: the winners' reel cannot be made", { error });
    await note(coordinator, contest, ordered);
  }
};
