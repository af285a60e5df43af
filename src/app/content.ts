import { type Failure, GramzoomError, toFailure } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import type { MessageAction, MessageAttachment, MessageBody, MessageContent } from '../domain/message.ts';
import type { StoredPicture } from './deps.ts';
import type { JobView } from './renders.ts';

const unknownFailure: Failure = toFailure(new GramzoomError('internal', { reason: 'unknown' }));

/** What the film's messages say once there is a film. */
const filmBody = (job: Job): MessageBody => ({
  kind: 'film',
  seed: job.request.seed,
  network: job.request.network,
  depth: job.request.depth,
  quality: job.request.quality,
  sides: job.report && { width: job.report.width, height: job.report.height },
  parent: job.parent,
  bytes: job.report?.bytes ?? 0,
  renderSeconds: job.report?.seconds.total ?? 0,
});

const answerBody = (job: Job, view: JobView): MessageBody => {
  switch (job.state) {
    case 'fetching':
      return { kind: 'fetching' };
    case 'queued':
      return {
        kind: 'waiting',
        position: view.position ?? view.waiting,
        total: view.waiting,
        etaSeconds: view.etaSeconds,
      };
    case 'running':
      return {
        kind: 'running',
        framesDone: view.framesDone,
        frames: view.frames,
        etaSeconds: view.etaSeconds,
      };
    case 'delivering':
    case 'done':
      return filmBody(job);
    case 'failed':
      return { kind: 'failed', failure: job.failure ?? unknownFailure };
    case 'cancelled':
      return { kind: 'cancelled' };
    default:
      return job.state satisfies never;
  }
};

/** The message in the channel: how it stands with the render. The actions move to the last message in time. */
export const answerContent = (job: Job, view: JobView): MessageContent => ({
  render: job.id,
  body: answerBody(job, view),
  attachments: [],
  actions: job.state === 'fetching' || job.state === 'queued' || job.state === 'running' ? ['cancel'] : [],
});

/** The picture so far, in the thread. */
export const progressContent = (job: Job, view: JobView, picture: StoredPicture): MessageContent => ({
  render: job.id,
  body: { kind: 'progress', framesDone: view.framesDone, frames: view.frames },
  attachments: [
    {
      blob: picture.blob,
      name: picture.name,
      format: 'jpeg',
      alt: `${job.attachment.name}, ${view.framesDone}/${view.frames}`,
    },
  ],
  actions: [],
});

/** The last message in the thread: the film, or why there is none. */
export const finalContent = (job: Job): MessageContent => {
  const again: readonly MessageAction[] = job.photo === null ? [] : ['reroll'];
  const words = (body: MessageBody): MessageContent => ({
    render: job.id,
    body,
    attachments: [],
    actions: [...again, 'delete'],
  });
  if (job.state === 'failed') return words({ kind: 'failed', failure: job.failure ?? unknownFailure });
  if (job.state === 'cancelled') return words({ kind: 'cancelled' });
  if (job.result === null) return words({ kind: 'expired' });
  const { format, seed } = job.request;
  const film: MessageAttachment = {
    blob: job.result,
    name: `gramzoom-${seed}.${format}`,
    format,
    ...(job.poster !== null && { still: job.poster }),
    alt: `${job.attachment.name}, ${seed}`,
  };
  return {
    render: job.id,
    body: filmBody(job),
    attachments: [film],
    actions: [...again, 'download', 'delete'],
  };
};
