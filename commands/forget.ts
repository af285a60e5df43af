import { z } from 'zod';
import { type Command, parseFields } from './command.ts';

const confirmations = ['yes'] as const;

const fields = [{ name: 'confirm', kind: 'choice', choices: confirmations }] as const;
const schema = z.strictObject({ confirm: z.enum(confirmations).optional() });

/** Deletes everything of the person, once that is confirmed. */
export const forget: Command<'forget'> = {
  name: 'forget',
  isPrivate: true,
  fields,
  run: async (options, { renders, actor }) => {
    const { confirm } = parseFields(schema, options, fields);
    const isConfirmed = confirm === 'yes';
    const count = await (isConfirmed
      ? renders.erase('everything', actor)
      : renders.erasable('everything', actor));
    return { kind: 'forget', isConfirmed, count };
  },
};
