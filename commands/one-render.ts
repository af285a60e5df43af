/** The commands about one render, which is named by its id or left out. */
import { z } from 'zod';
import type { JobView } from '../src/app/renders.ts';
import { GramzoomError } from '../src/domain/errors.ts';
import { isFinished, type JobId } from '../src/domain/job.ts';
import { parseOptions } from '../src/domain/request.ts';
import type { Command, CommandContext, CommandField } from './command.ts';

/** Fewer letters would too often mean another render. */
const shortestBeginning = 4;

const fields: readonly CommandField[] = [{ name: 'render', kind: 'text' }];
const id = z
  .string()
  .trim()
  .regex(/^[\w-]{1,64}$/);
const schema = z.strictObject({ render: id.optional() });

/**
 * The render that is meant: one's own with that beginning, any with that id, or without a name the newest
 * of one's own that `isSuitable`.
 * @param options.missing the error if there is none
 * @throws GramzoomError `request-field`, `missing`
 */
const find = async (
  input: unknown,
  { renders, actor }: CommandContext,
  options: {
    readonly isSuitable: (render: JobView) => boolean;
    readonly missing: 'not-found' | 'nothing-running';
  },
): Promise<JobId> => {
  const { render: named } = parseOptions(schema, input ?? {}, (field) =>
    field === 'render' ? { kind: 'render' } : { kind: 'option', known: ['render'] },
  );
  const own = await renders.mine(actor);
  if (named === undefined) {
    const newest = own.find(options.isSuitable);
    if (!newest) throw new GramzoomError(options.missing, {});
    return newest.id;
  }
  const beginning = named.length >= shortestBeginning ? own.filter((one) => one.id.startsWith(named)) : [];
  return beginning.length === 1 ? beginning[0]!.id : (named as JobId);
};

/** Stops an unfinished render. */
export const cancel: Command<'cancelled'> = {
  name: 'cancel',
  isPrivate: false,
  fields,
  run: async (options, context) => {
    const { renders, actor, isModerator = false } = context;
    const isSuitable = ({ state }: JobView): boolean => !isFinished(state);
    const meant = await find(options, context, { isSuitable, missing: 'nothing-running' });
    return { kind: 'cancelled', render: await renders.cancel(meant, { actor, isModerator }) };
  },
};

/** The same photo and options with another seed. */
export const reroll: Command<'queued'> = {
  name: 'reroll',
  isPrivate: false,
  fields,
  run: async (options, context) => {
    const { renders, actor, replyTarget, event } = context;
    const isSuitable = ({ state }: JobView): boolean => state !== 'fetching';
    const meant = await find(options, context, { isSuitable, missing: 'not-found' });
    const by = { actor, replyTarget, ...(event !== undefined && { event }) };
    return { kind: 'queued', render: await renders.reroll(meant, by) };
  },
};
