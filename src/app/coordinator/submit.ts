import { withFixed } from '../../domain/contest/fixed-options.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import type { ContestActor } from '../contests.ts';
import type { JobView, Submission } from '../renders.ts';
import { openContestIn } from './contests/contest-of.ts';
import { enterRender } from './contests/take.ts';
import { type Coordinator, inBackground } from './coordinator.ts';
import { fetchPhoto } from './fetch-photo.ts';
import { capFileSize, insertRow, knownRow, requestOf, viewNow } from './new-row.ts';

/** The options with what the contest that it is for asks of all films. */
const optionsFor = async (coordinator: Coordinator, { options, entrant }: Submission): Promise<unknown> => {
  const contest = entrant && (await openContestIn(coordinator, entrant.actor));
  return contest ? withFixed(contest.rules, options) : options;
};

/** Nothing of the render is lost where it cannot be entered: whoever asks for it hears why when they enter it. */
const enterAtOnce = async (coordinator: Coordinator, render: JobId, by: ContestActor): Promise<void> => {
  try {
    await enterRender(coordinator, render, by);
  } catch (error) {
    coordinator.deps.log.forJob(render).info('contest: a render was not entered', { error });
  }
};

/** See `Renders.submit`. */
export const submit = async (coordinator: Coordinator, submission: Submission): Promise<JobView> => {
  const { deps, messageSync } = coordinator;
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  const { origin, attachment, replyTarget, event, answersFirst = false, photoOwner } = submission;
  const known = await knownRow(coordinator, origin.platform, event);
  if (known) return viewNow(coordinator, known);
  const asked = requestOf(deps, await optionsFor(coordinator, submission));
  const fitted = capFileSize(deps, { ...asked, seed: asked.seed ?? deps.newSeed() }, replyTarget);
  const { request } = fitted;
  await deps.networks.require(request.network, request.depth);
  const id = deps.newId();
  const { job, isNew } = await insertRow(coordinator, {
    id,
    origin,
    ...fitted,
    attachment,
    replyTarget,
    parent: null,
    photo: null,
    source: { root: id, owner: photoOwner ?? origin },
    event: event ?? null,
  });
  if (!isNew) return viewNow(coordinator, job);
  if (submission.entrant) await enterAtOnce(coordinator, job.id, submission.entrant);
  if (answersFirst) inBackground(coordinator, 'message: failed to answer', () => messageSync.runNow(job.id));
  const fetched = fetchPhoto(coordinator, job, { tell: answersFirst, patient: answersFirst });
  inBackground(coordinator, 'photo: failed to fetch it', () => fetched.catch(() => {}));
  // Whoever is told in the chat is not told again: the view says how it stands.
  await (answersFirst ? fetched.catch(() => {}) : fetched);
  return viewNow(coordinator, job);
};
