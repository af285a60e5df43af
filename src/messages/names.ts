import { allFields, type RequestField } from '../domain/kinds.ts';

/** A command or an option as people see it in their language; `name` is small letters without spaces. */
export type Named = { readonly name: string; readonly description: string };

/** How a place calls an option: `--max-bytes` on the command line, `max_bytes` in a chat. */
export type NameField = (field: string) => string;

const isRequestField = (field: string): field is RequestField => allFields.some(({ name }) => name === field);

/** What a language calls an option of a command, and how it describes it; undefined where there is no such option. */
export const optionWords = (
  words: {
    readonly fields: Readonly<Record<RequestField, Named>>;
    readonly photoOption: Named;
    readonly renderOption: Named;
    readonly topicOption: Named;
    readonly erasure: { readonly option: Named };
  },
  option: string,
): Named | undefined => {
  if (isRequestField(option)) return words.fields[option];
  if (option === 'render') return words.renderOption;
  if (option === 'topic') return words.topicOption;
  if (option === 'confirm') return words.erasure.option;
  return option === 'photo' ? words.photoOption : undefined;
};
