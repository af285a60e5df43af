/** The result of a contest as a picture. It has no words but those of people: it is the same in each language. */
export type PosterSpec = {
  readonly theme: string;
  /** The day on which it ended, as `2026-11-01`. */
  readonly day: string;
  /** How many people voted. */
  readonly voters: number;
  /** Those on the first three places, best first; the first six are shown. */
  readonly winners: readonly PosterWinner[];
};

export type PosterWinner = {
  readonly place: number;
  readonly points: number;
  /** See `Entry.number`. */
  readonly number: number;
  /** Null for somebody whose name is not known any more. */
  readonly name: string | null;
  /** A file with a picture of their film: a still, or the film; null where there is none any more. */
  readonly still: Uint8Array | null;
};
