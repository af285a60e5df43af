import { type Context, Hono } from 'hono';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { RoomLog, RoomMessage } from '../../ports/room-log.ts';
import { formatTypes, photoType } from './media-type.ts';

/** What a message shows: each blob, and how its content type is found. */
const shownIn = ({ said }: RoomMessage): ReadonlyMap<string, (bytes: Uint8Array) => string> => {
  switch (said.kind) {
    case 'person':
      return new Map(said.photo === null ? [] : [[said.photo, photoType]]);
    case 'render':
      return new Map(
        said.content.attachments.flatMap(({ blob, still, format }) => [
          [blob, () => formatTypes[format]] as const,
          ...(still === undefined ? [] : [[still, photoType] as const]),
        ]),
      );
    case 'words':
    case 'damaged':
      return new Map();
    default:
      return said satisfies never;
  }
};

/** Pictures, films and photos, each under the message that shows it: nothing else that is stored can be had. */
export const createMedia = ({
  rooms,
  blobs,
}: {
  readonly rooms: Pick<RoomLog, 'get'>;
  readonly blobs: Pick<Blobs, 'get'>;
}): Hono => {
  const send = async (c: Context, message: string, blob: string): Promise<Response> => {
    const said = await rooms.get(message);
    const typeOf = said && shownIn(said).get(blob);
    const bytes = typeOf && (await blobs.get(blob as BlobId));
    if (!bytes) throw new GramzoomError('result-expired', {});
    return c.body(Uint8Array.from(bytes), 200, {
      'Content-Type': typeOf(bytes),
      'Cache-Control': 'private, max-age=31536000, immutable',
    });
  };
  return new Hono().get('/:message/:blob', (c) => send(c, c.req.param('message'), c.req.param('blob')));
};
