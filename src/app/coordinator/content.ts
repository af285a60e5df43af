import { type ErrorCode, type Failure, GramzoomError, toFailure } from '../../domain/errors.ts';
import { type BlobId, isFinished, type Job, photosThrough } from '../../domain/job.ts';
import { kindOf, largerSize } from '../../domain/kinds.ts';
import type { MessageAction, MessageAttachment, MessageBody, MessageContent } from '../../domain/message.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { StoredPicture } from '../deps.ts';
import type { JobView } from '../renders.ts';

const unknownFailure: Failure = toFailure(new GramzoomError('internal', { reason: 'unknown' }));

const reelOf = (job: Pick<Job, 'request'>): { readonly isReel?: true } =>
  photosThrough(job).length > 0 ? { isReel: true } : {};

/** What the messages say once there is a result. */
const resultBody = ({ request, report, parent }: Job): MessageBody => {
  const { kind: renderKind, seed, network, depth, quality } = request;
  const sides = report && { width: report.width, height: report.height };
  const [bytes, renderSeconds] = [report?.bytes ?? 0, report?.seconds.total ?? 0];
  return {
    ...{ kind: 'result', renderKind, seed, network, depth, quality, sides, parent, bytes, renderSeconds },
    ...reelOf({ request }),
  };
};

const runningBody = ({
  kind: renderKind,
  progress,
  share,
  etaSeconds,
  waitsForSpace,
}: JobView): MessageBody =>
  waitsForSpace
    ? { kind: 'no-room', renderKind, progress }
    : { kind: 'running', renderKind, progress, share, etaSeconds };

const answerBody = (job: Job, view: JobView): MessageBody => {
  const { position, waiting, etaSeconds } = view;
  switch (job.state) {
    case 'fetching':
      return { kind: 'fetching' };
    case 'queued':
      return {
        ...{ kind: 'waiting', position: position ?? waiting, total: waiting, etaSeconds },
        ...reelOf(job),
      };
    case 'running':
    case 'delivering':
      return { ...runningBody(view), ...reelOf(job) };
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

/** A message of a render: without files, buttons and mention unless told. */
const message = (job: Job, body: MessageBody, parts: Partial<MessageContent> = {}): MessageContent => ({
  subject: renderSubject(job.id),
  body,
  attachments: [],
  actions: [],
  mentionsRequester: false,
  ...parts,
});

/** What can be done with a photo that is still here. */
const againWith = ({ photo }: Job, actions: readonly MessageAction[]): readonly MessageAction[] =>
  photo === null ? [] : actions;

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
export const answerContent = (job: Job, view: JobView): MessageContent =>
  message(job, answerBody(job, view), { actions: answerActions(job) });

/** The same once the film is posted, which the row says a moment later. */
export const readyContent = (job: Job): MessageContent => message(job, resultBody(job));

/** The picture so far, in the thread. */
export const progressContent = (job: Job, view: JobView, picture: StoredPicture): MessageContent => {
  const { kind: renderKind, progress, seed, network, parent } = view;
  return message(
    job,
    { kind: 'progress', renderKind, progress, seed, network, parent },
    { attachments: [{ ...picture, format: 'jpeg', alt: job.attachment.name }] },
  );
};

const lastWords = (job: Job, body: MessageBody): MessageContent =>
  message(job, body, { actions: [...againWith(job, ['reroll']), 'delete'], mentionsRequester: true });

/** The answer to a render that ended before it began: all that there is to say about it. */
export const endContent = (job: Job, view: JobView): MessageContent => ({
  ...lastWords(job, answerBody(job, view)),
  mentionsRequester: false,
});

/** The file of a render, as it is attached. */
export const resultOf = ({ attachment, poster, request }: Job, blob: BlobId): MessageAttachment => ({
  blob,
  name: `${kindOf(request).command}-${request.seed}.${request.format}`,
  format: request.format,
  ...(poster !== null && { still: poster }),
  alt: attachment.name,
});

/** @throws GramzoomError `result-expired` */
export const copyContent = (job: Job): MessageContent => {
  if (job.result === null) throw new GramzoomError('result-expired', {});
  const body = { kind: 'copy', renderKind: job.request.kind, bytes: job.report?.bytes ?? 0 } as const;
  return message(job, body, { attachments: [resultOf(job, job.result)], actions: ['download'] });
};

/**
 * The last message in the thread: the film, or why there is none.
 * @param options.canEnter whether the film can be entered into a contest there
 */
export const finalContent = (job: Job, { canEnter }: { readonly canEnter: boolean }): MessageContent => {
  if (job.state === 'failed') {
    return lastWords(job, { kind: 'failed', failure: job.failure ?? unknownFailure });
  }
  if (job.state === 'cancelled') return lastWords(job, { kind: 'cancelled' });
  if (job.result === null) return lastWords(job, { kind: 'expired', renderKind: job.request.kind });
  const larger: readonly MessageAction[] = largerSize(job.request) === null ? [] : ['larger'];
  // A reel is everybody's: nobody asked for it.
  if (photosThrough(job).length > 0) {
    const attachments = [resultOf(job, job.result)];
    return message(job, resultBody(job), { attachments, actions: ['download', 'delete'] });
  }
  return message(job, resultBody(job), {
    attachments: [resultOf(job, job.result)],
    actions: [
      ...(canEnter ? (['enter'] as const) : []),
      ...againWith(job, ['reroll', ...larger]),
      ...(['download', 'delete', 'delete-photo'] as const),
    ],
    mentionsRequester: true,
  });
};
