import type { JobId } from '../../domain/job.ts';
import type { WorkerEvent } from '../../ports/job-events.ts';
import { followRenderSoon } from './contests/entries-of-render.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';
import { deliver } from './deliver.ts';
import { noteLackOfSpace } from './disk-space.ts';
import { announceDamaged, postOutcome } from './finish.ts';
import { costKeyOf, standardCostKey } from './speed.ts';

const forget = (coordinator: Coordinator, id: JobId): void => {
  coordinator.progress.delete(id);
  noteLackOfSpace(coordinator, id, false);
  coordinator.speed.endRender();
  queueChanged(coordinator);
};

/** Those who wait hear at once when it is known for the first time how long a render takes. */
const noteSpeed = (
  { speed, progress, notifier }: Coordinator,
  { job, factors, units, seconds }: Extract<WorkerEvent, { kind: 'measured' }>,
): void => {
  const running = progress.get(job)?.costKey;
  const isFirst = running !== undefined && speed.secondsPerUnit(running) === null;
  speed.add(costKeyOf(factors), units, seconds);
  if (isFirst) notifier.changed();
};

/**
 * Follows what a worker tells. Whatever is never told is found in the rows: by whoever reads the queue, and by the next
 * sweep.
 */
export const followWorker = (coordinator: Coordinator, event: WorkerEvent): void => {
  const { deps, messageSync, progress, speed, notifier } = coordinator;
  // Claims come upon rows that cannot be read.
  const findDamaged = () =>
    inBackground(coordinator, 'render: failed to tell of damaged rows', () => announceDamaged(coordinator));
  switch (event.kind) {
    case 'claimed': {
      const { id, request, unitsDone } = event.job;
      const work = deps.renderer.work(request);
      progress.set(id, { costKey: costKeyOf(request), work, unitsDone, share: 0 });
      queueChanged(coordinator);
      messageSync.schedule(id, { everyMs: 0 });
      findDamaged();
      break;
    }
    case 'idle':
      findDamaged();
      break;
    case 'progress': {
      const { job, unitsDone, share } = event;
      const known = progress.get(job);
      if (known) progress.set(job, { ...known, unitsDone, share });
      messageSync.schedule(job);
      break;
    }
    case 'preview':
      coordinator.previews.add(event.job, event.preview);
      messageSync.schedule(event.job);
      break;
    case 'waits-for-space':
      noteLackOfSpace(coordinator, event.job, event.waits);
      break;
    case 'measured':
      noteSpeed(coordinator, event);
      break;
    case 'probed':
      for (const { size, secondsPerWork } of event.sizes) {
        speed.guess(standardCostKey({ network: event.network, size }), secondsPerWork);
      }
      notifier.changed();
      break;
    case 'rendered':
      forget(coordinator, event.job);
      deliver(coordinator, event.job, event);
      break;
    case 'failed':
      forget(coordinator, event.job);
      followRenderSoon(coordinator, event.job);
      postOutcome(coordinator, event.job);
      break;
    case 'stopped':
      forget(coordinator, event.job);
      break;
    default:
      event satisfies never;
  }
};
