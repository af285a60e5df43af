/** Text of a person within quotation marks, short enough for a sentence and visible where it is blank. */
export const createQuoted =
  (open: string, close: string): ((text: string) => string) =>
  (text) => {
    const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
    return /^[\p{L}\p{N}_.,:%+-]+$/u.test(short)
      ? short
      : `${open}${JSON.stringify(short).slice(1, -1)}${close}`;
  };

/** A number with a few digits that is not less than it: what is too much must not look as if it were not. */
export const upwards = (value: number): number =>
  value < 100 ? Math.ceil(10 * value) / 10 : Math.ceil(value);

/** `a`, `a or b`, `a, b or c` with the language's own `or`. */
export const createListed =
  (or: string): ((names: readonly string[]) => string) =>
  (names) =>
    names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${or} ${names.at(-1)}`;
