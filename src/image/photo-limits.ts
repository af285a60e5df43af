/** What a stranger's file may cost. */
export type PhotoLimits = {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** AVIF is decoded as a whole, at some 18 bytes a pixel, from files of hardly a kilobyte. */
  readonly maxAvifPixels: number;
  /** Longest side in pixels: some codecs need memory per row, whatever the area. */
  readonly maxSide: number;
  /** Longer side over shorter side. */
  readonly maxAspect: number;
  readonly timeoutSeconds: number;
  /** By how much the process may grow meanwhile, whatever the header says. */
  readonly maxMemoryBytes: number;
};

export const photoLimits: PhotoLimits = {
  maxBytes: 25e6,
  maxPixels: 50e6,
  maxAvifPixels: 24e6,
  maxSide: 12_000,
  maxAspect: 20,
  timeoutSeconds: 10,
  // Of what the limits above let in, an AVIF needs most: 620 MB.
  maxMemoryBytes: 750e6,
};
