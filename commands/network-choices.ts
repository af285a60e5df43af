import type { NetworkOffer } from '../src/app/renders.ts';
import type { CommandField } from './command.ts';

/** Fields with the networks that there are here: which, only a running bot knows. */
export const withNetworks = <Field extends CommandField>(
  fields: readonly Field[],
  { standard, all }: NetworkOffer,
): readonly Field[] =>
  fields.map((field) =>
    field.name === 'network' ? { ...field, choices: all.map(({ name }) => name), default: standard } : field,
  );
