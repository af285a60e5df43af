import type { Context } from 'hono';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
import type { Blobs } from '../../ports/blobs.ts';

/**
 * Whether the list of an `If-None-Match` names this entity tag, be it of a compressed answer; `*` names any.
 * @param etag a strong one, with its quotation marks
 */
export const namesTag = (list: string | undefined, etag: string): boolean =>
  list
    ?.split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === '*' || each === etag) ?? false;

/** Bytes from `start` up to `end`, which is not among them. */
type ByteRange = { readonly start: number; readonly end: number };

const oneRange = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i;

/**
 * What a `Range` header asks for of so many bytes. One range is given; several, other units and what cannot be read
 * are as if nothing had been asked, which RFC 9110 allows.
 */
const readRange = (header: string | undefined, size: number): ByteRange | 'all' | 'unsatisfiable' => {
  const [, first = '', last = ''] = oneRange.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'all';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
};

/** Under the same address there are always the same bytes. */
const forEver = 'private, max-age=31536000, immutable';

/** Reads all of it once. A damaged one has to be found before the answer begins: after that it can only break off. */
const requireWhole = async (blobs: Pick<Blobs, 'stream'>, blob: BlobId): Promise<void> => {
  await blobs.stream(blob).pipeTo(new WritableStream());
};

/**
 * Answers a request for a file: as a whole or a part of it (`Range`, `If-Range`), with its headers alone for HEAD
 * and where the asker has it already (`If-None-Match`). It is read from the disk as it is taken.
 * @param options.headers of the answer, its content type among them
 * @throws GramzoomError `result-expired` where it is not there (any more); `blob-damaged` where all of it is asked
 * for and it is not what it was
 */
export const sendBlob = async (
  c: Context,
  blob: BlobId,
  options: {
    readonly blobs: Pick<Blobs, 'size' | 'stream'>;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<Response> => {
  const { blobs, headers } = options;
  const size = await blobs.size(blob);
  if (size === undefined) throw new GramzoomError('result-expired', {});
  const etag = `"${blob}"`;
  const common = { 'Accept-Ranges': 'bytes', 'Cache-Control': forEver, ETag: etag };
  if (namesTag(c.req.header('if-none-match'), etag)) return c.body(null, 304, common);

  const isGet = c.req.method === 'GET';
  const ifRange = c.req.header('if-range');
  // A tag of something else, or a date, which no answer of ours bears: then all of it.
  const asked = isGet && (ifRange === undefined || ifRange === etag) ? c.req.header('range') : undefined;
  const range = readRange(asked, size);
  if (range === 'unsatisfiable') return c.body(null, 416, { ...common, 'Content-Range': `bytes */${size}` });
  const answer = (status: 200 | 206, part: ByteRange | undefined): Response => {
    const length = part ? part.end - part.start : size;
    const own = { ...common, ...headers, 'Content-Length': String(length) };
    return isGet ? c.body(blobs.stream(blob, part), status, own) : c.body(null, status, own);
  };
  // Players ask for all of it like that. For a small part all of it would be too much to read.
  const isWhole = range === 'all' || (range.start === 0 && range.end === size);
  if (isGet && isWhole) await requireWhole(blobs, blob);
  if (range === 'all') return answer(200, undefined);
  c.header('Content-Range', `bytes ${range.start}-${range.end - 1}/${size}`);
  return answer(206, range);
};
