import type { MessageRef } from '../ports/chat.ts';

/** Where a message stands, as one text; null for the words that nobody was left to hear. */
export const placeOf = ({ platform, ref }: Pick<MessageRef, 'platform' | 'ref'>): string | null =>
  ref === '' ? null : `${platform} ${ref}`;
