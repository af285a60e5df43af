import { GramzoomError } from '../../domain/errors.ts';
import type { JobView, Submission } from '../renders.ts';
import { type Coordinator, inBackground } from './coordinator.ts';
import { fetchPhoto } from './fetch-photo.ts';
import { capFileSize, insertRow, knownRow, requestOf, viewNow } from './new-row.ts';

/** See `Renders.submit`. */
export const submit = async (coordinator: Coordinator, submission: Submission): Promise<JobView> => {
  const { deps, messageSync } = coordinator;
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  const { origin, attachment, replyTarget, event, answersFirst = false, photoOwner } = submission;
  const known = await knownRow(coordinator, origin.platform, event);
  if (known) return viewNow(coordinator, known);
  const asked = requestOf(deps, submission.options);
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
  if (answersFirst) inBackground(coordinator, 'message: failed to answer', () => messageSync.runNow(job.id));
  const fetched = fetchPhoto(coordinator, job, { tell: answersFirst, patient: answersFirst });
  inBackground(coordinator, 'photo: failed to fetch it', () => fetched.catch(() => {}));
  // Whoever is told in the chat is not told again: the view says how it stands.
  await (answersFirst ? fetched.catch(() => {}) : fetched);
  return viewNow(coordinator, job);
};
