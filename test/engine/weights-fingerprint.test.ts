import { describe, expect, it } from 'vitest';
import { settingsOf, styleObjective, weightsFingerprint } from '../../src/engine/objective/objective.ts';
import { plainNetwork } from '../support/tiny-network.ts';

type Tensors = ReturnType<typeof plainNetwork>['tensors'];

/** The same weights, one of them another. */
const withChange = (tensors: Tensors, name: string, change: (data: Float32Array) => void): Tensors => {
  const { shape, data } = tensors.get(name)!;
  const copy = Float32Array.from(data);
  change(copy);
  return new Map([...tensors].map(([key, tensor]) => [key, key === name ? { shape, data: copy } : tensor]));
};

describe('the fingerprint of weights', () => {
  const { tensors } = plainNetwork();

  it('is the same for the same weights, wherever they lie in memory', () => {
    const moved = new Map(
      [...tensors].map(([name, { shape, data }]) => {
        const longer = new Float32Array(data.length + 3);
        longer.set(data, 3);
        return [name, { shape, data: longer.subarray(3) }];
      }),
    );
    expect(weightsFingerprint(moved)).toBe(weightsFingerprint(tensors));
    expect(weightsFingerprint(tensors)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is another one for each weight that changes by its last or by its first bit', () => {
    const seen = new Set([weightsFingerprint(tensors)]);
    let changes = 0;
    for (const [name, { data }] of tensors) {
      for (let index = 0; index < data.length; index += 7) {
        for (const bit of [0, 31]) {
          const flip = (copy: Float32Array): void => {
            const words = new Uint32Array(copy.buffer);
            words[index] = words[index]! ^ (1 << bit);
          };
          seen.add(weightsFingerprint(withChange(tensors, name, flip)));
          changes++;
        }
      }
    }
    expect(seen.size).toBe(changes + 1);
  });

  it('is part of what two backends have to agree on', () => {
    const network = plainNetwork();
    const other = withChange(network.tensors, 'b.bias', (data) => {
      data[0] = data[0]! + 1;
    });
    expect(settingsOf(plainNetwork(), styleObjective)).toBe(settingsOf(network, styleObjective));
    expect(settingsOf({ ...network, tensors: other }, styleObjective)).not.toBe(
      settingsOf(network, styleObjective),
    );
  });
});
