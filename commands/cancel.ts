import { isFinished } from '../src/domain/job.ts';
import type { Command } from './command.ts';
import { renderOption } from './render-option.ts';

const option = renderOption({ otherwise: 'the newest that is not done yet' });

/** Stops an unfinished render. */
export const cancel: Command<'cancelled'> = {
  name: 'cancel',
  summary: 'stop a render of yours',
  fields: option.fields,
  takesPhoto: false,
  who: 'requester',
  run: async (options, context) => {
    const id = await option.find(options, context, ({ state }) => !isFinished(state));
    return { kind: 'cancelled', render: await context.renders.cancel(id, { actor: context.actor }) };
  },
};
