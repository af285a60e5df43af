import { flagName } from '../src/command-line/flags.ts';
import { zoom } from '../src/domain/kinds/zoom.ts';
import type { FieldRule } from '../src/domain/request.ts';
import { en } from '../src/messages/en.ts';

export const tableStart = '<!-- options: written by `node docs/write-options.ts` -->';
export const tableEnd = '<!-- end of options -->';

const valuesOf = (rule: FieldRule): string => {
  switch (rule.kind) {
    case 'choice':
      return en.listed(rule.choices?.map((choice) => `\`${choice}\``) ?? []);
    case 'bytes':
      return 'a size, such as `10MB`';
    case 'text':
      return 'a name';
    case 'integer':
    case 'number': {
      if (rule.name === 'seed') return 'a whole number';
      const multiple = rule.multipleOf ? `, a multiple of ${rule.multipleOf}` : '';
      return `${rule.min} to ${rule.max}${multiple}`;
    }
    default:
      return rule.kind satisfies never;
  }
};

const defaultOf = (rule: FieldRule): string =>
  rule.default === undefined ? (en.otherwise(rule) ?? '') : `\`${rule.default}\``;

const choiceSentences: Readonly<Partial<Record<FieldRule['name'], Readonly<Record<string, string>>>>> = {
  depth: en.depths,
  quality: en.qualities,
};

const descriptionOf = ({ name, description }: FieldRule): string => {
  const sentences = Object.entries(choiceSentences[name] ?? {});
  return [description, ...sentences.map(([choice, sentence]) => `\`${choice}\` ${sentence}`)].join('<br>');
};

/** The film's options as a Markdown table; the kind of file is told by the name of `--out`. */
export const optionsTable = (): string =>
  [
    '| option | without it | takes | what it is |',
    '|---|---|---|---|',
    ...zoom.fields
      .filter(({ name }) => name !== 'format')
      .map(
        (rule) =>
          `| \`${flagName(rule.name)}\` | ${defaultOf(rule)} | ${valuesOf(rule)} | ${descriptionOf(rule)} |`,
      ),
  ].join('\n');

/** The text with what stands between the marks replaced by the table. */
export const withOptionsTable = (readme: string): string => {
  const start = readme.indexOf(tableStart);
  const end = readme.indexOf(tableEnd);
  if (start < 0 || end < start) throw new Error('the marks around the options are missing');
  return `${readme.slice(0, start + tableStart.length)}\n${optionsTable()}\n${readme.slice(end)}`;
};
