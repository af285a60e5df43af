import type { RenderRequest } from './kinds.ts';

/** At most so many frames come before the film and are kept with it. */
const mostLeadInFrames = 24;
/** A state has the picture and two moments of it as 32-bit numbers; two states take turns. */
const stateBytesPerPixel = 2 * 2 * 3 * 4;
/** Of a film, in the format that takes most. */
const filmBytesPerPixel = 1;

/** What a render writes to the disk, in bytes, rather too much than too little. */
export type StorageNeed = {
  /** Until the render is over. */
  readonly checkpoint: number;
  /** From then on. */
  readonly film: number;
};

/** @param request what was asked for; a film in the photo's shape has as many pixels as a square one */
export const storageNeed = ({
  size,
  frames,
  maxBytes,
}: Pick<RenderRequest, 'size' | 'frames' | 'maxBytes'>): StorageNeed => {
  const pixels = size * size;
  const film = frames * pixels * filmBytesPerPixel;
  return {
    checkpoint: (frames + mostLeadInFrames + 1) * pixels * 3 + pixels * stateBytesPerPixel,
    film: Math.min(film, maxBytes ?? film) + 3 * pixels,
  };
};

const reserveBytes = 64 * 2 ** 20;
const reserveShare = 0.05;

/** What always stays free: for the database, photos and pictures of progress. Less on a small disk. */
export const reserveOf = (totalBytes: number): number => Math.min(reserveBytes, reserveShare * totalBytes);

const spareBytes = 4 * 2 ** 20;
const spareShare = 0.01;

/** Whether there is room for what a render can do without: the last of it is for rows and films. */
export const hasSpareRoom = ({
  freeBytes,
  totalBytes,
}: {
  readonly freeBytes: number;
  readonly totalBytes: number;
}): boolean => freeBytes >= Math.min(spareBytes, spareShare * totalBytes);
