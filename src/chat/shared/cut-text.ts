/** Cut to so many UTF-16 units, never within a character. */
export const cutTo = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const short = text.slice(0, most - 1);
  return `${short.isWellFormed() ? short : short.slice(0, -1)}…`;
};

/** One line for where nothing is formatted, such as the name of a thread. */
export const oneLine = (text: string, most: number): string =>
  cutTo(text.replace(/[\p{C}\s]+/gu, ' ').trim(), most);

/** Text in pieces of so many UTF-16 units at most, each ending with a line where there are lines. */
export const inPieces = (text: string, most: number): readonly [string, ...string[]] => {
  if (text.length <= most) return [text];
  const end = Math.max(text.lastIndexOf('\n', most), 0) || text.lastIndexOf(' ', most);
  const [at, next] = end > 0 ? [end, end + 1] : [most, most];
  return [text.slice(0, at), ...inPieces(text.slice(next), most)];
};
