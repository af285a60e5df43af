import { GramzoomError } from '../../domain/errors.ts';
import type { RenderDeps } from '../deps.ts';
import type { Renders } from '../renders.ts';
import { runNext } from '../worker/run-job.ts';
import { cancel, endDeserted } from './cancel.ts';
import { createFloor } from './coordinator.ts';
import { erasable, erase } from './erase.ts';
import { filmGone, filmMessages } from './gone-films.ts';
import { busyServers, leave } from './leave.ts';
import { admit } from './new-row.ts';
import { keepPhoto } from './photo-files.ts';
import { clearReactions, films, react, refuse, unreact } from './reactions.ts';
import { resume } from './recover-jobs.ts';
import { remove } from './remove.ts';
import { enlarge, reroll } from './reroll.ts';
import { sweep } from './retention.ts';
import { roomVerdict } from './room.ts';
import { stop } from './stop.ts';
import { submit } from './submit.ts';

/** How many of a person's renders are listed. */
const mineLimit = 25;

export type RenderService = Renders & {
  /** Housekeeping; to be called every few minutes. */
  sweep(): Promise<void>;
  /** Why no photo can be taken for lack of room, in a few words for an operator; null: it can. */
  room(): Promise<string | null>;
  /** Renders that wait for room on the disk. */
  withoutRoom(): number;
};

/** The use cases of renders over everything they need from outside. */
export const createRenders = (deps: RenderDeps): RenderService => {
  const floor = createFloor(deps, { runNext, endDeserted });
  const { jobs } = deps.store;
  const { of: view } = floor.views;

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
    admit: (origin) => admit(floor, origin),
    keepPhoto: (bytes, options) => keepPhoto(floor, bytes, options),
    submit: (submission) => submit(floor, submission),
    reroll: (id, by) => reroll(floor, id, by),
    enlarge: (id, by) => enlarge(floor, id, by),
    asked: async (id) => {
      const job = await jobs.get(id);
      if (!job) throw new GramzoomError('not-found', {});
      const { seed: _, ...options } = job.request;
      return { options, replyTarget: job.replyTarget, photoOwner: job.source.owner };
    },
    cancel: (id, by) => cancel(floor, id, by),
    remove: (id, by) => remove(floor, id, by),
    erasable: (order, actor) => erasable(floor, order, actor),
    erase: (order, actor) => erase(floor, order, actor),
    react: (reaction, by) => react(floor, reaction, by),
    refuse: (reaction, options) => refuse(floor, reaction, options),
    unreact: (reaction) => unreact(floor, reaction),
    clearReactions: (message, kind) => clearReactions(floor, message, kind),
    films: (platform, options) => films(floor, platform, options),
    busyServers: (platform) => busyServers(floor, platform),
    leave: (platform, server) => leave(floor, platform, server),
    filmMessages: (platform) => filmMessages(floor, platform),
    filmGone: (message) => filmGone(floor, message),
    view: async (id) => {
      const job = await jobs.get(id);
      return job && view(job);
    },
    film,
    result: async (id) => {
      const { blob, format } = await film(id);
      const bytes = await deps.blobs.get(blob);
      if (!bytes) throw new GramzoomError('result-expired', {});
      return { bytes, format };
    },
    queue: async () => {
      const { waiting } = await floor.line.read();
      const running = floor.running && (await jobs.get(floor.running.job.id));
      return {
        running: running?.state === 'running' ? await view(running) : null,
        waiting: await Promise.all(waiting.map(view)),
      };
    },
    networks: async () => ({ standard: deps.defaults.network, all: await deps.networks.list() }),
    mine: async (actor) => Promise.all((await jobs.ofUser(actor, { limit: mineLimit })).map(view)),
    resume: () => resume(floor),
    stop: (options) => stop(floor, options),
    sweep: () => sweep(floor),
    room: () => roomVerdict(floor),
    withoutRoom: () => floor.withoutRoom.size,
  };
};
