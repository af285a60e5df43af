import { type Command, noOptions, parseFields } from './command.ts';

/** What the person asked for, the newest first. */
export const mine: Command<'mine'> = {
  name: 'mine',
  isPrivate: true,
  fields: [],
  run: async (options, { renders, actor }) => {
    parseFields(noOptions, options, []);
    return { kind: 'mine', renders: await renders.mine(actor) };
  },
};

/** Who renders, who waits, and for how long. */
export const queue: Command<'queue'> = {
  name: 'queue',
  isPrivate: true,
  fields: [],
  run: async (options, { renders }) => {
    parseFields(noOptions, options, []);
    return { kind: 'queue', queue: await renders.queue() };
  },
};
