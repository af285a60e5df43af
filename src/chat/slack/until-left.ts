import { GramzoomError } from '../../domain/errors.ts';

export const leftOut = (): GramzoomError =>
  new GramzoomError('chat-unreachable', { platform: 'Slack', reason: 'something more urgent' });

/** The result of work until somebody leaves it: it goes on all the same. @throws GramzoomError `chat-unreachable` */
export const untilLeft = <T>(work: Promise<T>, left: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(leftOut());
    if (left.aborted) leave();
    else left.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => left.removeEventListener('abort', leave));
  });
