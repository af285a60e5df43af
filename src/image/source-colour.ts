import { cicpSpace, isSrgb } from './cicp.ts';
import type { ColourSpace } from './colour-space.ts';
import { readIccProfile } from './icc-profile.ts';
import { itemColour } from './iso-media.ts';
import { pngColour } from './png-colour.ts';
import type { PhotoFormat } from './sniff.ts';

/**
 * Who turns a picture's samples into sRGB: the decoder (`decoder`; `deep-profile` for more than 8 bits with a
 * profile of tables, where it has to be told so), the decoder without a look at the profile (`srgb`), or we
 * do, from a space.
 */
export type SourceColour = 'decoder' | 'deep-profile' | 'srgb' | { readonly space: ColourSpace };

export type DecodedHeader = {
  readonly deep: boolean;
  /** Of colour, without transparency. */
  readonly channels: number;
  readonly profile: Uint8Array | null;
};

/** With 8 bits the decoder uses a profile well; with more it hands out another space than sRGB. */
const byProfile = ({ deep, channels, profile }: DecodedHeader): SourceColour => {
  if (profile === null || !deep || channels === 4) return 'decoder';
  const read = readIccProfile(profile, channels);
  if (read === null) return 'srgb';
  return read.space ? { space: read.space } : 'deep-profile';
};

/** How the samples of a photo are to be understood. */
export const sourceColour = (bytes: Uint8Array, format: PhotoFormat, header: DecodedHeader): SourceColour => {
  if (format === 'png') {
    const colour = pngColour(bytes);
    if (colour === 'srgb') return 'srgb';
    return colour === 'profile' ? byProfile(header) : { space: colour };
  }
  if (format === 'avif' && header.profile === null) {
    const { cicp } = itemColour(bytes);
    if (cicp !== null && !isSrgb(cicp)) return { space: cicpSpace(cicp) };
  }
  return byProfile(header);
};
