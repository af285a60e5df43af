import type { CommandName, HelpTopic } from '../domain/command-name.ts';
import { type Depth, depths } from '../domain/depth.ts';
import type { Failure } from '../domain/errors.ts';
import type { KindName } from '../domain/kinds.ts';
import type { Progress } from '../domain/progress.ts';
import { type Quality, qualities } from '../domain/request.ts';
import type { NameField, Notation } from './names.ts';

/** A render in a list, as far as words need it. */
export type RenderLine = {
  readonly id: string;
  readonly state: 'fetching' | 'queued' | 'running' | 'delivering' | 'done' | 'failed' | 'cancelled';
  readonly position: number | null;
  readonly waiting: number;
  readonly etaSeconds: number | null;
  readonly kind: KindName;
  readonly progress: Progress;
  readonly seed: number;
  readonly network: string;
  readonly depth: Depth;
  readonly failure: Failure | null;
  /** Whether it continues, or is posted, only once there is room on the disk. */
  readonly waitsForRoom?: boolean;
};

/** An option in a list, as far as words need it. */
export type OptionLine = {
  readonly name: string;
  readonly default?: string | number;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly byQuality?: Readonly<Record<Quality, number>>;
};

/** A network in a list, as far as words need it. */
export type NetworkLine = { readonly name: string; readonly depths: readonly Depth[] };

/** What the commands answer, where the answer is no message about a render. Lines are separate. */
export type CommandWords = {
  readonly cancelled: (render: Pick<RenderLine, 'id'>) => string;
  readonly line: (
    line: { readonly running: RenderLine | null; readonly waiting: readonly RenderLine[] },
    options?: Notation,
  ) => string;
  readonly mine: (renders: readonly RenderLine[], options?: Notation) => string;
  readonly help: (
    commands: readonly {
      readonly name: CommandName;
      readonly fields: readonly OptionLine[];
      readonly renderKind?: KindName;
    }[],
    options: {
      readonly topic: HelpTopic;
      /** How to begin there. */
      readonly start?: string;
      readonly networks: readonly NetworkLine[];
      /** What one film may cost, in default films. */
      readonly maxWork: number;
      readonly nameField?: NameField;
    },
  ) => string;
};

/** The parts of these answers that each language says in its own way. */
export type ListPhrases = {
  readonly cancelled: (id: string) => string;
  readonly now: (render: string) => string;
  readonly more: (count: number) => string;
  readonly nothing: string;
  readonly noneYet: string;
  /** Where the options are explained. */
  readonly moreHelp: string;
  /** `seed 7, pocket, style` */
  readonly facts: (render: RenderLine) => string;
  readonly state: (render: RenderLine, options: Notation) => string;
  readonly command: (name: CommandName) => { readonly name: string; readonly description: string };
  readonly option: (name: string, kind?: KindName) => { readonly name: string; readonly description: string };
  /** What can be given, if it can be listed or has an end. */
  readonly limits: (option: OptionLine) => string | null;
  /** What happens without it. */
  readonly without: (option: OptionLine) => string | null;
  readonly choiceLines: ChoiceLines;
  /** What one film may cost, in default films, and what that comes from. */
  readonly workLimit: (maxWork: number) => string;
};

/** One line for each choice of an option whose choices need words; none for the others. */
export type ChoiceLines = (option: string, networks: readonly NetworkLine[]) => readonly string[];

const mostShown = 10;

/** The same lists in any language. */
export const createCommandWords = (phrases: ListPhrases): CommandWords => {
  /** `a1b2c3d4 (seed 7, pocket, style): number 2 of 3, about 40 s until it is done` */
  const renderLine = (render: RenderLine, options: Notation): string =>
    `${render.id.slice(0, 8)} (${phrases.facts(render)}): ${phrases.state(render, options)}`;

  const optionLines = (
    option: OptionLine,
    {
      nameField,
      networks,
      renderKind,
    }: {
      readonly nameField: NameField;
      readonly networks: readonly NetworkLine[];
      readonly renderKind: KindName | undefined;
    },
  ): readonly string[] => {
    const facts = [phrases.limits(option), phrases.without(option)].filter((fact) => fact !== null);
    const inBrackets = facts.length > 0 ? ` (${facts.join('; ')})` : '';
    return [
      `  ${nameField(option.name)}: ${phrases.option(option.name, renderKind).description}${inBrackets}`,
      ...phrases.choiceLines(option.name, networks).map((line) => `    ${line}`),
    ];
  };

  return {
    cancelled: ({ id }) => phrases.cancelled(id.slice(0, 8)),
    line: ({ running, waiting }, options = {}) => {
      const shown = waiting.slice(0, mostShown).map((render) => renderLine(render, options));
      const more = waiting.length - shown.length;
      const lines = [
        ...(running ? [phrases.now(renderLine(running, options))] : []),
        ...shown,
        ...(more > 0 ? [phrases.more(more)] : []),
      ];
      return lines.length > 0 ? lines.join('\n') : phrases.nothing;
    },
    mine: (renders, options = {}) =>
      renders.length > 0 ? renders.map((render) => renderLine(render, options)).join('\n') : phrases.noneYet,
    help: (
      commands,
      { topic, start = '', networks, maxWork, nameField = (field) => phrases.option(field).name },
    ) => {
      const lines = commands.flatMap(({ name, fields, renderKind }) => [
        `/${phrases.command(name).name}: ${phrases.command(name).description}`,
        ...(topic === 'options'
          ? fields.flatMap((field) => optionLines(field, { nameField, networks, renderKind }))
          : []),
      ]);
      const limit = phrases.workLimit(maxWork);
      return (
        topic === 'start' ? [...(start ? [start] : []), ...lines, limit, phrases.moreHelp] : [...lines, limit]
      ).join('\n');
    },
  };
};

/**
 * One line for each quality, and for each depth that any of the networks offers, with their names where not all
 * do: `scene: large things too (with vgg16 or vgg19)`.
 */
export const createChoiceLines =
  ({
    qualityLabels,
    qualitySentences,
    depthLabels,
    depthSentences,
    offeredBy,
  }: {
    readonly qualityLabels: Readonly<Record<Quality, string>>;
    readonly qualitySentences: Readonly<Record<Quality, string>>;
    readonly depthLabels: Readonly<Record<Depth, string>>;
    readonly depthSentences: Readonly<Record<Depth, string>>;
    /** `with vgg16 or vgg19` */
    readonly offeredBy: (networks: readonly string[]) => string;
  }): ChoiceLines =>
  (option, networks) => {
    if (option === 'quality') {
      return qualities.map((quality) => `${qualityLabels[quality]}: ${qualitySentences[quality]}`);
    }
    if (option !== 'depth') return [];
    return depths.flatMap((depth) => {
      const offering = networks.filter((network) => network.depths.includes(depth));
      if (offering.length === 0) return [];
      const where =
        offering.length < networks.length ? ` (${offeredBy(offering.map(({ name }) => name))})` : '';
      return [`${depthLabels[depth]}: ${depthSentences[depth]}${where}`];
    });
  };
