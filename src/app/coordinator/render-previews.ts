import type { JobId } from '../../domain/job.ts';
import { hasSpareSpace } from '../../domain/storage-need.ts';
import type { Preview } from '../../ports/job-events.ts';
import type { CoordinatorDeps, StoredPicture } from '../deps.ts';

/** The newest looks at renders. Only what is shown is stored. */
export class RenderPreviews {
  readonly #deps: Pick<CoordinatorDeps, 'blobs' | 'disk' | 'log'>;
  readonly #unseen = new Map<JobId, Preview>();
  readonly #stored = new Map<JobId, StoredPicture>();

  constructor(deps: Pick<CoordinatorDeps, 'blobs' | 'disk' | 'log'>) {
    this.#deps = deps;
  }

  /** The newest look at a render, for the next update. */
  add(id: JobId, preview: Preview): void {
    this.#unseen.set(id, preview);
  }

  /** The newest one, stored; null if there is none. A render continues without pictures where there is no space. */
  async store(id: JobId): Promise<StoredPicture | null> {
    const { blobs, disk, log } = this.#deps;
    const newest = this.#unseen.get(id);
    this.#unseen.delete(id);
    try {
      const space = newest && (await disk.space());
      if (newest && (!space || hasSpareSpace(space))) {
        const { jpeg, name, sides } = newest;
        this.#stored.set(id, { blob: await blobs.put(jpeg), name, sides });
      }
    } catch (error) {
      log.forJob(id).warn('preview: failed to store it', { error });
    }
    return this.#stored.get(id) ?? null;
  }

  /** Nobody is shown it any more. */
  forget(id: JobId): void {
    this.#unseen.delete(id);
    this.#stored.delete(id);
  }
}
