import type { Command } from './command.ts';
import { renderOption } from './render-option.ts';

const option = renderOption({ otherwise: 'your newest' });

/** The same photo and options with another seed. */
export const reroll: Command<'queued'> = {
  name: 'reroll',
  summary: 'render a photo again with a new seed',
  fields: option.fields,
  takesPhoto: false,
  who: 'anyone',
  run: async (options, context) => {
    const { renders, actor, replyTarget } = context;
    const id = await option.find(options, context, ({ state }) => state !== 'fetching');
    return { kind: 'queued', render: await renders.reroll(id, { actor, replyTarget }) };
  },
};
