import { GramzoomError } from '../../domain/errors.ts';
import type { JobView, Submission } from '../renders.ts';
import { type Floor, inBackground } from './coordinator.ts';
import { fetchPhoto } from './fetch-photo.ts';
import { fitInto, insertRow, knownRow, requestOf, viewNow } from './new-row.ts';

/** See `Renders.submit`. */
export const submit = async (floor: Floor, submission: Submission): Promise<JobView> => {
  const { deps, announcer } = floor;
  if (floor.isStopping) throw new GramzoomError('stopping', {});
  const { origin, attachment, replyTarget, event, answersFirst = false, photoOwner } = submission;
  const known = await knownRow(floor, origin.platform, event);
  if (known) return viewNow(floor, known);
  const asked = requestOf(deps, submission.options);
  const fitted = fitInto(deps, { ...asked, seed: asked.seed ?? deps.newSeed() }, replyTarget);
  const { request } = fitted;
  await deps.networks.require(request.network, request.depth);
  const id = deps.newId();
  const { job, isNew } = await insertRow(floor, {
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
  if (!isNew) return viewNow(floor, job);
  if (answersFirst) inBackground(floor, 'an answer', () => announcer.say(job.id));
  const fetched = fetchPhoto(floor, job, { tell: answersFirst, patient: answersFirst });
  inBackground(floor, 'a submission', () => fetched.catch(() => {}));
  // Whoever is told in the chat is not told again: the view says how it stands.
  await (answersFirst ? fetched.catch(() => {}) : fetched);
  return viewNow(floor, job);
};
