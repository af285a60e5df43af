import type { Depth } from '../domain/depth.ts';
import type { Failure } from '../domain/errors.ts';
import { errorSentence, type NameField, until } from './en.ts';
import { listed } from './en-list.ts';
import { choiceLines, otherwise } from './en-options.ts';

/** A render in a list, as far as words need it. */
type RenderLine = {
  readonly id: string;
  readonly state: 'fetching' | 'queued' | 'running' | 'delivering' | 'done' | 'failed' | 'cancelled';
  readonly position: number | null;
  readonly waiting: number;
  readonly etaSeconds: number | null;
  readonly framesDone: number;
  readonly frames: number;
  readonly seed: number;
  readonly network: string;
  readonly depth: Depth;
  readonly failure: Failure | null;
};

/** An option in a list, as far as words need it. */
type OptionLine = {
  readonly name: string;
  readonly description: string;
  readonly default?: string | number;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
};

/** A network in a list, as far as words need it. */
type NetworkLine = { readonly name: string; readonly depths: readonly Depth[] };

const stateWords = (render: RenderLine): string => {
  switch (render.state) {
    case 'fetching':
      return 'its photo is being fetched';
    case 'queued':
      return `number ${render.position ?? render.waiting} of ${render.waiting}${until(render.etaSeconds, 'until it is done')}`;
    case 'running':
      return `frame ${render.framesDone} of ${render.frames}${until(render.etaSeconds, 'left')}`;
    case 'delivering':
      return 'rendered, being posted';
    case 'done':
      return 'done';
    case 'failed':
      return render.failure ? `failed: ${errorSentence(render.failure)}` : 'failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return render.state satisfies never;
  }
};

/** `a1b2c3d4 (seed 7, pocket, style): number 2 of 3, about 40 s until it is done` */
const renderLine = (render: RenderLine): string =>
  `${render.id.slice(0, 8)} (seed ${render.seed}, ${render.network}, ${render.depth}): ${stateWords(render)}`;

const optionLines = (
  option: OptionLine,
  { nameField, networks }: { readonly nameField: NameField; readonly networks: readonly NetworkLine[] },
): readonly string[] => {
  const limits = option.choices
    ? [listed(option.choices)]
    : option.min !== undefined && option.max !== undefined
      ? [`${option.min} to ${option.max}`]
      : [];
  const without = otherwise[option.name];
  const fallback =
    option.default !== undefined ? [`default ${option.default}`] : without ? [`otherwise ${without}`] : [];
  const facts = [...limits, ...fallback];
  return [
    `  ${nameField(option.name)}: ${option.description}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`,
    ...choiceLines(option.name, networks).map((line) => `    ${line}`),
  ];
};

/** What the commands answer, where the answer is no message about a render. Lines are separate. */
export const commandWords = {
  cancelled: (render: Pick<RenderLine, 'id'>): string => `Cancelled ${render.id.slice(0, 8)}.`,
  line: (line: { readonly running: RenderLine | null; readonly waiting: readonly RenderLine[] }): string => {
    const shown = line.waiting.slice(0, 10).map(renderLine);
    const more = line.waiting.length - shown.length;
    const lines = [
      ...(line.running ? [`Now: ${renderLine(line.running)}`] : []),
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
    return lines.length > 0 ? lines.join('\n') : 'Nothing renders and nothing waits.';
  },
  mine: (renders: readonly RenderLine[]): string =>
    renders.length > 0 ? renders.map(renderLine).join('\n') : 'You have no renders yet: send a photo.',
  help: (
    commands: readonly {
      readonly name: string;
      readonly summary: string;
      readonly fields: readonly OptionLine[];
    }[],
    {
      networks,
      nameField = (field) => field,
    }: { readonly networks: readonly NetworkLine[]; readonly nameField?: NameField },
  ): string =>
    commands
      .flatMap(({ name, summary, fields }) => [
        `/${name}: ${summary}`,
        ...fields.flatMap((field) => optionLines(field, { nameField, networks })),
      ])
      .join('\n'),
} as const;
