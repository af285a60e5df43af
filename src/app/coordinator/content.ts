import { type ErrorCode, type Failure, GramzoomError, toFailure } from '../../domain/errors.ts';
import { type BlobId, isFinished, type Job } from '../../domain/job.ts';
import { kindOf, largerSize } from '../../domain/kinds.ts';
import type { MessageAction, MessageAttachment, MessageBody, MessageContent } from '../../domain/message.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { StoredPicture } from '../deps.ts';
import type { JobView } from '../renders.ts';

const unknownFailure: Failure = toFailure(new GramzoomError('internal', { reason: 'unknown' }));

/** What the messages say once there is a result. */
const resultBody = (job: Job): MessageBody => ({
  kind: 'result',
  renderKind: job.request.kind,
  seed: job.request.seed,
  network: job.request.network,
  depth: job.request.depth,
  quality: job.request.quality,
  sides: job.report && { width: job.report.width, height: job.report.height },
  parent: job.parent,
  bytes: job.report?.bytes ?? 0,
  renderSeconds: job.report?.seconds.total ?? 0,
});

const runningBody = ({
  kind: renderKind,
  progress,
  share,
  etaSeconds,
  waitsForRoom,
}: JobView): MessageBody =>
  waitsForRoom
    ? { kind: 'no-room', renderKind, progress }
    : { kind: 'running', renderKind, progress, share, etaSeconds };

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
    case 'delivering':
      return runningBody(view);
    case 'done':
      return resultBody(job);
    case 'failed':
      return { kind: 'failed', failure: job.failure ?? unknownFailure };
    case 'cancelled':
      return { kind: 'cancelled' };
    default:
      return job.state satisfies never;
  }
};

/** Of these failures the chat itself is the reason, so that it may not take a message of its own about them either. */
const undelivered: ReadonlySet<ErrorCode> = new Set([
  'chat-refused',
  'chat-unreachable',
  'chat-gone',
  'permissions-missing',
  'file-too-large',
]);

const answerActions = (job: Job): readonly MessageAction[] => {
  if (!isFinished(job.state)) return ['cancel'];
  const isUndelivered = job.state === 'failed' && job.failure && undelivered.has(job.failure.code);
  return isUndelivered ? [...againWith(job, ['reroll']), 'delete'] : [];
};

/** The message in the channel: how it stands with the render. The actions move to the last message in time. */
export const answerContent = (job: Job, view: JobView): MessageContent => ({
  subject: renderSubject(job.id),
  body: answerBody(job, view),
  attachments: [],
  mentionsRequester: false,
  actions: answerActions(job),
});

/** The same once the film is posted, which the row says a moment later. */
export const readyContent = (job: Job): MessageContent => ({
  subject: renderSubject(job.id),
  body: resultBody(job),
  attachments: [],
  mentionsRequester: false,
  actions: [],
});

/** The picture so far, in the thread. */
export const progressContent = (job: Job, view: JobView, picture: StoredPicture): MessageContent => ({
  subject: renderSubject(job.id),
  body: {
    kind: 'progress',
    renderKind: view.kind,
    progress: view.progress,
    seed: view.seed,
    network: view.network,
    parent: view.parent,
  },
  attachments: [
    {
      blob: picture.blob,
      name: picture.name,
      format: 'jpeg',
      sides: picture.sides,
      alt: job.attachment.name,
    },
  ],
  actions: [],
  mentionsRequester: false,
});

/** What can be done with a photo that is still here. */
const againWith = ({ photo }: Job, actions: readonly MessageAction[]): readonly MessageAction[] =>
  photo === null ? [] : actions;

const lastWords = (job: Job, body: MessageBody): MessageContent => ({
  subject: renderSubject(job.id),
  body,
  attachments: [],
  actions: [...againWith(job, ['reroll']), 'delete'],
  mentionsRequester: true,
});

/** The answer to a render that ended before it began: all that there is to say about it. */
export const endContent = (job: Job, view: JobView): MessageContent => ({
  ...lastWords(job, answerBody(job, view)),
  mentionsRequester: false,
});

const resultOf = ({ attachment, poster, request }: Job, blob: BlobId): MessageAttachment => ({
  blob,
  name: `${kindOf(request).command}-${request.seed}.${request.format}`,
  format: request.format,
  ...(poster !== null && kindOf(request).moves && { still: poster }),
  alt: attachment.name,
});

/** @throws GramzoomError `result-expired` */
export const copyContent = (job: Job): MessageContent => {
  if (job.result === null) throw new GramzoomError('result-expired', {});
  return {
    subject: renderSubject(job.id),
    body: { kind: 'copy', renderKind: job.request.kind, bytes: job.report?.bytes ?? 0 },
    attachments: [resultOf(job, job.result)],
    actions: ['download'],
    mentionsRequester: false,
  };
};

/** The last message in the thread: the film, or why there is none. */
export const finalContent = (job: Job): MessageContent => {
  if (job.state === 'failed') {
    return lastWords(job, { kind: 'failed', failure: job.failure ?? unknownFailure });
  }
  if (job.state === 'cancelled') return lastWords(job, { kind: 'cancelled' });
  if (job.result === null) return lastWords(job, { kind: 'expired', renderKind: job.request.kind });
  const larger: readonly MessageAction[] = largerSize(job.request) === null ? [] : ['larger'];
  return {
    subject: renderSubject(job.id),
    body: resultBody(job),
    attachments: [resultOf(job, job.result)],
    actions: [...againWith(job, ['reroll', ...larger]), 'download', 'delete', 'delete-photo'],
    mentionsRequester: true,
  };
};
