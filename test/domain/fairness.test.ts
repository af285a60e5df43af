import { describe, expect, it } from 'vitest';
import { type Candidate, fairOrder } from '../../src/domain/fairness.ts';
import type { Platform } from '../../src/domain/job.ts';
import { createRandom } from '../../src/domain/random.ts';

const candidate = (
  sequence: number,
  who: string,
  served: { readonly server?: number; readonly user?: number; readonly platform?: Platform } = {},
): Candidate => {
  const [server = '', user = ''] = who.split(' ');
  return {
    sequence,
    origin: { platform: served.platform ?? 'web', server, user },
    serverServed: served.server ?? 0,
    userServed: served.user ?? 0,
  };
};

const sequences = (jobs: readonly Candidate[]): readonly number[] =>
  fairOrder(jobs).map(({ sequence }) => sequence);

describe('the fair order', () => {
  it('is nothing for nobody', () => {
    expect(sequences([])).toEqual([]);
  });

  it('is by age for one user', () => {
    expect(sequences([candidate(3, 'a x'), candidate(1, 'a x'), candidate(2, 'a x')])).toEqual([1, 2, 3]);
  });

  it('takes servers in turn, then users in turn, then the oldest', () => {
    const jobs = [
      candidate(1, 'a x'),
      candidate(2, 'a x'),
      candidate(3, 'a x'),
      candidate(4, 'a y'),
      candidate(5, 'b z'),
      candidate(6, 'b z'),
    ];
    expect(sequences(jobs)).toEqual([1, 5, 4, 6, 2, 3]);
  });

  it('puts the server served longest ago first, and one never served before it', () => {
    const jobs = [
      candidate(1, 'a x', { server: 9 }),
      candidate(2, 'b y', { server: 4 }),
      candidate(3, 'c z'),
    ];
    expect(sequences(jobs)).toEqual([3, 2, 1]);
  });

  it('puts the user served longest ago first', () => {
    const jobs = [
      candidate(1, 'a x', { server: 9, user: 9 }),
      candidate(2, 'a y', { server: 9, user: 5 }),
      candidate(3, 'a z', { server: 9 }),
    ];
    expect(sequences(jobs)).toEqual([3, 2, 1]);
  });

  it('keeps servers of the same name on two platforms apart', () => {
    const jobs = [candidate(1, 'a x'), candidate(2, 'a x'), candidate(3, 'a x', { platform: 'discord' })];
    expect(sequences(jobs)).toEqual([1, 3, 2]);
  });

  it('gives a person who asks on many servers one share of them all', () => {
    const jobs = [
      ...Array.from({ length: 20 }, (_, index) => candidate(index, `s${index} ann`)),
      candidate(20, 't bob'),
      candidate(21, 't cat'),
      candidate(22, 's3 dan'),
    ];
    expect(sequences(jobs).slice(0, 6)).toEqual([0, 20, 22, 1, 21, 2]);
  });

  it('puts a person behind those who have not been served since, on whichever server that was', () => {
    const jobs = [
      candidate(1, 'a ann', { server: 2, user: 9 }),
      candidate(2, 'a bob', { server: 2 }),
      candidate(3, 'b cat', { server: 5 }),
    ];
    expect(sequences(jobs)).toEqual([2, 3, 1]);
  });

  it('knows people of the same id on two platforms apart', () => {
    const slack = { platform: 'slack' };
    const jobs = [candidate(1, 'a x'), candidate(2, 'b x', slack), candidate(3, 'c y'), candidate(4, 'd z')];
    expect(sequences(jobs)).toEqual([1, 2, 3, 4]);
  });

  it.each([1, 2, 3, 4])('is what choosing one at a time gives (seed %i)', (seed) => {
    const random = createRandom(seed);
    const below = (n: number): number => Math.floor(random.uniform() * n);
    const userServed = new Map<string, number>();
    const serverServed = new Map<string, number>();
    let claim = 0;
    for (let i = 0; i < 20; i++) {
      serverServed.set(`s${below(6)}`, ++claim);
      userServed.set(`u${below(9)}`, claim);
    }
    let left = Array.from({ length: 120 }, (_, sequence) => {
      const [server, user] = [`s${below(8)}`, `u${below(12)}`];
      return candidate(sequence, `${server} ${user}`, {
        server: serverServed.get(server) ?? 0,
        user: userServed.get(user) ?? 0,
      });
    });
    const order = sequences(left.toReversed());
    const oneByOne: number[] = [];
    const later = ({ serverServed: server, userServed: user }: Candidate): number => Math.max(server, user);
    while (left.length > 0) {
      const [next] = left.toSorted(
        (a, b) => later(a) - later(b) || a.userServed - b.userServed || a.sequence - b.sequence,
      );
      if (!next) break;
      oneByOne.push(next.sequence);
      claim++;
      left = left
        .filter((other) => other !== next)
        .map((other) => ({
          ...other,
          serverServed: other.origin.server === next.origin.server ? claim : other.serverServed,
          userServed: other.origin.user === next.origin.user ? claim : other.userServed,
        }));
    }
    expect(order).toEqual(oneByOne);
  });
});
