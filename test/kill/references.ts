import { readFile } from 'node:fs/promises';
import { parseRequest } from '../../src/domain/kinds.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { type Asker, smallFilm } from '../support/bot-client.ts';
import { samplePhoto } from '../support/command-line.ts';

/** One render of a round: who asks, and the seed that tells its film from the others. */
export type Order = { readonly asker: Asker; readonly seed: number };

/** Three renders from two servers. */
export const orders: readonly Order[] = [
  { asker: { user: 'ann', server: 'one' }, seed: 1 },
  { asker: { user: 'bob', server: 'one' }, seed: 2 },
  { asker: { user: 'cid', server: 'two' }, seed: 3 },
];

export type References = {
  /** The films by seed, as nobody disturbed them. */
  readonly films: ReadonlyMap<number, Uint8Array>;
  /** How long all of them took. */
  readonly seconds: number;
};

/** Renders what it should come to, whoever is killed on the way. */
export const renderReferences = async (
  seeds: readonly number[] = orders.map(({ seed }) => seed),
  film: Readonly<Record<string, number>> = smallFilm,
): Promise<References> => {
  const photo = await readFile(samplePhoto);
  const renderer = new ChildRenderer({
    clock: systemClock,
    threads: 1,
    engine: 'auto',
    precision: 'int8',
    previewIntervalMs: null,
  });
  const films = new Map<number, Uint8Array>();
  const begun = performance.now();
  try {
    for (const seed of seeds) {
      const request = { ...parseRequest(film), seed };
      for await (const event of renderer.render(request, photo, new AbortController().signal)) {
        if (event.kind === 'done') films.set(seed, event.files.result);
      }
    }
  } finally {
    await renderer.close();
  }
  return { films, seconds: (performance.now() - begun) / 1000 };
};
