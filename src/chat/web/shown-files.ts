import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
import type { MessageAttachment } from '../../domain/message.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { formatTypes } from '../shared/format-types.ts';
import { addresses } from './addresses.ts';
import { sendBlob } from './send-blob.ts';

type Format = MessageAttachment['format'];

/** Where somebody finds a file that they have been shown. */
export type ShownAddress = (blob: BlobId, format: Format) => string;

const isFormat = (text: string): text is Format => Object.hasOwn(formatTypes, text);

/**
 * Pictures and films that no message of a room shows, such as those of a ballot. Each address bears a key that only
 * this process makes, for that file alone: what nobody was shown cannot be asked for. After a restart the pages are
 * loaded again.
 */
export const createShownFiles = ({
  blobs,
}: {
  readonly blobs: Pick<Blobs, 'size' | 'stream'>;
}): { readonly address: ShownAddress; readonly routes: Hono } => {
  const secret = randomBytes(32);
  const keyOf = (file: string): string => createHmac('sha256', secret).update(file).digest('base64url');

  const isKeyOf = (key: string, file: string): boolean => {
    const [given, right] = [Buffer.from(key), Buffer.from(keyOf(file))];
    return given.length === right.length && timingSafeEqual(given, right);
  };

  const send = async (c: Context): Promise<Response> => {
    const file = c.req.param('file') ?? '';
    const [blob = '', format = ''] = file.split('.');
    if (!isFormat(format) || !isKeyOf(c.req.query('key') ?? '', file)) {
      throw new GramzoomError('result-expired', {});
    }
    return await sendBlob(c, blob as BlobId, { blobs, headers: { 'Content-Type': formatTypes[format] } });
  };

  return {
    address: (blob, format) => addresses.shown({ blob, format, key: keyOf(`${blob}.${format}`) }),
    routes: new Hono().get('/:file', send),
  };
};
