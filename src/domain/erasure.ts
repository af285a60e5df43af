/** What somebody deletes for good, in numbers. */
export type ErasureCount = {
  readonly photos: number;
  /** Films, and renders that are to become some. */
  readonly renders: number;
  /** Of these, renders that others have asked for. */
  readonly ofOthers: number;
};
