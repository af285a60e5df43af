import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** So much is read at a time. */
const pieceBytes = 64 * 1024;

/**
 * A file's bytes from `start` up to `end`, read as they are taken. It is opened with the first piece and closed
 * with the last, an error, or when nobody wants more.
 * @param options.end null: the end of the file; it is an error where the file ends before
 * @param options.sha256 what all of it has to be, in hexadecimal; null: not checked
 * @param options.translate the error to fail with, from the system's; undefined where the bytes are not those
 */
export const streamFile = (
  path: string,
  options: {
    readonly start: number;
    readonly end: number | null;
    readonly sha256: string | null;
    readonly translate: (thrown: unknown) => unknown;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const { start, sha256, translate } = options;
  const hash = createHash('sha256');
  let file: FileHandle | undefined;
  let at = start;
  let end = options.end;

  const close = async (): Promise<void> => {
    const opened = file;
    file = undefined;
    await opened?.close();
  };

  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    file ??= await open(path);
    end ??= (await file.stat()).size;
    if (at >= end) return undefined;
    const piece = new Uint8Array(Math.min(pieceBytes, end - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw translate(undefined);
    at += bytesRead;
    const read = piece.subarray(0, bytesRead);
    if (sha256 !== null) hash.update(read);
    return read;
  };

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const piece = await next();
          const isLast = end !== null && at >= end;
          // Before the last piece: what is not whole must not look whole.
          if (isLast && sha256 !== null && hash.digest('hex') !== sha256) throw translate(undefined);
          if (piece) controller.enqueue(piece);
          if (!isLast) return;
          await close();
          controller.close();
        } catch (thrown) {
          await close().catch(() => {});
          controller.error(translate(thrown));
        }
      },
      cancel: close,
    },
    // Nothing is read ahead of the reader, who may never come.
    { highWaterMark: 0 },
  );
};
