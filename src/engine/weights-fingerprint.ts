import type { Tensor } from './spec.ts';

/** The odd multipliers of two independent lanes. */
const primes = [0x01000193, 0x85ebca6b] as const;
const offset = 0x811c9dc5;

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/**
 * 64 bits that differ where any weight differs by a bit, but for chance: FNV-1a (Fowler, Noll and Vo, 1991) over
 * whole 32-bit words instead of bytes, for speed, in two lanes, each with a final mix. Against accidents, not
 * against malice: files are checked where they are opened.
 */
export const weightsFingerprint = (tensors: ReadonlyMap<string, Tensor>): string => {
  let [first, second] = [offset, offset];
  for (const { data } of tensors.values()) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      first = Math.imul(first ^ word, primes[0]);
      // High bits would else never reach low ones.
      first ^= first >>> 15;
      second = Math.imul(second ^ word, primes[1]);
      second ^= second >>> 13;
    }
  }
  return hex(first) + hex(second);
};
