import type { MessageRef } from '../ports/chat.ts';

/** Where a message stands, as one text; null for the words that nobody was left to hear. */
export const placeOf = ({ platform, ref }: Pick<MessageRef, 'platform' | 'ref'>): string | null =>
  ref === '' ? null : `${platform} ${ref}`;

/** Reads what `placeOf` wrote; null where it cannot be read. */
export const fromPlace = (place: unknown): Pick<MessageRef, 'platform' | 'ref'> | null => {
  const [, platform, ref] = (typeof place === 'string' && /^(\S+) (.+)$/s.exec(place)) || [];
  return platform && ref ? { platform, ref } : null;
};
