import { describe, expect, it } from 'vitest';
import { requireFixed, withFixed } from '../../../src/domain/contest/fixed-options.ts';
import { parseRequest } from '../../../src/domain/kinds.ts';

const fixed = { size: 128, frames: 24, network: 'pocket' };
const free = { size: null, frames: null, network: null };

describe('options that all films of a contest must have', () => {
  it('are filled in where a person named none', () => {
    expect(withFixed({ fixed }, { seed: 3 })).toEqual({ seed: 3, ...fixed });
    expect(withFixed({ fixed: free }, { seed: 3 })).toEqual({ seed: 3 });
  });

  it('leave alone what a person named, and lengths in seconds', () => {
    expect(withFixed({ fixed }, { size: 256 })).toEqual({ ...fixed, size: 256 });
    const { frames: _, ...others } = fixed;
    expect(withFixed({ fixed }, { duration: 2 })).toEqual({ duration: 2, ...others });
  });

  it('leave out what a kind does not have, and what cannot be read', () => {
    const { frames: _, ...others } = fixed;
    expect(withFixed({ fixed }, { kind: 'texture' })).toEqual({ kind: 'texture', ...others });
    for (const odd of [null, 'size', [1], { kind: 'song' }]) expect(withFixed({ fixed }, odd)).toEqual(odd);
  });

  it('are asked for by name where a request has others', () => {
    const problem = (options: object, network = fixed.network): unknown => {
      try {
        requireFixed({ fixed: { ...fixed, network } }, parseRequest(options));
      } catch (error) {
        return (error as { readonly data: unknown }).data;
      }
      return null;
    };
    expect(problem({ ...fixed })).toBeNull();
    expect(problem({ ...fixed, size: 64 })).toEqual({ field: 'size', needs: '128', received: '64' });
    expect(problem({ kind: 'texture', size: 128, network: 'pocket' })).toEqual({
      field: 'frames',
      needs: '24',
      received: '1',
    });
    expect(problem({ ...fixed }, 'another')).toEqual({
      field: 'network',
      needs: 'another',
      received: 'pocket',
    });
  });
});
