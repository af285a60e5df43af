import { open, stat } from 'node:fs/promises';
import { GramzoomError } from '../domain/errors.ts';

/**
 * Reads a file of a network, after a look at its size.
 * @param name what the error calls the network
 * @throws GramzoomError `network-missing` where there is no file or it cannot be read, `network-damaged` where
 * it is larger than `maxBytes`
 */
export const readBounded = async (
  name: string,
  path: string,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Uint8Array> => {
  try {
    // A pipe would be waited for as soon as it is opened.
    if (!(await stat(path)).isFile()) throw new GramzoomError('network-missing', { name, path });
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new GramzoomError('network-damaged', {
        name,
        problem: `${path} has ${size} bytes, and at most ${maxBytes} belong to it`,
      });
    }
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } catch (thrown) {
    if (thrown instanceof GramzoomError) throw thrown;
    throw new GramzoomError('network-missing', { name, path }, { cause: thrown });
  }
};
