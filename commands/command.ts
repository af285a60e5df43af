import { z } from 'zod';
import type { ContestPlace } from '../src/app/contests.ts';
import type { JobView, NetworkOffer, QueueView, Renders } from '../src/app/renders.ts';
import type { CommandName, HelpTopic } from '../src/domain/command-name.ts';
import type { PersonFacts } from '../src/domain/contest/contest.ts';
import type { ContestView } from '../src/domain/contest/view.ts';
import type { AttachmentRef, ErasureCount, Origin, ReplyTarget } from '../src/domain/job.ts';
import type { KindName } from '../src/domain/kinds.ts';
import { expectationOf, type FieldRule, parseOptions } from '../src/domain/request.ts';
import type { NetworkFacts } from '../src/ports/networks.ts';

/** One option of a command, for forms, completion and help. */
export type CommandField = Omit<FieldRule, 'name' | 'description'> & { readonly name: string };

/** Fields with the networks that there are here: which, only a running bot knows. */
export const withNetworks = <Field extends CommandField>(
  fields: readonly Field[],
  { standard, all }: NetworkOffer,
): readonly Field[] =>
  fields.map((field) =>
    field.name === 'network'
      ? {
          ...field,
          choices: all.map(({ name }) => name),
          ...(field.default !== undefined && { default: standard }),
        }
      : field,
  );

/** Where a command was given, by whom, and with what. */
export type CommandContext = {
  readonly renders: Renders;
  readonly actor: Origin;
  /** The photo that came with it; null where none did. */
  readonly attachment: AttachmentRef | null;
  /** See `Submission.photoOwner`. */
  readonly photoOwner?: Origin;
  readonly replyTarget: ReplyTarget;
  /** See `NewJob.event`. */
  readonly event?: string;
  /** See `Submission.answersFirst`. */
  readonly answersFirst?: boolean;
  /** See `Actor`. */
  readonly isModerator?: boolean;
  /** What the platform knows of whoever gave it; asked for by those that need it. */
  readonly person?: PersonFacts;
  /** See `ContestPlace`. */
  readonly contestPlace?: ContestPlace;
};

/** What `/help` says about a command. */
export type CommandHelp = {
  readonly name: CommandName;
  readonly fields: readonly CommandField[];
  /** The kind of render that it makes of a photo; left out, it takes none. */
  readonly renderKind?: KindName;
};

/** What a command answers, as values: `messages/<language>.ts` makes the words. */
export type CommandAnswer =
  /** `entered`: into the contest, which is for nobody but whoever asked. */
  | { readonly kind: 'queued'; readonly render: JobView; readonly entered?: ContestView }
  | { readonly kind: 'cancelled'; readonly render: JobView }
  /** For nobody but whoever gave the command. */
  | { readonly kind: 'contest'; readonly view: ContestView }
  | { readonly kind: 'queue'; readonly queue: QueueView }
  /** Newest first. */
  | { readonly kind: 'mine'; readonly renders: readonly JobView[] }
  /** What is deleted; not yet where it has to be confirmed. */
  | { readonly kind: 'forget'; readonly isConfirmed: boolean; readonly count: ErasureCount }
  | {
      readonly kind: 'help';
      readonly topic: HelpTopic;
      readonly commands: readonly CommandHelp[];
      readonly networks: readonly NetworkFacts[];
      /** See `Renders.maxWork`. */
      readonly maxWork: number;
    };

/** A command as a value that no platform has a part in: what every place that offers it is derived from. */
export type Command<Kind extends CommandAnswer['kind'] = CommandAnswer['kind']> = CommandHelp & {
  /** Whether its answer, and that it was given, is nobody else's business. */
  readonly isPrivate: boolean;
  /**
   * @param options raw values by field; what is wrong is refused
   * @throws GramzoomError `request-field`, and those of the use case
   */
  readonly run: (
    options: unknown,
    context: CommandContext,
  ) => Promise<Extract<CommandAnswer, { kind: Kind }>>;
};

/** Of a command that takes none. */
export const noOptions = z.strictObject({});

/**
 * Checks the options of a command that are no request for a render.
 * @throws GramzoomError `request-field`
 */
export const parseFields = <Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  fields: readonly CommandField[],
): z.output<Schema> => parseOptions(schema, input ?? {}, (field) => expectationOf(fields, field));
