import {
  AllowedMentionsTypes,
  type APIAllowedMentions,
  type APIMessageReference,
  type APIMessageTopLevelComponent,
  ComponentType,
} from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { invalidForm } from './discord-error.ts';
import type { Channel } from './model.ts';
import type { Upload } from './stored-files.ts';

/** What a message is made or changed from, as the API takes it. */
export type MessageBody = {
  readonly content?: string | null;
  readonly components?: readonly APIMessageTopLevelComponent[] | null;
  readonly flags?: number | null;
  readonly allowed_mentions?: APIAllowedMentions | null;
  readonly attachments?: readonly AttachmentEntry[] | null;
  readonly message_reference?:
    | (Partial<APIMessageReference> & { readonly fail_if_not_exists?: boolean })
    | null;
  readonly nonce?: string | number | null;
  readonly enforce_nonce?: boolean | null;
};

/** One of `attachments`: a file that is kept (its snowflake) or one that comes along (its `files[n]`). */
export type AttachmentEntry = {
  readonly id: string | number;
  readonly filename?: string;
  readonly description?: string | null;
};

/** Files of a request by their number. */
export type RequestFiles = ReadonlyMap<number, { readonly filename: string; readonly bytes: Uint8Array }>;

const isSnowflake = (id: string | number): boolean => String(id).length > 15;

/** The new files of a request, with what `attachments` says about them. */
export const uploadsOf = (body: MessageBody, files: RequestFiles): readonly Upload[] => {
  const entries = (body.attachments ?? []).filter(({ id }) => !isSnowflake(id));
  for (const [index, { id }] of entries.entries()) {
    if (!files.has(Number(id))) {
      throw invalidForm(`attachments.${index}.id`, 'ATTACHMENT_NOT_FOUND', `There is no files[${id}].`);
    }
  }
  return [...files].map(([number, { filename, bytes }]) => {
    const entry = entries.find(({ id }) => Number(id) === number);
    return {
      filename: entry?.filename ?? filename,
      bytes,
      description: entry?.description ?? null,
    };
  });
};

/** The files that an edit keeps: all where `attachments` is not given, as API v10 has it. */
export const keptFiles = (body: MessageBody): ReadonlyMap<string, AttachmentEntry> | 'all' => {
  if (!body.attachments) return 'all';
  return new Map(
    body.attachments.filter(({ id }) => isSnowflake(id)).map((entry) => [String(entry.id), entry]),
  );
};

const tooLong = (path: string, most: number) =>
  invalidForm(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);

type Loose = {
  readonly type: ComponentType;
  readonly custom_id?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  readonly components?: readonly Loose[];
};

const checkMenu = ({ options = [], placeholder = '' }: Loose, path: string): void => {
  if (options.length === 0 || options.length > 25) {
    throw invalidForm(`${path}.options`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.');
  }
  if (placeholder.length > 150) throw tooLong(`${path}.placeholder`, 150);
  for (const [index, { label, value }] of options.entries()) {
    const at = `${path}.options.${index}`;
    if (label.length === 0 || label.length > 100) throw tooLong(`${at}.label`, 100);
    if (value.length === 0 || value.length > 100) throw tooLong(`${at}.value`, 100);
    if (options.findIndex((option) => option.value === value) !== index) {
      throw invalidForm(
        `${at}.value`,
        'COMPONENT_SELECT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      );
    }
  }
};

/** A row holds five buttons, or one menu. */
const checkRow = (inner: readonly Loose[], path: string): void => {
  const menus = inner.filter(({ type }) => type === ComponentType.StringSelect).length;
  if (inner.length === 0 || inner.length > 5 || (menus > 0 && inner.length > 1)) {
    throw invalidForm(`${path}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  }
};

const checkComponents = (components: readonly Loose[]): void => {
  const seen = new Set<string>();
  const check = (component: Loose, path: string): void => {
    const { custom_id: id, components: inner } = component;
    if (id !== undefined && (id.length === 0 || id.length > 100)) throw tooLong(`${path}.custom_id`, 100);
    if (id !== undefined && seen.has(id)) {
      throw invalidForm(
        `${path}.custom_id`,
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    }
    if (id !== undefined) seen.add(id);
    if (component.type === ComponentType.ActionRow) checkRow(inner ?? [], path);
    if (component.type === ComponentType.StringSelect) checkMenu(component, path);
    if (component.type === ComponentType.Button && (component.label?.length ?? 0) > 80) {
      throw tooLong(`${path}.label`, 80);
    }
    for (const [index, each] of (inner ?? []).entries()) check(each, `${path}.components.${index}`);
  };
  for (const [index, each] of components.entries()) check(each, `components.${index}`);
};

/**
 * The limits that hold with or without a schema at hand.
 * @throws DiscordError 50035
 */
export const checkBody = (body: MessageBody): void => {
  if ((body.content?.length ?? 0) > 2000) throw tooLong('content', 2000);
  if (typeof body.nonce === 'string' && body.nonce.length > 25) throw tooLong('nonce', 25);
  if ((body.attachments?.length ?? 0) > 10) throw tooLong('attachments', 10);
  const components = (body.components ?? []) as readonly Loose[];
  if (components.length > 5) throw tooLong('components', 5);
  checkComponents(components);
};

export type Mentions = { readonly users: string[]; readonly roles: string[]; readonly everyone: boolean };

/** Whom a text addresses, as far as `allowed_mentions` lets it. */
export const mentionsIn = (
  core: Core,
  channel: Channel,
  { content, allowed }: { readonly content: string; readonly allowed: APIAllowedMentions | null | undefined },
): Mentions => {
  const named = (pattern: RegExp): string[] => [
    ...new Set([...content.matchAll(pattern)].map((match) => match[1] as string)),
  ];
  const users = named(/<@!?(\d+)>/g).filter((id) => core.users.has(id));
  const roles = named(/<@&(\d+)>/g).filter((id) => core.guilds.get(channel.guildId ?? '')?.roles.has(id));
  const everyone = /@everyone|@here/.test(content) && channel.guildId !== null;
  if (!allowed) return { users, roles, everyone };
  const parses = (type: AllowedMentionsTypes): boolean => allowed.parse?.includes(type) ?? false;
  return {
    users: users.filter((id) => parses(AllowedMentionsTypes.User) || allowed.users?.includes(id)),
    roles: roles.filter((id) => parses(AllowedMentionsTypes.Role) || allowed.roles?.includes(id)),
    everyone: everyone && parses(AllowedMentionsTypes.Everyone),
  };
};
