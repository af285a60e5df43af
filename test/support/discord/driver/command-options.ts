import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  type APIAttachment,
  type APIRole,
  ApplicationCommandOptionType as Type,
} from 'discord-api-types/v10';
import type { Core } from '../state/core.ts';
import type { Channel } from '../state/model.ts';
import { attachmentPayload, personFileLimit, storeFiles, type Upload } from '../state/stored-files.ts';

/** A file that somebody attaches. */
export type Attached = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly description?: string;
};

export type OptionValue = string | number | boolean | Attached;
export type OptionValues = Readonly<Record<string, OptionValue>>;

type Filled = {
  readonly options: readonly object[];
  readonly attachments: Readonly<Record<string, APIAttachment>>;
  /** Roles that are named, by id. */
  readonly roles: Readonly<Record<string, APIRole>>;
};

type Limits = {
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly file_types?: readonly string[];
  readonly options?: readonly APIApplicationCommandOption[];
};

const pictures = /\.(?:png|jpe?g|jfif|webp|avif|gif|heic)$/i;

export const asUpload = ({ name, bytes, description }: Attached): Upload => ({
  filename: name,
  bytes,
  ...(description !== undefined && { description }),
});

/** What a user's client does not let them send. */
const checkValue = (option: APIApplicationCommandOption, value: OptionValue): void => {
  const limits = option as Limits;
  const refuse = (why: string): never => {
    throw new Error(`Discord's client does not send ${option.name}: ${JSON.stringify(value)}: ${why}`);
  };
  const expected = {
    [Type.String]: 'string',
    [Type.Integer]: 'number',
    [Type.Number]: 'number',
    [Type.Boolean]: 'boolean',
    [Type.Attachment]: 'object',
    [Type.Role]: 'string',
  } as Readonly<Partial<Record<Type, string>>>;
  if (typeof value !== (expected[option.type] ?? 'string')) refuse('wrong type');
  if (limits.choices?.length && !limits.choices.some((choice) => choice.value === value)) refuse('no choice');
  if (typeof value === 'number') {
    if (option.type === Type.Integer && !Number.isInteger(value)) refuse('not whole');
    if (value < (limits.min_value ?? -Infinity) || value > (limits.max_value ?? Infinity))
      refuse('out of range');
  }
  if (typeof value === 'string') {
    const { min_length: least = 0, max_length: most = 6000 } = limits;
    if (value.length < least || value.length > most) refuse('too short or too long');
  }
  if (typeof value === 'object' && limits.file_types?.includes('image') && !pictures.test(value.name)) {
    refuse('no picture by its name');
  }
};

/**
 * Options as the client sends them, its files uploaded.
 * @throws Error where the client would not let the user send this
 */
export const fillOptions = async (
  core: Core,
  command: Pick<APIApplicationCommand, 'options'> | Limits,
  {
    values,
    channel,
    userId,
    lenient = false,
  }: { values: OptionValues; channel: Channel; userId: string; lenient?: boolean },
): Promise<Filled> => {
  const known = command.options ?? [];
  const attachments: Record<string, APIAttachment> = {};
  const roles: Record<string, APIRole> = {};
  const options: object[] = [];
  for (const name of Object.keys(values)) {
    if (!known.some((option) => option.name === name)) throw new Error(`the command has no option ${name}`);
  }
  for (const option of known) {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required && !lenient) throw new Error(`the option ${option.name} is required`);
      continue;
    }
    if (!lenient) checkValue(option, value);
    const sent = { name: option.name, type: option.type };
    if (option.type === Type.Role) {
      const role = core.guilds.get(channel.guildId ?? '')?.roles.get(String(value));
      if (!role) throw new Error(`Discord's client knows no role ${value}`);
      roles[role.id] = { ...role };
    }
    if (typeof value !== 'object') {
      options.push({ ...sent, value });
      continue;
    }
    const maxBytes = personFileLimit(core, channel, userId);
    const [file] = await storeFiles(core, [asUpload(value)], { channel, maxBytes, ephemeral: true });
    if (!file) continue;
    attachments[file.id] = attachmentPayload(core, file);
    options.push({ ...sent, value: file.id });
  }
  return { options, attachments, roles };
};
