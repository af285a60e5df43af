import { flagName } from '../src/command-line/flags.ts';
import { texture } from '../src/domain/kinds/texture.ts';
import { zoom } from '../src/domain/kinds/zoom.ts';
import type { FieldRule } from '../src/domain/request.ts';
import { en } from '../src/messages/en.ts';

const startOf = (kind: string): string =>
  `<!-- options of ${kind}: written by \`node docs/write-options.ts\` -->`;
const tableEnd = '<!-- end of options -->';

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

const rowOf = (rule: FieldRule): string =>
  `| \`${flagName(rule.name)}\` | ${defaultOf(rule)} | ${valuesOf(rule)} | ${descriptionOf(rule)} |`;

/** The kind of file is told by the name of `--out`. */
const isOption = ({ name }: FieldRule): boolean => name !== 'format';

const heading = ['| option | without it | takes | what it is |', '|---|---|---|---|'];

/** The film's options as a Markdown table. */
export const filmTable = (): string => [...heading, ...zoom.fields.filter(isOption).map(rowOf)].join('\n');

/** Those of the texture's options that differ from the film's. */
export const textureTable = (): string => {
  const ofFilms = new Set(zoom.fields.map(rowOf));
  const rows = texture.fields.filter(isOption).map(rowOf);
  return [...heading, ...rows.filter((row) => !ofFilms.has(row))].join('\n');
};

const replaceTable = (readme: string, kind: string, table: string): string => {
  const after = readme.indexOf(startOf(kind)) + startOf(kind).length;
  const end = readme.indexOf(tableEnd, after);
  if (!readme.includes(startOf(kind)) || end < 0)
    throw new Error(`the marks around the ${kind}'s options are missing`);
  return `${readme.slice(0, after)}\n${table}\n${readme.slice(end)}`;
};

/** The text with what stands between the marks replaced by the tables. */
export const withOptionsTables = (readme: string): string =>
  replaceTable(replaceTable(readme, 'render', filmTable()), 'texture', textureTable());
