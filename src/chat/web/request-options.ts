import { allFields } from '../../domain/kinds.ts';
import type { FieldRule } from '../../domain/request.ts';

/** Raw options by field, as the request schema takes them. */
export type RawOptions = Readonly<Record<string, string | number>>;

const plainNumber = /^-?\d+(?:\.\d+)?$/;

const rawValue = (rule: FieldRule | undefined, text: string): string | number =>
  (rule?.kind === 'integer' || rule?.kind === 'number') && plainNumber.test(text) ? Number(text) : text;

/** The options among a form's texts. A blank one is left out; what is wrong stays as it is, for the schema to name. */
export const readOptions = (
  fields: ReadonlyMap<string, string>,
  { except }: { readonly except: readonly string[] },
): RawOptions =>
  Object.fromEntries(
    [...fields]
      .filter(([name, text]) => !except.includes(name) && text.trim() !== '')
      .map(([name, text]) => [
        name,
        rawValue(
          allFields.find((rule) => rule.name === name),
          text.trim(),
        ),
      ]),
  );
