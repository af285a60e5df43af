const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/**
 * Time as a data folder has seen it, from which ages count. It continues while the bot runs and while it is off, as
 * far as the wall clock can be believed: what goes beyond a day may be a long absence or a clock that is wrong, and
 * counts as one day. All in milliseconds.
 */
export type FolderTime = {
  /** Begins as the wall clock's time and never jumps. */
  readonly seen: number;
  /** The furthest that the wall clock was seen, unless it was set back by more than a day since. */
  readonly wall: number;
  /** Until then, in seen time, the wall clock has not stood long enough after a jump to remove anything for its age. */
  readonly settledAt: number;
  /** What the last jump counted as: taken back where the clock is set back before it has settled. */
  readonly credit: number;
};

/** What has passed since the last look, and by how much the wall clock jumped where that was more than a day. */
export type Passed = { readonly time: FolderTime; readonly jumpMs: number };

/** The time of a folder that nothing is known of yet. */
export const newFolderTime = (wall: number): FolderTime => ({ seen: wall, wall, settledAt: wall, credit: 0 });

/** Whether files may be removed for their age: not within an hour after a jump of the wall clock. */
export const isSettled = ({ seen, settledAt }: FolderTime): boolean => seen >= settledAt;

/**
 * Lets time pass.
 * @param options.ranMs by a clock that never jumps, since the last look; 0 at a start
 * @param options.wall the wall clock now
 */
export const passTime = (
  time: FolderTime,
  { ranMs, wall }: { readonly ranMs: number; readonly wall: number },
): Passed => {
  const jumpMs = wall - time.wall - ranMs;
  if (jumpMs > dayMs) {
    const seen = time.seen + ranMs + dayMs;
    return { time: { seen, wall, settledAt: seen + hourMs, credit: dayMs }, jumpMs };
  }
  if (jumpMs < -dayMs) {
    const seen = time.seen + ranMs - (isSettled(time) ? 0 : time.credit);
    return { time: { seen, wall, settledAt: seen, credit: 0 }, jumpMs };
  }
  const seen = time.seen + Math.max(ranMs, wall - time.wall);
  return { time: { ...time, seen, wall: Math.max(time.wall, wall) }, jumpMs: 0 };
};
