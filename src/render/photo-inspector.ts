import { createHash } from 'node:crypto';
import QuickLRU from 'quick-lru';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import type { Size } from '../domain/picture.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { PhotoPreview } from '../ports/photo-preview.ts';
import type { ChildLimits } from './child-job.ts';
import { ChildWorker } from './child-worker.ts';

export type PhotoInspectorOptions = Partial<ChildLimits> & {
  readonly clock: Clock;
  /** How long a photo's file may be. */
  readonly maxBytes: number;
  /** After which a child that has nothing to do ends. */
  readonly idleMs?: number;
  /** The module that the child runs. */
  readonly entry?: URL;
};

/** More memory than the decoder's own limit lets it take, Node and libvips included. */
export const maxInspectorBytes = 900e6;

/** How far a photo is opened; `within`: the box of the preview that is wanted, if one is. */
type Look = { readonly within: Size | null; readonly signal: AbortSignal };

/** A photo may be the innocent neighbour of what killed the child. */
const tries = 2;

/** So many photos that could be opened are known again: the page shows a photo before it is taken for a render. */
const remembered = 64;

const fingerprintOf = (photo: Uint8Array): string => createHash('sha256').update(photo).digest('base64');

/** Windows has statuses for what are signals elsewhere. What ends with 1 could not even begin: no photo's fault. */
const isCrash = (how: string): boolean => {
  const status = /^exit status (\d+)$/.exec(how)?.[1];
  return status === undefined ? how.startsWith('SIG') : Number(status) > 128;
};

/**
 * Opens strangers' photos in a child process of its own, one at a time: whatever a decoder does with them, it does
 * not do it in the process that holds tokens and database. The child starts with the first photo and ends when it
 * has had nothing to do for a while.
 */
export class PhotoInspector {
  readonly #options: Required<PhotoInspectorOptions>;
  readonly #worker: ChildWorker;
  readonly #fine = new QuickLRU<string, true>({ maxSize: remembered });
  #waiting = 0;
  #idle: Timer | undefined;

  constructor(options: PhotoInspectorOptions) {
    this.#options = {
      entry: new URL('./inspecting-child.ts', import.meta.url),
      idleMs: 60_000,
      killAfterMs: 300,
      // The decoder gives up before that, unless it blocks its whole process.
      minimumSilenceMs: 20_000,
      maxRssBytes: maxInspectorBytes,
      memoryIntervalMs: 50,
      ...options,
    };
    this.#worker = new ChildWorker({ ...this.#options, niceness: 0 });
  }

  /** The child's process id; undefined while there is none. */
  get pid(): number | undefined {
    return this.#worker.pid;
  }

  /**
   * Returns where the photo can be rendered.
   * @param photo the bytes of an image file, as the person sent them
   * @throws GramzoomError the `photo-` codes; `render-crashed` where no child can be started; `cancelled`
   */
  async inspect(photo: Uint8Array, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (!this.#fine.has(fingerprintOf(photo))) await this.#open(photo, { signal, within: null });
  }

  /** See `PreviewPhoto`. */
  async preview(
    photo: Uint8Array,
    options: { readonly within: Size; readonly signal: AbortSignal },
  ): Promise<PhotoPreview> {
    const preview = await this.#open(photo, options);
    if (!preview) throw new GramzoomError('internal', { reason: 'a photo was opened without a preview' });
    return preview;
  }

  async close(): Promise<void> {
    this.#idle?.cancel();
    await this.#worker.close();
  }

  async #open(photo: Uint8Array, look: Look): Promise<PhotoPreview | null> {
    this.#waiting += 1;
    this.#idle?.cancel();
    try {
      const preview = await this.#try(photo, look, { triesLeft: tries });
      this.#fine.set(fingerprintOf(photo), true);
      return preview;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.#idle = this.#options.clock.after(this.#options.idleMs, () => void this.#worker.rest());
      }
    }
  }

  async #try(
    photo: Uint8Array,
    look: Look,
    { triesLeft }: { readonly triesLeft: number },
  ): Promise<PhotoPreview | null> {
    const { maxBytes, maxRssBytes, minimumSilenceMs } = this.#options;
    const tooMuchMemory = ({ cause }: { readonly cause?: unknown }) =>
      new GramzoomError('photo-too-heavy', { maxBytes: maxRssBytes }, { cause });
    try {
      const order = { kind: 'inspect', photo, maxBytes, preview: look.within } as const;
      let preview: PhotoPreview | null = null;
      for await (const event of this.#worker.work(order, { signal: look.signal, tooMuchMemory })) {
        if (event.kind === 'inspected') preview = event.preview;
      }
      return preview;
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      if (error.code === 'render-stalled') {
        const seconds = Math.round(minimumSilenceMs / 1000);
        throw new GramzoomError('photo-too-slow', { seconds }, { cause: error });
      }
      if (error.code !== 'render-crashed') throw error;
      if (triesLeft > 1) return await this.#try(photo, look, { triesLeft: triesLeft - 1 });
      const { how } = (error as GramzoomError<'render-crashed'>).data;
      // Linux kills like this where memory has run out.
      if (how === 'SIGKILL') throw tooMuchMemory({ cause: error });
      throw isCrash(how) ? new GramzoomError('photo-damaged', {}, { cause: error }) : error;
    }
  }
}
