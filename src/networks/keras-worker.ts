/** The worker thread behind `adoptDownload`: one file, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Failure, toFailure, toGramzoomError } from '../domain/errors.ts';
import { type Conversion, convertOnThisThread } from './keras-convert.ts';

export type ConversionAnswer =
  | { readonly kind: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: string | null };

try {
  const bytes = await convertOnThisThread(workerData as Conversion);
  parentPort?.postMessage({ kind: 'done', bytes } satisfies ConversionAnswer, [bytes.buffer]);
} catch (error) {
  const known = toGramzoomError(error);
  const cause = known.cause instanceof Error ? known.cause.message : null;
  parentPort?.postMessage({ kind: 'failed', failure: toFailure(known), cause } satisfies ConversionAnswer);
}
