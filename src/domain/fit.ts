/** What `fit` gave up to keep a file within its byte budget: the settings of the file as written. */
export type FitReport = {
  /** Colours in the palette; null for a format without one. */
  readonly colours: number | null;
  /** The encoder's own setting: webp's quality (0 to 100), H.264's quantiser (more is smaller); null for gif and png. */
  readonly quality: number | null;
  /** Every m-th frame was kept. */
  readonly everyFrame: number;
  /** The longer side in pixels. */
  readonly size: number;
};
