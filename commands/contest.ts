/** The commands about contests: each hands what was asked for to a use case, which knows the rules. */
import type { z } from 'zod';
import type { ContestActor, Contests } from '../src/app/contests.ts';
import { type ContestVerb, contestCommand } from '../src/domain/command-name.ts';
import { personUnknown } from '../src/domain/contest/contest.ts';
import { contestFields, extendFields, extendSchema } from '../src/domain/contest/rules.ts';
import type { ContestView } from '../src/domain/contest/view.ts';
import { type Command, type CommandContext, type CommandField, noOptions, parseFields } from './command.ts';

/** `event`: see `NewJob.event`. */
type Asking = ContestActor & { readonly event?: string };

/** Who gives a command; of somebody of whom the platform tells nothing no rule is asked. */
export const contestActor = ({ actor, isModerator, person, replyTarget, event }: CommandContext): Asking => ({
  actor,
  replyTarget,
  ...(isModerator !== undefined && { isModerator }),
  ...(event !== undefined && { event }),
  person: person ?? personUnknown(actor.user),
});

type ContestRun = (
  contests: Contests,
  by: Asking,
  given: { readonly options: unknown; readonly context: CommandContext },
) => Promise<ContestView>;

const createCommand = (
  verb: ContestVerb,
  fields: readonly CommandField[],
  run: ContestRun,
): Command<'contest'> => ({
  name: contestCommand(verb),
  isPrivate: true,
  fields,
  run: async (options, context) => {
    const view = await run(context.renders.contests, contestActor(context), { options, context });
    return { kind: 'contest', view };
  },
});

/** A command that takes no options. */
const plain = (
  verb: Exclude<ContestVerb, 'start' | 'extend'>,
  run: (contests: Contests, by: Asking) => Promise<ContestView>,
): Command<'contest'> =>
  createCommand(verb, [], (contests, by, { options }) => {
    parseFields(noOptions, options, []);
    return run(contests, by);
  });

const start = createCommand('start', contestFields, (contests, by, { options, context }) => {
  return contests.start(options ?? {}, { ...by, ...context.contestPlace });
});

const extend = createCommand('extend', extendFields, (contests, by, { options, context }) => {
  const given: z.output<typeof extendSchema> = parseFields(extendSchema, options, extendFields);
  return contests.extend(given, { ...by, ...context.contestPlace });
});

/** By their names, in the order in which help shows them. */
export const contestCommandsByName = {
  'contest start': start,
  'contest status': plain('status', (contests, by) => contests.status(by)),
  'contest entries': plain('entries', (contests, by) => contests.entries(by)),
  'contest extend': extend,
  'contest close': plain('close', (contests, by) => contests.close(by)),
  'contest cancel': plain('cancel', (contests, by) => contests.cancel(by)),
  'contest hall': plain('hall', (contests, by) => contests.hall(by)),
  'contest export': plain('export', (contests, by) => contests.export(by)),
} as const;
