import {
  type Claim,
  claims,
  type Judged,
  overPhotos,
  overSeeds,
  ratioOf,
  type Spread,
} from './quality-figures.ts';
import type { JudgeName, Scores } from './quality-judges.ts';

const number = (value: number): string => {
  if (value < 1e-6) return '0';
  return value < 0.0995 ? value.toPrecision(2) : value.toFixed(3);
};

const cell = (spread: Spread | null, isSingle = false): string => {
  if (!spread) return '-'.padEnd(19);
  const text = isSingle
    ? number(spread.mean)
    : `${number(spread.mean).padEnd(7)} ± ${number(spread.deviation)}`;
  return text.padEnd(19);
};

const line = (name: string, cells: readonly string[]): string =>
  `  ${name.padEnd(22)} ${cells.join(' ')}`.trimEnd();

/** A photo's rows, or those of all photos: a title, the floor, and each network. */
export type Block = {
  readonly title: string;
  readonly judges: readonly JudgeName[];
  readonly networks: readonly string[];
};

const heading = ({ title, judges }: Block): string =>
  line(
    title,
    judges.map((judge) => judge.padEnd(19)),
  );

/** Mean and standard deviation over the seeds, by every judge, of one photo's stills. */
export const photoLines = (block: Block, judged: readonly Judged[], floor: Scores): readonly string[] => [
  heading(block),
  line(
    '  mirrored photo',
    block.judges.map((judge) => cell({ mean: floor[judge] ?? Number.NaN, deviation: 0 }, true)),
  ),
  ...block.networks.map((network) => {
    const own = judged.filter((each) => each.network === network);
    return line(
      `  ${network}`,
      block.judges.map((judge) => cell(overSeeds(own, judge))),
    );
  }),
];

/** Geometric means over photos. */
export const meanLines = (
  block: Block,
  judged: readonly Judged[],
  floors: readonly Judged[],
): readonly string[] => [
  heading(block),
  line(
    '  mirrored photo',
    block.judges.map((judge) => cell(overPhotos(floors, judge), true)),
  ),
  ...block.networks.map((network) => {
    const own = judged.filter((each) => each.network === network);
    return line(
      `  ${network}`,
      block.judges.map((judge) => cell(overPhotos(own, judge))),
    );
  }),
];

const claimLine = (
  { judge, network, against, most }: Claim,
  judged: readonly Judged[],
  heldOut: readonly Judged[],
): string => {
  const what = `  ${judge}: ${network} / ${against}`.padEnd(44);
  const all = ratioOf(judged, { judge, network, against });
  if (!all) return `${what} not measured`;
  const unseen = ratioOf(heldOut, { judge, network, against });
  return (
    `${what} ${all.ratio.toFixed(3)} (seeds ${all.least.toFixed(3)} to ${all.most.toFixed(3)}` +
    `${unseen ? `; photos held out ${unseen.ratio.toFixed(3)}` : ''}), at most ${most.toFixed(3)}: ` +
    (all.ratio <= most ? 'held' : 'MISSED')
  );
};

/** The ratios that pocket shall keep, each held, missed or not measured. */
export const claimLines = (judged: readonly Judged[], heldOut: readonly Judged[]): readonly string[] =>
  claims.map((claim) => claimLine(claim, judged, heldOut));
