import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, agreement, exactProducts, isFine } from '../processors/answer.ts';
import { avx2WithoutVnni, computeOn, thisMachine } from '../processors/processors.ts';

/** The quickest part of `npm run test:processors`. */
describe.skipIf(avx2WithoutVnni.lacking() !== undefined)(
  'a processor with AVX2, without AVX-512 and VNNI (emulated: needs qemu-user and x86-64)',
  () => {
    let actual: Answer;
    beforeAll(async () => {
      actual = await computeOn(avx2WithoutVnni, ['int8']);
    }, 120_000);

    it('multiplies bytes by weights of 7 bits exactly', () => {
      expect(actual.sevenBits).toEqual(exactProducts(63));
    });

    it('takes the step in bytes that this machine takes', async () => {
      const expected = await computeOn(thisMachine, ['int8']);
      const found = agreement(actual.steps.int8!, expected.steps.int8!);
      expect(found, JSON.stringify(found)).toSatisfy(isFine);
    });

    it('saturates with weights of 8 bits, which is why there are none', () => {
      // Pairs of products are added in 16 bits. With VNNI they are not: this tells that it was not used.
      expect(actual.eightBits.signed).toEqual([16 * 32_767, 16 * -32_768]);
      expect(actual.eightBits.unsigned).toEqual(exactProducts(127).unsigned);
    });
  },
);
