/** When contests take place unless somebody says otherwise. */
import type { ContestPreset } from './rules.ts';

/** An occasion of every year: wall times, each with its month and day. */
export type Occasion = {
  readonly theme: string;
  readonly enterFrom: string;
  readonly enterUntil: string;
  readonly voteUntil: string;
};

export const occasions: Readonly<Record<ContestPreset, Occasion>> = {
  halloween: {
    theme: 'Halloween',
    enterFrom: '10-24T00:00',
    enterUntil: '10-31T18:00',
    voteUntil: '11-01T18:00',
  },
};

/** How long entering and voting take where nothing is said of their ends, in days. */
export const usualDays = { entering: 3, voting: 2 } as const;

/** No moment of a contest is further away, in days. */
export const mostDaysAhead = 366;
