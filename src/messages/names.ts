import { type CommandName, isContestCommand } from '../domain/command-name.ts';
import type { ContestField } from '../domain/contest/rules.ts';
import type { KindName } from '../domain/kinds.ts';

/** A command or an option as people see it in their language; `name` is small letters without spaces. */
export type Named = { readonly name: string; readonly description: string };

/** How a place calls an option: `--max-bytes` on the command line, `max_bytes` in a chat. */
export type NameField = (field: string) => string;

/** `maxBytes` -> `max_bytes`. */
export const chatName = (field: string): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** How a place has people type a command: `/mine`. */
export type WriteCommand = (command: CommandName) => string;

/** Writes the moment so many seconds from now, where the platform has a live form for it. */
export type When = (seconds: number) => string;

/** How a place shows what a sentence names. What is left out has a form that can be read anywhere. */
export type Notation = {
  readonly nameField?: NameField;
  readonly writeCommand?: WriteCommand;
  /** What a platform calls one of its permissions, which errors have by the adapter's own name. */
  readonly namePermission?: (permission: string) => string;
  /** What a platform says of permissions that the bot lacks, where it has a sentence of its own for that; else null. */
  readonly lackSentence?: (permissions: readonly string[]) => string | null;
  readonly when?: When;
  /** Writes a moment (milliseconds since 1970), where the platform has a form that each reader sees in their zone. */
  readonly moment?: (at: number) => string;
  /** Names somebody, where the platform has a form for that. */
  readonly person?: (person: { readonly user: string; readonly name: string }) => string;
};

/** Whose an option is: a kind of render, or contests. Options of other commands have names that no other has. */
export type OptionOwner = KindName | 'contest';

/** Whose the options of a command are; undefined where that does not matter. */
export const optionOwner = (command: {
  readonly name: CommandName;
  readonly renderKind?: KindName | undefined;
}): OptionOwner | undefined => command.renderKind ?? (isContestCommand(command.name) ? 'contest' : undefined);

/**
 * What a language calls an option of a command, and how it describes it; undefined where there is no such option.
 * @param owner left out, any that has such an option
 */
export const optionWords = (
  words: {
    readonly kinds: Readonly<Record<KindName, { readonly fields: Readonly<Record<string, Named>> }>>;
    readonly fields: Readonly<Record<string, Named>>;
    readonly contestFields: Readonly<Record<ContestField, Named>>;
    readonly contestOption: Named;
    readonly reasonOption: Named;
    readonly photoOption: Named;
    readonly renderOption: Named;
    readonly topicOption: Named;
    readonly erasure: { readonly option: Named };
  },
  option: string,
  owner?: OptionOwner,
): Named | undefined => {
  const ofKinds = owner && owner !== 'contest' ? [words.kinds[owner]] : Object.values(words.kinds);
  const others: Readonly<Record<string, Named>> = {
    contest: words.contestOption,
    reason: words.reasonOption,
    render: words.renderOption,
    topic: words.topicOption,
    confirm: words.erasure.option,
    photo: words.photoOption,
  };
  const ofRenders = [...ofKinds.map(({ fields }) => fields), words.fields];
  const ofContests: Readonly<Record<string, Named>> = words.contestFields;
  const all = owner === 'contest' ? [ofContests] : [...ofRenders, ofContests, others];
  const found = all.find((some) => Object.hasOwn(some, option));
  return found?.[option];
};
