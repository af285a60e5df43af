import type { BlobId } from '../../domain/job.ts';
import type { MessageAttachment } from '../../domain/message.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { formatTypes } from './format-types.ts';

/** How a film is shown in a page that has everything inside. */
export type InlinedFilm = {
  /** A data: address of the film; null where it is gone or too large. */
  readonly film: string | null;
  readonly still: string | null;
  readonly isTooLarge: boolean;
};

/** How long bytes are as base64. */
const inlinedBytes = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** Reads blobs as data: addresses for as long as there is room in a page. Not for several readers at once. */
export const createInliner = (blobs: Blobs, { room }: { readonly room: number }) => {
  let left = room;
  const inlined = new Map<BlobId, string>();
  const inline = async (
    blob: BlobId,
    format: MessageAttachment['format'],
  ): Promise<string | 'gone' | 'too-large'> => {
    const known = inlined.get(blob);
    if (known !== undefined) return known;
    const bytes = await blobs.size(blob);
    if (bytes === undefined) return 'gone';
    if (inlinedBytes(bytes) > left) return 'too-large';
    const file = await blobs.get(blob);
    if (!file) return 'gone';
    left -= inlinedBytes(file.length);
    const address = `data:${formatTypes[format]};base64,${Buffer.from(file).toString('base64')}`;
    inlined.set(blob, address);
    return address;
  };
  return { inline };
};

const isAddress = (address: string): boolean => address.startsWith('data:');

/**
 * Pictures and films of a page, all inside it: first the pictures, then the films in their order, while they fit.
 * @param options `pictures` come first; `maxBytes` of all of them together, as the page has them
 */
export const inlineFiles = async (
  blobs: Blobs,
  {
    pictures,
    films,
    maxBytes,
  }: {
    readonly pictures: readonly (MessageAttachment | null)[];
    readonly films: readonly (MessageAttachment | null)[];
    readonly maxBytes: number;
  },
): Promise<{ readonly pictures: readonly (string | null)[]; readonly films: readonly InlinedFilm[] }> => {
  const { inline } = createInliner(blobs, { room: maxBytes });
  const addressOf = async (
    blob: BlobId | null | undefined,
    format: MessageAttachment['format'],
  ): Promise<string | null> => {
    const address = blob ? await inline(blob, format) : 'gone';
    return isAddress(address) ? address : null;
  };
  const shown: (string | null)[] = [];
  for (const picture of pictures) {
    shown.push(picture && (await addressOf(picture.blob, picture.format)));
  }
  const stills: (string | null)[] = [];
  for (const film of films) stills.push(await addressOf(film?.still, 'png'));
  const inlined: InlinedFilm[] = [];
  for (const [index, film] of films.entries()) {
    const address = film ? await inline(film.blob, film.format) : 'gone';
    inlined.push({
      film: isAddress(address) ? address : null,
      still: stills[index] ?? null,
      isTooLarge: address === 'too-large',
    });
  }
  return { pictures: shown, films: inlined };
};
