import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { RgbImage } from '../src/domain/picture.ts';
import { decodePhoto } from '../src/image/decode.ts';
import { encodePng } from '../src/image/png.ts';

/** What a still was made of: equal keys, equal stills (but for the processor and the threads). */
export type StillKey = {
  readonly network: string;
  readonly networkFingerprint: string;
  readonly photo: string;
  readonly photoFingerprint: string;
  readonly seed: number;
  readonly method: string;
};

export type Still = StillKey & { readonly image: RgbImage };

const fileSchema = z.strictObject({
  stills: z.array(
    z.strictObject({
      network: z.string(),
      networkFingerprint: z.string(),
      photo: z.string(),
      photoFingerprint: z.string(),
      seed: z.int(),
      method: z.string(),
      /** Base64. */
      png: z.string(),
    }),
  ),
});

/** Stills are kept, and not their figures: judges can change, and what is slow need not be made again. */
export const saveStills = async (path: string, stills: readonly Still[]): Promise<void> => {
  const rows = await Promise.all(
    stills.map(async ({ image, ...key }) => ({
      ...key,
      png: Buffer.from(await encodePng(image)).toString('base64'),
    })),
  );
  await writeFile(`${path}.part`, JSON.stringify({ stills: rows } satisfies z.output<typeof fileSchema>));
  await rename(`${path}.part`, path);
};

export const loadStills = async (path: string): Promise<readonly Still[]> => {
  const { stills } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  return await Promise.all(
    stills.map(async ({ png, ...key }) => ({
      ...key,
      image: await decodePhoto(Buffer.from(png, 'base64'), { maxArea: Number.POSITIVE_INFINITY }),
    })),
  );
};
