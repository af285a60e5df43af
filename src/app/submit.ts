import { GramzoomError } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { parseRequest, type RenderRequest } from '../domain/request.ts';
import type { NewJob } from '../ports/store.ts';
import type { RenderDeps } from './deps.ts';
import { fetchPhoto } from './fetch-photo.ts';
import { type Floor, inBackground } from './floor.ts';
import type { JobView, Submission } from './renders.ts';

/** Checks what a person asked for and says everything that they left out. */
const requestOf = (deps: RenderDeps, options: unknown): RenderRequest => {
  const given =
    typeof options === 'object' && options !== null && !Array.isArray(options)
      ? { network: deps.defaults.network, ...options }
      : options;
  const request = parseRequest(given);
  return { ...request, seed: request.seed ?? deps.newSeed() };
};

/** Writes the row. @throws GramzoomError `user-limit`, `server-limit`, `stopping` */
export const insertRow = async (floor: Floor, job: NewJob): Promise<Job> => {
  if (floor.isStopping) throw new GramzoomError('stopping', {});
  const { store, limits } = floor.deps;
  // Known before the row is there: no sweep takes it for one that nobody works on.
  floor.fetching.set(job.id, { controller: new AbortController() });
  try {
    const inserted = await store.jobs.insert(job, limits);
    if (inserted.kind === 'inserted') return inserted.job;
    throw inserted.kind === 'user-limit'
      ? new GramzoomError('user-limit', { limit: limits.perUser })
      : new GramzoomError('server-limit', { limit: limits.perServer });
  } catch (error) {
    floor.fetching.delete(job.id);
    throw error;
  }
};

/** The render as it stands now. */
export const viewNow = async ({ deps, views }: Floor, job: Job): Promise<JobView> =>
  views.of((await deps.store.jobs.get(job.id)) ?? job);

/** See `Renders.submit`. */
export const submit = async (floor: Floor, submission: Submission): Promise<JobView> => {
  const { deps } = floor;
  if (floor.isStopping) throw new GramzoomError('stopping', {});
  const { origin, attachment, replyTarget } = submission;
  const request = requestOf(deps, submission.options);
  await deps.networks.require(request.network, request.depth);
  const job = await insertRow(floor, {
    id: deps.newId(),
    origin,
    request,
    attachment,
    replyTarget,
    parent: null,
    photo: null,
  });
  const fetched = fetchPhoto(floor, job, { tell: false, patient: false });
  inBackground(floor, 'a submission', () => fetched.catch(() => {}));
  await fetched;
  return viewNow(floor, job);
};
