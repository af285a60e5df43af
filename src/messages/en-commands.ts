import type { Failure } from '../domain/errors.ts';
import { errorSentence, type NameField, until } from './en.ts';

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

/** `a1b2c3d4 (seed 7, pocket): number 2 of 3, about 40 s until it is done` */
const renderLine = (render: RenderLine): string =>
  `${render.id.slice(0, 8)} (seed ${render.seed}, ${render.network}): ${stateWords(render)}`;

const optionLine = (option: OptionLine, nameField: NameField): string => {
  const limits = option.choices
    ? [option.choices.join(' or ')]
    : option.min !== undefined && option.max !== undefined
      ? [`${option.min} to ${option.max}`]
      : [];
  const facts = [...limits, ...(option.default === undefined ? [] : [`default ${option.default}`])];
  return `  ${nameField(option.name)}: ${option.description}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
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
    { nameField = (field) => field }: { readonly nameField?: NameField } = {},
  ): string =>
    commands
      .map(({ name, summary, fields }) =>
        [`/${name}: ${summary}`, ...fields.map((field) => optionLine(field, nameField))].join('\n'),
      )
      .join('\n'),
} as const;
