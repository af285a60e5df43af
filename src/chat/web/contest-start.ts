import { contestFields } from '../../domain/contest/rules.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { type FieldRule, rawValue } from '../../domain/request.ts';
import type { Form, RawOptions } from './read-form.ts';

/** A room has no roles and no guests, and nobody knows since when somebody is there. */
const unknownHere: readonly string[] = ['memberDays', 'accountDays', 'guests'];

/** What can be asked of a contest in a room. */
export const roomContestFields: readonly FieldRule[] = contestFields.filter(
  ({ name, takes }) => takes !== 'role' && !unknownHere.includes(name),
);

/**
 * Refuses options that nothing here could keep to.
 * @throws GramzoomError `request-field`
 */
export const requireKnownHere = (options: RawOptions): void => {
  const field = Object.keys(options).find((name) => unknownHere.includes(name));
  if (field === undefined) return;
  const known = roomContestFields.map(({ name }) => name);
  throw new GramzoomError('request-field', {
    ...{ field, expected: { kind: 'option', known }, received: String(options[field]) },
  });
};

/** The options among the texts of the form in which a contest is started; blank ones are left out. */
export const readContestForm = (fields: Form['fields']): RawOptions =>
  Object.fromEntries(
    roomContestFields.flatMap((rule) => {
      const text = fields.get(rule.name)?.trim() ?? '';
      return text === '' ? [] : [[rule.name, rawValue(rule, text)]];
    }),
  );
