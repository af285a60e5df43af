import { z } from 'zod';
import { type Command, parseTexts } from './command.ts';

const schema = z.strictObject({});

/** What the person asked for, the newest first. */
export const mine: Command<'mine'> = {
  name: 'mine',
  fields: [],
  run: async (options, { renders, actor }) => {
    parseTexts(schema, options, {});
    return { kind: 'mine', renders: await renders.mine(actor) };
  },
};
