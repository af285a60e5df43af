const reserveBytes = 64 * 2 ** 20;
const reserveShare = 0.05;

/** What always stays free: for the database, photos and pictures of progress. Less on a small disk. */
export const reserveOf = (totalBytes: number): number => Math.min(reserveBytes, reserveShare * totalBytes);

const spareBytes = 4 * 2 ** 20;
const spareShare = 0.01;

/** Whether there is space for what a render can do without: the last of it is for rows and films. */
export const hasSpareSpace = ({
  freeBytes,
  totalBytes,
}: {
  readonly freeBytes: number;
  readonly totalBytes: number;
}): boolean => freeBytes >= Math.min(spareBytes, spareShare * totalBytes);
