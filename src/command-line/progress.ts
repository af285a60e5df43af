import { styleText } from 'node:util';
import { commandLine } from '../messages/command-line-words.ts';
import type { Clock } from '../ports/clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';

export type ProgressEvent = Extract<RenderEvent, { kind: 'progress' }>;

/** Tells a person how far a render or a download is. */
export type ProgressView<Event = RenderEvent> = {
  show(event: Event): void;
  /** Leaves the terminal as it was before. */
  end(): void;
};

/** How many steps back the pace is measured: short enough to follow a busy machine. */
const paceSteps = 24;
/** Shares are not whole numbers. */
const roundingError = 1e-6;
/** Fewer steps than this tell nothing. */
const fewestSteps = 3;

/** Seconds left, from the shares of the work behind the last steps; undefined until they tell. */
export const createEstimate = (clock: Clock): ((event: ProgressEvent) => number | undefined) => {
  let recent: { readonly at: number; readonly share: number }[] = [];
  let lastSize = 0;
  let secondsLeft: number | undefined;
  return ({ stage, share, size }) => {
    if (stage === 'encode') return undefined;
    // A level begins with the building of its graph, which is no step and says nothing of the pace.
    if (size !== lastSize) recent = [];
    lastSize = size;
    recent.push({ at: clock.now(), share });
    if (recent.length > paceSteps + 1) recent.shift();
    const first = recent[0]!;
    if (recent.length > fewestSteps && share > first.share) {
      const msPerShare = (clock.now() - first.at) / (share - first.share);
      secondsLeft = Math.ceil((msPerShare * (1 - share)) / 1000 - roundingError);
    }
    return secondsLeft;
  };
};

const widestBar = 40;
const narrowestBar = 8;
/** Room for the time left, kept free until it is known, so that the bar does not jump. */
const leftWidth = commandLine.left(3599).length + 2;

/**
 * One line that fits into `columns`: label, bar, share, time left. What does not fit is left out, the bar
 * first.
 */
export const shareLine = (
  { label, share }: { readonly label: string; readonly share: number },
  options: {
    readonly columns: number;
    readonly secondsLeft: number | undefined;
    /** Of the longest label that may stand here, so that the bar does not jump. */
    readonly labelWidth: number;
  },
): string => {
  const { columns, secondsLeft, labelWidth } = options;
  const percent = `${Math.floor(100 * share)}%`.padStart(4);
  const left = secondsLeft === undefined ? '' : `  ${commandLine.left(secondsLeft)}`;
  // The last column stays free: some terminals wrap as soon as it is written.
  const room = columns - 1 - labelWidth - percent.length - Math.max(leftWidth, left.length) - 4;
  if (room < narrowestBar) return `${label} ${percent}${left}`.slice(0, Math.max(0, columns - 1));
  const width = Math.min(widestBar, room);
  const full = Math.round(share * width);
  return `${label.padEnd(labelWidth)} [${'#'.repeat(full)}${'-'.repeat(width - full)}] ${percent}${left}`;
};

/** A render's line: stage, frame or level, bar, share, time left. */
export const barLine = (
  { stage, share, done, total }: ProgressEvent,
  { columns, secondsLeft }: { readonly columns: number; readonly secondsLeft?: number | undefined },
): string => {
  const name = commandLine.stages[stage];
  const isCounted = stage === 'frames' || stage === 'levels';
  const label = isCounted ? `${name} ${Math.min(done + 1, total)}/${total}` : name;
  const labelWidth = Math.max(label.length, ...Object.values(commandLine.stages).map((text) => text.length));
  return shareLine({ label, share }, { columns, secondsLeft, labelWidth });
};

/** One line of a terminal, drawn again and again. */
export const createTerminalLine = (
  stream: NodeJS.WriteStream,
): { readonly draw: (line: string) => void; readonly clear: () => void } => {
  let drawn = '';
  return {
    draw: (line) => {
      if (line === drawn) return;
      drawn = line;
      // styleText knows NO_COLOR and terminals without colours.
      const painted = line.replace(/#+/, (full) => styleText('cyan', full, { stream, validateStream: true }));
      stream.write(`\r${painted}\x1b[K`);
    },
    clear: () => {
      if (drawn) stream.write(`\r\x1b[K`);
      drawn = '';
    },
  };
};

export const terminalColumns = (stream: NodeJS.WriteStream): number => stream.columns || 80;

const createBar = (stream: NodeJS.WriteStream, clock: Clock): ProgressView => {
  const terminal = createTerminalLine(stream);
  const estimate = createEstimate(clock);
  return {
    show: (event) => {
      if (event.kind !== 'progress') return;
      terminal.draw(barLine(event, { columns: terminalColumns(stream), secondsLeft: estimate(event) }));
    },
    end: terminal.clear,
  };
};

/** A few plain lines, for files and pipes. */
export const createLines = (stream: { write(text: string): unknown }): ProgressView => {
  const quarters = 4;
  let told = 0;
  let started: Extract<RenderEvent, { kind: 'started' }> | undefined;
  return {
    show: (event) => {
      if (event.kind === 'started') started = event;
      if (event.kind !== 'progress') return;
      const { stage, done, total } = event;
      if (started) stream.write(`${commandLine.started(started)}\n`);
      started = undefined;
      const quarter = Math.floor((quarters * done) / total);
      if (quarter > told) {
        told = quarter;
        stream.write(`${commandLine.done(event)}\n`);
      }
      if (stage === 'encode') stream.write(`${commandLine.encoding}\n`);
    },
    end: () => {},
  };
};

/** The view that suits a stream. */
export const progressFor = (stream: NodeJS.WriteStream, clock: Clock): ProgressView =>
  stream.isTTY ? createBar(stream, clock) : createLines(stream);
