import { openSession, productModel } from './session.ts';

const side = 2048;
const turns = 6;

/** What the machine can do at this moment: its best product of two matrices, in GFLOP/s. */
export const productRate = async ({ threads }: { readonly threads: number }): Promise<number> => {
  const product = await openSession(productModel(side), { threads });
  let least = Number.POSITIVE_INFINITY;
  try {
    for (let turn = 0; turn < turns; turn++) {
      const begin = performance.now();
      await product.run();
      least = Math.min(least, performance.now() - begin);
    }
  } finally {
    await product.close();
  }
  return (2 * side ** 3) / least / 1e6;
};
