import { viewOf } from './byte-view.ts';
import type { Cicp } from './cicp.ts';
import { fourCharacters, primaryItemOf } from './iso-media.ts';

/** What an AVIF or HEIC says about the colours of its picture. */
export type ItemColour = {
  readonly profile: Uint8Array | null;
  readonly cicp: Cicp | null;
};

/** Of the primary item; a profile counts for more than numbers. */
export const itemColour = (bytes: Uint8Array): ItemColour => {
  const view = viewOf(bytes);
  let profile: Uint8Array | null = null;
  let cicp: Cicp | null = null;
  for (const { type, start, end } of primaryItemOf(bytes)?.properties ?? []) {
    if (type !== 'colr' || end - start < 4) continue;
    const kind = fourCharacters(bytes, start);
    if (kind === 'prof' || kind === 'rICC') profile = bytes.subarray(start + 4, end);
    if (kind === 'nclx' && end - start >= 8) {
      cicp = { primaries: view.getUint16(start + 4), transfer: view.getUint16(start + 6) };
    }
  }
  return { profile, cicp };
};
