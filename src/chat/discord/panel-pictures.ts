import type { PanelPicture } from '../../messages/panel.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { oneLine } from '../shared/cut-text.ts';

/** Discord shows ten files in a message. */
const mostFiles = 10;
const mostAltLetters = 1024;

/** A picture of a panel as a file. */
export type PanelFile = {
  /** The same picture has the same name for ever, and no other has it. */
  readonly name: string;
  readonly description: string;
  readonly data: Buffer;
};

const stillOf = ({ attachment, alt }: PanelPicture) => {
  const { still, format } = attachment;
  return { alt, blob: still ?? attachment.blob, format: still ? 'png' : format };
};
const filmOf = ({ attachment, alt }: PanelPicture) => ({
  alt,
  blob: attachment.blob,
  format: attachment.format,
});

/**
 * Several films are sent again with each panel that shows them, to everybody who votes: together they are no larger
 * than that. With films of the usual size a thousand votes a minute were more than a bot could send.
 */
const mostBytesTogether = 1_000_000;

/**
 * The pictures of a panel: a film as long as it is no larger than a file may be there, several where all together are
 * small; else stills, also of films that are not there any more.
 */
const chosen = async (
  pictures: readonly PanelPicture[],
  { blobs, maxBytes }: { readonly blobs: Pick<Blobs, 'size'>; readonly maxBytes: number },
) => {
  const shown = pictures.slice(0, mostFiles);
  const sizes = await Promise.all(shown.map(({ attachment }) => blobs.size(attachment.blob)));
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const most = shown.length > 1 ? Math.min(maxBytes, mostBytesTogether) : maxBytes;
  return shown.map((picture, at) =>
    bytes > most || sizes[at] === undefined ? stillOf(picture) : filmOf(picture),
  );
};

/** Names of the files that a panel shows, in their order. */
export type PanelPictures = {
  readonly names: readonly string[];
  /** The files themselves. */
  read(): Promise<readonly PanelFile[]>;
};

export const choosePictures = async (
  pictures: readonly PanelPicture[],
  options: { readonly blobs: Pick<Blobs, 'get' | 'size'>; readonly maxBytes: number },
): Promise<PanelPictures> => {
  const { blobs } = options;
  const all = (await chosen(pictures, options)).map(({ alt, blob, format }) => ({
    blob,
    name: `gramzoom-${blob.slice(0, 16)}.${format === 'jpeg' ? 'jpg' : format}`,
    description: oneLine(alt, mostAltLetters),
  }));
  return {
    names: all.map(({ name }) => name),
    read: async () => {
      const files: PanelFile[] = [];
      for (const { blob, name, description } of all) {
        const bytes = await blobs.get(blob);
        if (!bytes) continue;
        files.push({
          ...{ name, description },
          data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        });
      }
      return files;
    },
  };
};
