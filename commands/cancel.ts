import { isFinished } from '../src/domain/job.ts';
import type { Command } from './command.ts';
import { renderOption } from './render-option.ts';

/** Stops an unfinished render. */
export const cancel: Command<'cancelled'> = {
  name: 'cancel',
  fields: renderOption.fields,
  run: async (options, context) => {
    const id = await renderOption.find(options, context, ({ state }) => !isFinished(state), {
      missing: 'nothing-running',
    });
    const { renders, actor, isModerator = false } = context;
    return { kind: 'cancelled', render: await renders.cancel(id, { actor, isModerator }) };
  },
};
