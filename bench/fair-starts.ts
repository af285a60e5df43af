/** One start of a render, in order. */
export type Start = { readonly job: string; readonly server: string };

/**
 * The largest difference, over all prefixes of the starts, between how often two servers were served that both
 * still had work waiting. Fair is 1 or 0.
 * @param waiting how many renders of each server waited when the first one started
 */
export const largestDifference = (starts: readonly Start[], waiting: ReadonlyMap<string, number>): number => {
  const served = new Map([...waiting.keys()].map((server) => [server, 0]));
  let worst = 0;
  for (const { server } of starts) {
    served.set(server, (served.get(server) ?? 0) + 1);
    const counts = [...served].flatMap(([name, count]) => (count < (waiting.get(name) ?? 0) ? [count] : []));
    if (counts.length > 1) worst = Math.max(worst, Math.max(...counts) - Math.min(...counts));
  }
  return worst;
};
