import { styleText } from 'node:util';
import type { RenderRequest } from '../domain/kinds.ts';
import type { Size } from '../domain/picture.ts';
import type { Quality } from '../domain/request.ts';
import { planLevels, tunings } from '../engine/zoom/plan.ts';
import { commandLine } from '../messages/command-line-words.ts';
import type { Clock } from '../ports/clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';

export type ProgressEvent = Extract<RenderEvent, { kind: 'progress' }>;

/** Tells a person how far a render is. */
export type ProgressView = {
  show(event: RenderEvent): void;
  /** Leaves the terminal as it was before. */
  end(): void;
};

/** How many steps back the pace is measured: short enough to follow a busy machine. */
const paceSteps = 24;
/** Fewer steps than this tell nothing. */
const fewestSteps = 3;

/** The work behind a render's first steps, in pixels: those of coarse levels are cheap. */
export const workOf = (
  levels: readonly (Size & { readonly steps: number })[],
): ((steps: number) => number) => {
  const finest = Math.max(...levels.map(({ width, height }) => width * height));
  return (steps) => {
    let left = steps;
    let work = 0;
    for (const level of levels) {
      const done = Math.min(left, level.steps);
      work += done * level.width * level.height;
      left -= done;
    }
    return work + left * finest;
  };
};

/** Seconds left, from the times of the last steps and the work to come; undefined until they tell. */
export const createEstimate = (
  clock: Clock,
  work: (steps: number) => number,
): ((event: ProgressEvent) => number | undefined) => {
  let recent: { readonly at: number; readonly stepsDone: number }[] = [];
  let stepWork = 0;
  let secondsLeft: number | undefined;
  return ({ stage, stepsDone, stepsTotal }) => {
    if (stage === 'encode') return undefined;
    // A level begins with the building of its graph, which is no step and says nothing of the pace.
    const nextWork = work(stepsDone) - work(stepsDone - 1);
    if (nextWork !== stepWork) recent = [];
    stepWork = nextWork;
    recent.push({ at: clock.now(), stepsDone });
    while (recent.length > 2 && stepsDone - recent[0]!.stepsDone > paceSteps) recent.shift();
    const [first, last] = [recent[0]!, recent.at(-1)!];
    if (last.stepsDone - first.stepsDone >= fewestSteps) {
      const msPerWork = (last.at - first.at) / (work(last.stepsDone) - work(first.stepsDone));
      secondsLeft = Math.ceil((msPerWork * (work(stepsTotal) - work(stepsDone))) / 1000);
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

/** A render's line: stage, frame, bar, share, time left. */
export const barLine = (
  { stage, stepsDone, stepsTotal, framesDone, frames }: ProgressEvent,
  { columns, secondsLeft }: { readonly columns: number; readonly secondsLeft?: number | undefined },
): string => {
  const share = stepsTotal > 0 ? Math.min(1, stepsDone / stepsTotal) : 0;
  const name = commandLine.stages[stage];
  const label = stage === 'frames' ? `${name} ${Math.min(framesDone + 1, frames)}/${frames}` : name;
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

const createBar = (stream: NodeJS.WriteStream, clock: Clock, quality: Quality): ProgressView => {
  const terminal = createTerminalLine(stream);
  let estimate: ReturnType<typeof createEstimate> | undefined;
  return {
    show: (event) => {
      if (event.kind === 'started')
        estimate = createEstimate(clock, workOf(planLevels(event, tunings[quality])));
      if (event.kind !== 'progress') return;
      terminal.draw(barLine(event, { columns: terminalColumns(stream), secondsLeft: estimate?.(event) }));
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
      const { stage, framesDone, frames } = event;
      if (started) stream.write(`${commandLine.started({ ...started, frames })}\n`);
      started = undefined;
      const quarter = Math.floor((quarters * framesDone) / frames);
      if (quarter > told) {
        told = quarter;
        stream.write(`${commandLine.framesDone(framesDone, frames)}\n`);
      }
      if (stage === 'encode') stream.write(`${commandLine.encoding}\n`);
    },
    end: () => {},
  };
};

/** The view that suits a stream. */
export const progressFor = (
  stream: NodeJS.WriteStream,
  clock: Clock,
  { request }: { readonly request: Pick<RenderRequest, 'quality'> },
): ProgressView => (stream.isTTY ? createBar(stream, clock, request.quality) : createLines(stream));
