import { GramzoomError } from '../../domain/errors.ts';
import type { Job, Origin, Platform, ReplyTarget } from '../../domain/job.ts';
import { parseRequest, type RenderOptions, type RenderRequest } from '../../domain/kinds.ts';
import { requireWork } from '../../domain/work-limit.ts';
import type { Limits, NewJob } from '../../ports/jobs.ts';
import type { CoordinatorDeps } from '../deps.ts';
import type { JobView } from '../renders.ts';
import type { Coordinator } from './coordinator.ts';
import { requireSpace } from './disk-space.ts';

/** The render as it stands now. */
export const viewNow = async ({ deps, views }: Coordinator, job: Job): Promise<JobView> =>
  views.of((await deps.store.jobs.get(job.id)) ?? job);

/** The render that an event has led to before, if it has. */
export const knownRow = async (
  { deps }: Coordinator,
  platform: Platform,
  event: string | undefined,
): Promise<Job | undefined> =>
  event === undefined ? undefined : await deps.store.jobs.ofEvent(platform, event);

/** @throws GramzoomError `too-much-work` */
export const requireAllowedWork = (
  { renderer, maxWork }: Pick<CoordinatorDeps, 'renderer' | 'maxWork'>,
  request: RenderOptions,
): void =>
  requireWork(
    { ...request, seed: request.seed ?? 0 },
    { most: maxWork, workOf: (film) => renderer.work(film) },
  );

/**
 * Checks what a person asked for and says everything that they left out, but for the seed.
 * @throws GramzoomError `request-field`, `request-fields`, `too-much-work`
 */
export const requestOf = (
  deps: Pick<CoordinatorDeps, 'defaults' | 'renderer' | 'maxWork'>,
  options: unknown,
): RenderOptions => {
  const given =
    typeof options === 'object' && options !== null && !Array.isArray(options)
      ? { network: deps.defaults.network, ...options }
      : options;
  const request = parseRequest(given);
  requireAllowedWork(deps, request);
  return request;
};

const mostBytes = ({ chats }: Pick<CoordinatorDeps, 'chats'>, target: ReplyTarget): number | null =>
  chats.get(target.platform)?.maxFileBytes(target) ?? null;

/** The request with a film that can be attached where the answer goes, and what was asked for apart from that. */
export const capFileSize = (
  deps: Pick<CoordinatorDeps, 'chats'>,
  request: RenderRequest,
  target: ReplyTarget,
): Pick<Job, 'request' | 'askedMaxBytes'> => {
  const most = mostBytes(deps, target);
  const maxBytes = most === null ? request.maxBytes : Math.min(request.maxBytes ?? most, most);
  return {
    request: { ...request, ...(maxBytes !== undefined && { maxBytes }) },
    askedMaxBytes: request.maxBytes ?? null,
  };
};

/** The request without what the place of its answer made of it. */
export const requestAsAsked = (
  deps: Pick<CoordinatorDeps, 'chats'>,
  { request, askedMaxBytes, replyTarget }: Job,
): RenderRequest => {
  if (askedMaxBytes !== null) return { ...request, maxBytes: askedMaxBytes };
  if (request.maxBytes !== mostBytes(deps, replyTarget)) return request;
  const { maxBytes: _, ...rest } = request;
  return rest;
};

/** See `Renders.admit`. */
export const admit = async (
  coordinator: Coordinator,
  origin: Origin | null,
  { options }: { readonly options?: unknown } = {},
): Promise<void> => {
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  const { store, limits, networks } = coordinator.deps;
  const request = options === undefined ? null : requestOf(coordinator.deps, options);
  if (request) await networks.require(request.network, request.depth);
  const reached = origin && (await store.jobs.reachedLimit(origin, limits));
  if (reached) throw limitError(reached, limits);
  await requireSpace(coordinator, request);
};

const limitError = (reached: 'user-limit' | 'server-limit', { perUser, perServer }: Limits): GramzoomError =>
  new GramzoomError(reached, { limit: reached === 'user-limit' ? perUser : perServer });

/**
 * Writes the row, unless its event has led to one before.
 * @param limits those that hold for everybody unless told
 * @throws GramzoomError `user-limit`, `server-limit`, `disk-full`, `stopping`
 */
export const insertRow = async (
  coordinator: Coordinator,
  job: NewJob,
  limits: Limits = coordinator.deps.limits,
): Promise<{ readonly job: Job; readonly isNew: boolean }> => {
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  await requireSpace(coordinator, job.request);
  const { store } = coordinator.deps;
  // Known before the row is there: no sweep takes it for one that nobody works on.
  coordinator.fetching.set(job.id, new AbortController());
  try {
    const inserted = await store.jobs.insert(job, limits);
    switch (inserted.kind) {
      case 'inserted':
        return { job: inserted.job, isNew: true };
      case 'known':
        coordinator.fetching.delete(job.id);
        return { job: inserted.job, isNew: false };
      case 'user-limit':
      case 'server-limit':
        throw limitError(inserted.kind, limits);
      default:
        return inserted satisfies never;
    }
  } catch (error) {
    coordinator.fetching.delete(job.id);
    throw error;
  }
};
