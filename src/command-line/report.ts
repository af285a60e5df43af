import type { RenderReport } from '../domain/kinds.ts';

type WithoutVersion<Report> = Report extends unknown ? Omit<Report, 'engineVersion'> : never;

/** The order of keys, for people who read them; what is not here comes last. */
const order: readonly string[] = [
  ...['file', 'kind', 'format', 'width', 'height', 'frames', 'fps', 'zoom', 'direction', 'loop', 'seed'],
  ...['network', 'depth', 'quality', 'engine', 'precision', 'threads', 'styleLoss', 'seamRatio', 'seconds'],
  ...['bytes', 'peakRssBytes', 'fit'],
];
const placeOf = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);

/** The line that `--json` prints. */
export type JsonReport = WithoutVersion<RenderReport> & {
  readonly file: string;
  /** Of what has frames: whether the last one leads back into the first. False for a single picture. */
  readonly loop?: boolean;
};

/** Digits that say something; whole numbers stay as they are. */
const usualDigits = 6;
const digits: Readonly<Record<string, number>> = { styleLoss: 4, seamRatio: 4 };

const rounded = ([name, value]: readonly [string, unknown]): readonly [string, unknown] => [
  name,
  typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(digits[name] ?? usualDigits))
    : value,
];

/**
 * The renderer's report in the words of the command line.
 * @param options.totalSeconds since the command was started, so that the start of the processes counts
 * @param options.ownPeakRssBytes peak memory of this process, which is added to the renderer's
 */
export const jsonReport = (
  file: string,
  report: RenderReport,
  options: { readonly totalSeconds: number; readonly ownPeakRssBytes: number },
): JsonReport => {
  const { engineVersion: _, ...facts } = report;
  const seconds = Object.entries({ ...facts.seconds, total: options.totalSeconds });
  const entries: readonly (readonly [string, unknown])[] = [
    ['file', file],
    ...Object.entries(facts).map(rounded),
    ...('frames' in facts ? [['loop', facts.frames > 1] as const] : []),
    ['seconds', Object.fromEntries(seconds.map(([name, value]) => [name, Number(value.toFixed(3))]))],
    ['peakRssBytes', facts.peakRssBytes + options.ownPeakRssBytes],
  ];
  return Object.fromEntries(entries.toSorted(([a], [b]) => placeOf(a) - placeOf(b))) as JsonReport;
};
