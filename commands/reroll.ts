import type { Command } from './command.ts';
import { renderOption } from './render-option.ts';

/** The same photo and options with another seed. */
export const reroll: Command<'queued'> = {
  name: 'reroll',
  fields: renderOption.fields,
  run: async (options, context) => {
    const { renders, actor, replyTarget, event } = context;
    const id = await renderOption.find(options, context, ({ state }) => state !== 'fetching');
    const by = { actor, replyTarget, ...(event !== undefined && { event }) };
    return { kind: 'queued', render: await renders.reroll(id, by) };
  },
};
