import type { Job, JobId } from '../../domain/job.ts';
import { progressOf } from '../../domain/kinds.ts';
import type { Progress } from '../../domain/progress.ts';
import type { JobView } from '../renders.ts';
import type { QueueSnapshots } from './queue-snapshot.ts';
import { addWork, noWork, type RenderProgress, type Speed, type Work } from './speed.ts';

export type Views = ReturnType<typeof createViews>;

/** How far it is. Before a render that is resumed has made its first step, what is in its row tells. */
const shareOf = ({ state }: Job, { done, total }: Progress, live: RenderProgress | undefined): number =>
  state === 'delivering' || state === 'done' ? 1 : Math.max(done / total, live?.share ?? 0);

const addRemaining = (work: Work, { costKey, work: whole, share }: RenderProgress): Work =>
  addWork(work, costKey, whole * Math.max(0, 1 - share));

/**
 * Time left is the work that is left (of what runs, of those ahead, of its own), each part times the seconds per unit
 * measured so far at its cost key.
 */
export const createViews = (parts: {
  readonly snapshots: QueueSnapshots;
  readonly speed: Speed;
  readonly progress: ReadonlyMap<JobId, RenderProgress>;
  readonly withoutRoom: ReadonlySet<JobId>;
}) => {
  const seconds = (work: Work): number | null => {
    const exact = parts.speed.seconds(work);
    return exact === null ? null : Math.max(1, Math.round(exact));
  };

  return {
    /** A row with its place in the queue and what is left of it. */
    of: async (job: Job): Promise<JobView> => {
      const { running, waiting, places } = await parts.snapshots.read();
      const place = job.state === 'queued' ? places.get(job.id) : undefined;
      const mine = job.state === 'running' ? parts.progress.get(job.id) : undefined;
      const ahead = running.flatMap(({ id }) => (id === job.id ? [] : (parts.progress.get(id) ?? [])));
      const progress = progressOf(job.request, Math.max(job.unitsDone, mine?.unitsDone ?? 0));
      return {
        id: job.id,
        origin: job.origin,
        state: job.state,
        position: place?.position ?? (job.state === 'running' ? 0 : null),
        waiting: waiting.length,
        etaSeconds: place
          ? seconds(ahead.reduce(addRemaining, place.work))
          : mine
            ? seconds(addRemaining(noWork, mine))
            : null,
        kind: job.request.kind,
        progress,
        share: shareOf(job, progress, mine),
        seed: job.request.seed,
        network: job.request.network,
        depth: job.request.depth,
        quality: job.request.quality,
        sides: job.report && { width: job.report.width, height: job.report.height },
        format: job.request.format,
        parent: job.parent,
        photoOwner: job.source.owner,
        size: job.request.size,
        failure: job.state === 'failed' || job.failure?.code === 'film-deleted' ? job.failure : null,
        waitsForRoom: parts.withoutRoom.has(job.id),
      };
    },
  };
};
