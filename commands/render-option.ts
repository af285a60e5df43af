import { z } from 'zod';
import type { JobView } from '../src/app/renders.ts';
import { GramzoomError } from '../src/domain/errors.ts';
import type { JobId } from '../src/domain/job.ts';
import { type CommandContext, parseTexts, textFields } from './command.ts';

/** Fewer letters would too often mean another render. */
const shortestBeginning = 4;

const schema = z.strictObject({
  render: z
    .string()
    .trim()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
});

/** The options of a command about one render, which is named by its id or left out. */
export const renderOption = {
  fields: textFields(schema),
  /**
   * The render that is meant: one's own with that beginning, any with that id, or without a name the newest
   * of one's own that `isSuitable`.
   * @param options.missing the error if there is none
   * @throws GramzoomError `request-field`, `missing`
   */
  find: async (
    options: unknown,
    { renders, actor }: CommandContext,
    isSuitable: (render: JobView) => boolean,
    { missing = 'not-found' }: { readonly missing?: 'not-found' | 'nothing-running' } = {},
  ): Promise<JobId> => {
    const { render: named } = parseTexts(schema, options, { render: { kind: 'render' } });
    const own = await renders.mine(actor);
    if (named === undefined) {
      const newest = own.find(isSuitable);
      if (!newest) throw new GramzoomError(missing, {});
      return newest.id;
    }
    const beginning = named.length >= shortestBeginning ? own.filter(({ id }) => id.startsWith(named)) : [];
    return beginning.length === 1 ? beginning[0]!.id : (named as JobId);
  },
} as const;
