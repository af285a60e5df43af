import type { ratioOf, Timing } from './statistics.ts';

/** `name   value`, the names in one column. */
export const row = (name: string, value: string): string => `  ${name.padEnd(26)} ${value}`;

export const timingText = ({ median, min }: Timing): string =>
  `median ${median.toFixed(1).padStart(6)} ms   min ${min.toFixed(1).padStart(6)} ms`;

export const ratioText = ({ median, min, max }: ReturnType<typeof ratioOf>): string =>
  `${median.toFixed(3)} (rounds from ${min.toFixed(3)} to ${max.toFixed(3)})`;

/** A value beside what it shall keep: printed, never a failure. */
export const against = (value: string, limit: string, keeps: boolean): string =>
  `${value}   (limit ${limit}${keeps ? '' : ': MISSED'})`;

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
