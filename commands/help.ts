import { z } from 'zod';
import { helpTopics } from '../src/domain/command-name.ts';
import { type Command, type CommandHelp, parseFields, withNetworks } from './command.ts';

const schema = z.strictObject({ topic: z.enum(helpTopics).default('start') });

/** How to begin, and what can be typed, from the commands themselves. */
export const createHelp = (others: readonly CommandHelp[]): Command<'help'> => {
  const own = {
    name: 'help',
    fields: [{ name: 'topic', kind: 'choice', choices: helpTopics, default: 'start' }],
  } as const satisfies CommandHelp;
  return {
    ...own,
    isPrivate: true,
    run: async (options, { renders }) => {
      const { topic } = parseFields(schema, options, own.fields);
      const offer = await renders.networks();
      const commands = [...others, own].map(({ name, fields, renderKind }: CommandHelp) => ({
        name,
        fields: withNetworks(fields, offer),
        ...(renderKind && { renderKind }),
      }));
      return { kind: 'help', topic, commands, networks: offer.all, maxWork: renders.maxWork };
    },
  };
};
