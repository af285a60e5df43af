import { createEventChannel } from '../concurrency/event-channel.ts';
import { Mutex } from '../concurrency/keyed-mutex.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { JobId } from '../domain/job.ts';
import { withoutFurtherPhotos } from '../domain/kinds.ts';
import type { JobEvents } from '../ports/job-events.ts';
import { busyServers, cancel, leave } from './coordinator/cancel.ts';
import { createContests } from './coordinator/contests/create-contests.ts';
import { createCoordinator, stopCoordinator } from './coordinator/coordinator.ts';
import { spaceProblem } from './coordinator/disk-space.ts';
import { erasable, erase } from './coordinator/erase.ts';
import { keepPhoto } from './coordinator/fetch-photo.ts';
import { followWorker } from './coordinator/follow-worker.ts';
import { admit } from './coordinator/new-row.ts';
import { performDue } from './coordinator/notices.ts';
import { clearReactions, press, react, reactable, refuse, unreact } from './coordinator/reactions.ts';
import { resume } from './coordinator/recover-jobs.ts';
import { filmGone, filmMessages, remove } from './coordinator/remove.ts';
import { enlarge, reroll } from './coordinator/reroll.ts';
import { sweep } from './coordinator/retention.ts';
import { sentMessage, shownAt } from './coordinator/sent-messages.ts';
import { type MakeSubjectHandler, subjectHandlers } from './coordinator/subjects.ts';
import { submit } from './coordinator/submit.ts';
import type { RenderDeps } from './deps.ts';
import type { Renders } from './renders.ts';
import { createWorker } from './worker/create-worker.ts';

/** How many of a person's renders are listed. */
const mineLimit = 25;

export type RenderService = Renders & {
  /** Housekeeping; to be called every few minutes. */
  sweep(): Promise<void>;
  /** Why no photo can be taken for lack of disk space, in a few words for an operator; null: it can. */
  spaceProblem(): Promise<string | null>;
  /** Renders that wait for disk space. */
  withoutSpace(): number;
  /** Whether this process renders now. */
  isRendering(): boolean;
};

/**
 * The use cases of renders, and a worker for them in the same process.
 * @param options.subjects kinds of subjects; all that there are unless a test adds one
 */
export const createRenders = (
  given: RenderDeps,
  { subjects = subjectHandlers }: { readonly subjects?: readonly MakeSubjectHandler[] } = {},
): RenderService => {
  const events: JobEvents = { toCoordinator: createEventChannel(), toWorkers: createEventChannel() };
  const deps = { events, blobLock: new Mutex(), ...given };
  const coordinator = createCoordinator(deps, { performDue, handlers: subjects });
  const worker = createWorker(deps);
  deps.events.toCoordinator.listen((event) => followWorker(coordinator, event));
  const { jobs } = deps.store;
  const { of: view } = coordinator.views;

  const viewById: Renders['view'] = async (id) => {
    const job = await jobs.get(id);
    return job && view(job);
  };

  const film: Renders['film'] = async (id) => {
    const job = await jobs.get(id);
    if (!job || job.state === 'failed' || job.state === 'cancelled') throw new GramzoomError('not-found', {});
    if (job.state !== 'done') throw new GramzoomError('not-ready', {});
    if (job.failure?.code === 'film-deleted') throw new GramzoomError('film-deleted', {});
    if (!job.result) throw new GramzoomError('result-expired', {});
    return { blob: job.result, format: job.request.format };
  };

  return {
    maxWork: deps.maxWork,
    contests: createContests(coordinator),
    admit: (origin, options) => admit(coordinator, origin, { options }),
    keepPhoto: (bytes, options) => keepPhoto(coordinator, bytes, options),
    submit: (submission) => submit(coordinator, submission),
    reroll: (id, by) => reroll(coordinator, id, by),
    enlarge: (id, by) => enlarge(coordinator, id, by),
    asked: async (id) => {
      const job = await jobs.get(id);
      if (!job) throw new GramzoomError('not-found', {});
      const { seed: _, ...options } = withoutFurtherPhotos(job.request);
      return { options, replyTarget: job.replyTarget, photoOwner: job.source.owner };
    },
    cancel: (id, by) => cancel(coordinator, id, by),
    remove: (id, by) => remove(coordinator, id, by),
    erasable: (order, actor) => erasable(coordinator, order, actor),
    erase: (order, actor) => erase(coordinator, order, actor),
    react: (reaction, by) => react(coordinator, reaction, by),
    refuse: (reaction, options) => refuse(coordinator, reaction, options),
    unreact: (reaction) => unreact(coordinator, reaction),
    clearReactions: (message, kind) => clearReactions(coordinator, message, kind),
    reactable: (platform, options) => reactable(coordinator, platform, options),
    press: (button) => press(coordinator, button),
    busyServers: (platform) => busyServers(coordinator, platform),
    leave: (platform, server) => leave(coordinator, platform, server),
    filmMessages: (platform) => filmMessages(coordinator, platform),
    filmGone: (message) => filmGone(coordinator, message),
    view: viewById,
    renderAt: async (message) => {
      const subject = (await deps.store.outbox.of(message))?.subject;
      return subject?.kind === 'render' ? await viewById(subject.id as JobId) : undefined;
    },
    sentMessage: (message) => sentMessage(coordinator, message),
    shownAt: (id) => shownAt(coordinator, id),
    film,
    result: async (id) => {
      const { blob, format } = await film(id);
      const bytes = await deps.blobs.get(blob);
      if (!bytes) throw new GramzoomError('result-expired', {});
      return { bytes, format };
    },
    queue: async () => {
      const { running, waiting } = await coordinator.snapshots.read();
      const first = running[0] && (await jobs.get(running[0].id));
      return {
        running: first?.state === 'running' ? await view(first) : null,
        waiting: await Promise.all(waiting.map(view)),
      };
    },
    networks: async () => ({ standard: deps.defaults.network, all: await deps.networks.list() }),
    mine: async (actor) => Promise.all((await jobs.ofUser(actor, { limit: mineLimit })).map(view)),
    resume: async () => {
      const resumed = await resume(coordinator);
      worker.start();
      return resumed;
    },
    stop: ({ graceMs }) => stopCoordinator(coordinator, { graceMs, after: worker.stop({ graceMs }) }),
    sweep: () => sweep(coordinator),
    spaceProblem: () => spaceProblem(coordinator),
    withoutSpace: () => coordinator.withoutSpace.size,
    isRendering: () => worker.isBusy(),
  };
};
