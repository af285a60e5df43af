import { z } from 'zod';
import { type Command, type CommandHelp, parseTexts } from './command.ts';
import { withNetworks } from './network-choices.ts';

const schema = z.strictObject({});

/** What can be typed, from the commands themselves. */
export const createHelp = (others: readonly CommandHelp[]): Command<'help'> => {
  const own = { name: 'help', fields: [] } as const;
  return {
    ...own,
    takesPhoto: false,
    who: 'anyone',
    run: async (options, { renders }) => {
      parseTexts(schema, options, {});
      const offer = await renders.networks();
      const commands = [...others, own].map(({ name, fields }) => ({
        name,
        fields: withNetworks(fields, offer),
      }));
      return { kind: 'help', commands, networks: offer.all, maxWork: renders.maxWork };
    },
  };
};
