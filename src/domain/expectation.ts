/** What an option takes, as values: `messages/<language>.ts` says it. */
export type Expectation =
  | {
      readonly kind: 'number';
      readonly isWhole: boolean;
      readonly min: number;
      readonly max: number;
      readonly multipleOf?: number;
    }
  /** Seconds of a loop, at a rate in frames per second. */
  | { readonly kind: 'seconds'; readonly min: number; readonly max: number; readonly fps: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** A file's size. */
  | { readonly kind: 'bytes'; readonly minBytes: number }
  /** The name of a network. */
  | { readonly kind: 'network' }
  /** The id of a render. */
  | { readonly kind: 'render' }
  /** A text of at most so many letters. */
  | { readonly kind: 'text'; readonly max: number }
  /** A moment, such as `2026-10-31 18:00`. */
  | { readonly kind: 'moment' }
  /** The name of a time zone, such as `Europe/Berlin`. */
  | { readonly kind: 'zone' }
  /** There is no such option; these there are. */
  | { readonly kind: 'option'; readonly known: readonly string[] }
  /** English words in the place of values, as the first versions stored them. */
  | { readonly kind: 'words'; readonly words: string };
