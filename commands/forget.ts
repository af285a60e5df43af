import { z } from 'zod';
import { type Command, parseTexts } from './command.ts';

const confirmations = ['yes'] as const;

const schema = z.strictObject({ confirm: z.enum(confirmations).optional() });

/** Deletes everything of the person, once that is confirmed. */
export const forget: Command<'forget'> = {
  name: 'forget',
  fields: [{ name: 'confirm', kind: 'choice', choices: confirmations }],
  run: async (options, { renders, actor }) => {
    const { confirm } = parseTexts(schema, options, { confirm: { kind: 'choice', choices: confirmations } });
    const isConfirmed = confirm === 'yes';
    const count = await (isConfirmed
      ? renders.erase('everything', actor)
      : renders.erasable('everything', actor));
    return { kind: 'forget', isConfirmed, count };
  },
};
