import type { AppLog } from '../ports/log.ts';
import type { FetchProgress } from './fetch.ts';

/** Notes how far a download is, a few times. */
export const createFetchNotes = (log: AppLog, network: string): ((progress: FetchProgress) => void) => {
  const step = 10;
  let next = 0;
  return (progress) => {
    if (progress.kind !== 'receiving') {
      log.info(`network: ${progress.kind}`, { network });
      return;
    }
    const percent = Math.floor((100 * progress.receivedBytes) / progress.totalBytes);
    if (percent < next) return;
    next = step * (Math.floor(percent / step) + 1);
    log.info('network: downloading', { network, percent });
  };
};
