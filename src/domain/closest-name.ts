/** How many letters have to be changed, added, left out or swapped with the next one to make one text of the other. */
const changesBetween = (one: string, other: string): number => {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = row[j]! + (one[i] === other[j] ? 0 : 1);
      const areSwapped = i > 0 && j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      const swapped = areSwapped ? before[j - 1]! + 1 : replaced;
      next.push(Math.min(replaced, swapped, row[j + 1]! + 1, next[j]! + 1));
    }
    [before, row] = [row, next];
  }
  return row.at(-1)!;
};

/**
 * The name that was probably meant, in capitals or not, with hyphens or underscores; undefined where more than a
 * third of its letters would have to change.
 */
export const closestName = (typed: string, names: readonly string[]): string | undefined => {
  const plain = (name: string): string => name.toUpperCase().replaceAll(/[-.]/g, '_');
  let [closest, fewest]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const name of names) {
    const changes = changesBetween(plain(typed), plain(name));
    if (changes < fewest && changes <= name.length / 3) [closest, fewest] = [name, changes];
  }
  return closest;
};
