import { Hono } from 'hono';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { RoomLog, RoomMessage } from '../../ports/room-log.ts';
import { formatTypes } from '../shared/format-types.ts';
import type { Previews } from './previews.ts';
import { sendBlob } from './send-blob.ts';

/** A file that a message shows, and its content type. */
type Shown = { readonly blob: BlobId; readonly type: string };

/** Pictures and films, each under the message that shows it: nothing else that is stored is available. */
export const createMedia = ({
  rooms,
  blobs,
  previews,
}: {
  readonly rooms: Pick<RoomLog, 'get'>;
  readonly blobs: Pick<Blobs, 'size' | 'stream'>;
  readonly previews: Pick<Previews, 'makeUp'>;
}): Hono => {
  /** What is available at such an address; of a photo, whoever asks for it, a preview. */
  const find = async ({ said }: RoomMessage, blob: string): Promise<Shown | undefined> => {
    switch (said.kind) {
      case 'person': {
        if (said.photo === null || (blob !== said.photo && blob !== said.preview?.blob)) return undefined;
        const preview = said.preview?.blob ?? (await previews.makeUp(said.photo));
        return preview && { blob: preview, type: formatTypes.webp };
      }
      case 'render': {
        const shown = said.content.attachments.flatMap(({ blob: file, still, format }): Shown[] => [
          { blob: file, type: formatTypes[format] },
          ...(still === undefined ? [] : [{ blob: still, type: formatTypes.png }]),
        ]);
        return shown.find((each) => each.blob === blob);
      }
      case 'words':
      case 'damaged':
        return undefined;
      default:
        return said satisfies never;
    }
  };

  return new Hono().get('/:message/:blob', async (c) => {
    const message = await rooms.get(c.req.param('message'));
    const shown = message && (await find(message, c.req.param('blob')));
    if (!shown) throw new GramzoomError('result-expired', {});
    return sendBlob(c, shown.blob, { blobs, headers: { 'Content-Type': shown.type } });
  });
};
