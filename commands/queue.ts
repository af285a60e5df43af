import { z } from 'zod';
import { type Command, parseTexts } from './command.ts';

const schema = z.strictObject({});

/** Who renders, who waits, and for how long. */
export const queue: Command<'line'> = {
  name: 'queue',
  fields: [],
  run: async (options, { renders }) => {
    parseTexts(schema, options, {});
    return { kind: 'line', line: await renders.queue() };
  },
};
