import { Mutex } from '../../concurrency/keyed-mutex.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** Longest pause between two pieces of a body, and before the first. */
const silenceMs = 15_000;

/** Bodies that hold photos: each is in memory as a whole until its request is dealt with. */
export type Uploads = {
  /** Bytes of bodies that are held now. */
  readonly heldBytes: number;
  /**
   * Receives a body and counts it as held until `use` is done with what `parse` made of it. One that finds no memory
   * free is refused and not kept waiting: it would hold what has come of it meanwhile. Parsing makes copies: one body
   * at a time.
   * @throws GramzoomError `body-too-large`, `uploads-busy`, `body-invalid` where it breaks off or nothing more of
   * it comes; what `parse` and `use` throw
   */
  receive<Parsed, T>(
    request: Request,
    options: {
      readonly maxBytes: number;
      readonly parse: (body: Uint8Array<ArrayBuffer>) => Promise<Parsed>;
      readonly use: (parsed: Parsed) => Promise<T>;
    },
  ): Promise<T>;
};

/** What a body says of its length; null where it says nothing. */
export const declaredBytes = ({ headers }: Request): number | null => {
  // Where both are given, the length counts for nothing.
  const text = headers.has('transfer-encoding') ? null : headers.get('content-length');
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
};

/** @param options.maxHeldBytes for all bodies together */
export const createUploads = ({
  clock,
  maxHeldBytes,
}: {
  readonly clock: Pick<Clock, 'after'>;
  readonly maxHeldBytes: number;
}): Uploads => {
  const parsing = new Mutex();
  let heldBytes = 0;

  const requireMemory = (bytes: number): void => {
    if (heldBytes + bytes > maxHeldBytes) throw new GramzoomError('uploads-busy', {});
  };

  /** The next piece; undefined at the end. */
  const nextPiece = async (
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ): Promise<Uint8Array | undefined> => {
    const silence = Promise.withResolvers<never>();
    const timer = clock.after(silenceMs, () =>
      silence.reject(
        new GramzoomError('body-invalid', { problem: 'nothing more of it came for 15 seconds' }),
      ),
    );
    try {
      return (await Promise.race([reader.read(), silence.promise])).value;
    } catch (thrown) {
      if (thrown instanceof GramzoomError) throw thrown;
      throw new GramzoomError('body-invalid', { problem: 'it broke off' }, { cause: thrown });
    } finally {
      timer.cancel();
    }
  };

  return {
    get heldBytes() {
      return heldBytes;
    },

    async receive(request, { maxBytes, parse, use }) {
      const declared = declaredBytes(request) ?? 0;
      if (declared > maxBytes) throw new GramzoomError('body-too-large', { maxBytes });
      requireMemory(declared);
      const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader();
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      try {
        for (;;) {
          const piece = reader && (await nextPiece(reader));
          if (!piece) break;
          if (bytes + piece.byteLength > maxBytes) throw new GramzoomError('body-too-large', { maxBytes });
          requireMemory(piece.byteLength);
          bytes += piece.byteLength;
          heldBytes += piece.byteLength;
          pieces.push(piece);
        }
        return await use(await parsing.run(() => parse(Buffer.concat(pieces.splice(0)))));
      } catch (error) {
        // Harmless once all has been read. Not awaited: what is left of a body may never come.
        void reader?.cancel().catch(() => {});
        throw error;
      } finally {
        heldBytes -= bytes;
      }
    },
  };
};
