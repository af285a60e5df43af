import { Option } from 'commander';
import type { FieldRule } from '../domain/request.ts';
import { en } from '../messages/en.ts';

/** What every command that prints a result takes. */
export type JsonFlag = { readonly json?: true };

/** `maxBytes` -> `--max-bytes`. */
export const flagName = (field: string): string =>
  `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const placeholders: Readonly<Record<FieldRule['kind'], string>> = {
  integer: 'n',
  number: 'x',
  choice: 'choice',
  text: 'name',
  bytes: 'bytes',
};

const limits = ({ choices, min, max, multipleOf }: FieldRule): readonly string[] => [
  ...(choices ? [en.listed(choices)] : []),
  ...(min !== undefined && max !== undefined ? [`${min} to ${max}`] : []),
  ...(multipleOf === undefined ? [] : [`a multiple of ${multipleOf}`]),
];

/** A field of the request as an option, with its limits and default in the help. */
export const flagOf = (rule: FieldRule): Option => {
  const fallback = rule.default ?? en.otherwise(rule);
  const facts = [...limits(rule), ...(fallback === undefined ? [] : [`default: ${fallback}`])];
  return new Option(
    `${flagName(rule.name)} <${placeholders[rule.kind]}>`,
    `${rule.description}${facts.length > 0 ? ` [${facts.join('; ')}]` : ''}`,
  );
};
