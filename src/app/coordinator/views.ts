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
  readonly withoutSpace: ReadonlySet<JobId>;
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
      const { id, origin, state, parent, report } = job;
      const { kind, seed, network, depth, quality, format, size } = job.request;
      return {
        ...{ id, origin, state, parent, kind, seed, network, depth, quality, format, size, progress },
        position: place?.position ?? (state === 'running' ? 0 : null),
        waiting: waiting.length,
        etaSeconds: place
          ? seconds(ahead.reduce(addRemaining, place.work))
          : mine
            ? seconds(addRemaining(noWork, mine))
            : null,
        share: shareOf(job, progress, mine),
        sides: report && { width: report.width, height: report.height },
        photoOwner: job.source.owner,
        failure: state === 'failed' || job.failure?.code === 'film-deleted' ? job.failure : null,
        waitsForSpace: parts.withoutSpace.has(id),
      };
    },
  };
};
