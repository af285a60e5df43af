/** In which order somebody is shown the entries of a contest. */
import type { ContestId, EntryId } from './contest.ts';

/** 32 bits of a text: FNV-1a, and the last step of MurmurHash3, after which each bit depends on each letter. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * The entries in an order of the voter's own, so that no entry is the first for everybody. It is always the same for
 * the same voter; where an entry goes or comes, the others stay in their order.
 */
export const inVoterOrder = <T extends { readonly id: EntryId }>(
  entries: readonly T[],
  { contest, voter }: { readonly contest: ContestId; readonly voter: string },
): readonly T[] =>
  entries
    .map((entry) => ({ entry, hash: hashOf(`${contest} ${voter} ${entry.id}`) }))
    .toSorted((a, b) => a.hash - b.hash || (a.entry.id < b.entry.id ? -1 : 1))
    .map(({ entry }) => entry);
