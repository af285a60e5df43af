import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GramzoomError } from '../domain/errors.ts';
import { errnoOf } from './errno.ts';

/**
 * Asks for ffmpeg before the render, not after it.
 * @throws GramzoomError `ffmpeg-missing`; `cancelled`
 */
export const requireFfmpeg = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
  try {
    await promisify(execFile)('ffmpeg', ['-version'], { signal });
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') throw new GramzoomError('ffmpeg-missing', {}, { cause });
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause });
    throw new GramzoomError('ffmpeg-failed', { reason: 'ffmpeg -version fails' }, { cause });
  }
};
