import type { Contest, ContestMoment } from '../../../domain/contest/contest.ts';
import { mostDaysAhead, type Occasion, occasions, usualDays } from '../../../domain/contest/occasions.ts';
import type { ContestPreset } from '../../../domain/contest/rules.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { readMoment } from '../../moments/read-moment.ts';
import { momentAt, momentOfWall } from '../../moments/wall-time.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type ContestTimes = Pick<Contest, 'enterFrom' | 'enterUntil' | 'voteUntil'>;

/** Of the options of `/contest start`. */
export type NamedTimes = {
  readonly preset?: ContestPreset | undefined;
  readonly enterFrom?: string | undefined;
  readonly enterUntil?: string | undefined;
  readonly voteUntil?: string | undefined;
};

type Clock = { readonly zone: string; readonly now: number };

/** This very moment: its wall time is that of the minute that it is in. */
export const thisMoment = ({ zone, now }: Clock): ContestMoment => ({
  at: now,
  wall: momentAt(Math.floor(now / 60_000) * 60_000, zone).wall,
});

const daysAfter = (days: number, { at }: ContestMoment, zone: string): ContestMoment =>
  readMoment(`${days} days`, { zone, now: at, field: 'voteUntil' });

/** The occasion as it comes next: this year's, or next year's once nobody can enter any more. */
const nextOccasion = (occasion: Occasion, { zone, now }: Clock): ContestTimes => {
  const thisYear = Number(thisMoment({ zone, now }).wall.slice(0, 4));
  const inYear = (year: number): ContestTimes => ({
    enterFrom: momentOfWall(`${year}-${occasion.enterFrom}`, zone),
    enterUntil: momentOfWall(`${year}-${occasion.enterUntil}`, zone),
    voteUntil: momentOfWall(`${year}-${occasion.voteUntil}`, zone),
  });
  const times = inYear(thisYear);
  return times.enterUntil.at > now ? times : inYear(thisYear + 1);
};

/** Between now and the end of voting, where nothing is said of the end of entering. */
const usualEnd = (enterFrom: ContestMoment, voteUntil: ContestMoment | null, zone: string): ContestMoment => {
  const usual = daysAfter(usualDays.entering, enterFrom, zone);
  if (!voteUntil) return usual;
  const { entering, voting } = usualDays;
  const share = enterFrom.at + ((voteUntil.at - enterFrom.at) * entering) / (entering + voting);
  return momentAt(Math.min(usual.at, share), zone);
};

type Named = { readonly field: string; readonly received: string };

const refused = (named: Named, problem: 'past' | 'order' | 'far'): GramzoomError =>
  new GramzoomError('contest-moment', { ...named, problem });

/** @throws GramzoomError `contest-moment` where a moment is over, or further away than contests are */
const requireSoon = (
  { at }: ContestMoment,
  { now, named }: { readonly now: number; readonly named: Named },
): void => {
  if (at <= now) throw refused(named, 'past');
  if (at > now + mostDaysAhead * dayMs) throw refused(named, 'far');
};

/**
 * When a contest takes place.
 * @throws GramzoomError `request-field`, `contest-moment`
 */
export const readTimes = (named: NamedTimes, { zone, now }: Clock): ContestTimes => {
  const read = (field: keyof ContestTimes): ContestMoment | null => {
    const text = named[field]?.trim();
    if (!text) return null;
    return readMoment(text, { zone, now, field, wholeDay: field === 'enterFrom' ? 'begins' : 'ends' });
  };
  const occasion = named.preset ? nextOccasion(occasions[named.preset], { zone, now }) : null;
  const start = thisMoment({ zone, now });
  const from = read('enterFrom') ?? occasion?.enterFrom ?? start;
  // The beginning of today is not over, nor what has passed while a form was filled in.
  if (named.enterFrom && from.at < now - dayMs)
    throw refused({ field: 'enterFrom', received: named.enterFrom }, 'past');
  const enterFrom = from.at > now ? from : start;
  const votedUntil = read('voteUntil') ?? occasion?.voteUntil ?? null;
  const enterUntil = read('enterUntil') ?? occasion?.enterUntil ?? usualEnd(enterFrom, votedUntil, zone);
  const voteUntil = votedUntil ?? daysAfter(usualDays.voting, enterUntil, zone);
  const ends = [
    { field: 'enterUntil', moment: enterUntil, after: enterFrom },
    { field: 'voteUntil', moment: voteUntil, after: enterUntil },
  ] as const;
  for (const { field, moment, after } of ends) {
    const about = { field, received: named[field]?.trim() || moment.wall.replace('T', ' ') };
    requireSoon(moment, { now, named: about });
    if (moment.at <= after.at) throw refused(about, 'order');
  }
  return { enterFrom, enterUntil, voteUntil };
};

const asUtc = (wall: string): number => Date.parse(`${wall}Z`);

/** A moment as much later, by the clock on the wall, as another one was moved. */
const movedLike = (
  moment: ContestMoment,
  { from, to, zone }: { readonly from: ContestMoment; readonly to: ContestMoment; readonly zone: string },
): ContestMoment => {
  const wall = asUtc(moment.wall) + asUtc(to.wall) - asUtc(from.wall);
  return momentOfWall(new Date(wall).toISOString().slice(0, 16), zone);
};

/**
 * The times of a contest whose phase ends later: what comes after it moves with it, so that voting takes as long as
 * before.
 * @throws GramzoomError `request-field`, `contest-moment`, `contest-phase`
 */
export const extendedTimes = (
  contest: Contest,
  { until, now }: { readonly until: string; readonly now: number },
): Partial<ContestTimes> => {
  const { phase, zone, enterFrom, enterUntil, voteUntil } = contest;
  const field = 'until';
  const to = readMoment(until, { zone, now, field });
  const about = { field, received: until };
  const from = { draft: enterFrom, entering: enterUntil, voting: voteUntil, closed: null, cancelled: null }[
    phase
  ];
  requireSoon(to, { now, named: about });
  if (from && to.at <= from.at) throw refused(about, 'order');
  const move = (moment: ContestMoment): ContestMoment =>
    from ? movedLike(moment, { from, to, zone }) : moment;
  const times: Partial<ContestTimes> =
    phase === 'draft'
      ? { enterFrom: to, enterUntil: move(enterUntil), voteUntil: move(voteUntil) }
      : phase === 'entering'
        ? { enterUntil: to, voteUntil: move(voteUntil) }
        : { voteUntil: to };
  requireSoon(times.voteUntil ?? to, { now, named: about });
  return times;
};
