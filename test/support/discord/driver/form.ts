import { type APIAttachment, ComponentType, InteractionType } from 'discord-api-types/v10';
import { getChannel } from '../state/channels.ts';
import type { Core } from '../state/core.ts';
import { createInteraction } from '../state/interactions.ts';
import { messagePayload } from '../state/message-payload.ts';
import type { Interaction } from '../state/model.ts';
import { attachmentPayload, personFileLimit, storeFiles } from '../state/stored-files.ts';
import { createAsked, type InteractionContext } from './asked.ts';
import { type Attached, asUpload } from './command-options.ts';

type Field = Extract<
  NonNullable<Interaction['form']>['components'][number],
  { type: ComponentType.Label }
>['component'];

const refuse = (why: string): never => {
  throw new Error(`Discord's client does not send the form: ${why}`);
};

const pictures = /\.(?:png|jpe?g|jfif|webp|avif|gif|heic)$/i;

/** One field as the client sends it, and its files. */
const fill = async (
  core: Core,
  field: Field,
  {
    value,
    interaction,
  }: { readonly value: string | Attached | undefined; readonly interaction: Interaction },
) => {
  if (field.type === ComponentType.TextInput) {
    const text = typeof value === 'string' ? value : '';
    if (typeof value === 'object') refuse(`${field.custom_id} takes a text`);
    if (text === '' && field.required !== false) refuse(`${field.custom_id} is required`);
    if (text.length > (field.max_length ?? 4000)) refuse(`${field.custom_id} is too long`);
    return { component: { type: field.type, custom_id: field.custom_id, value: text }, files: [] };
  }
  if (field.type !== ComponentType.FileUpload) return refuse(`nobody knows a field of type ${field.type}`);
  if (typeof value !== 'object') {
    if (field.required !== false) refuse(`${field.custom_id} needs a file`);
    return { component: { type: field.type, custom_id: field.custom_id, values: [] }, files: [] };
  }
  if (field.file_types?.includes('image') && !pictures.test(value.name)) refuse('no picture by its name');
  const channel = getChannel(core, interaction.channelId);
  const maxBytes = personFileLimit(core, channel, interaction.userId);
  const files = await storeFiles(core, [asUpload(value)], { channel, maxBytes, ephemeral: true });
  const values = files.map(({ id }) => id);
  return { component: { type: field.type, custom_id: field.custom_id, values }, files };
};

/** Somebody sends a form that a button has opened. @throws Error for what their client would not let them send */
export const submitForm = async (
  core: Core,
  { token, values }: { readonly token: string; readonly values: Readonly<Record<string, string | Attached>> },
): Promise<InteractionContext> => {
  const opener = core.interactions.get(token);
  const form = opener?.form;
  if (!opener || !form) return refuse('none is open');
  const attachments: Record<string, APIAttachment> = {};
  const components: object[] = [];
  for (const [index, label] of form.components.entries()) {
    if (label.type !== ComponentType.Label) return refuse('fields stand in labels');
    const id = 'custom_id' in label.component ? label.component.custom_id : '';
    const { component, files } = await fill(core, label.component, {
      ...{ value: values[id], interaction: opener },
    });
    for (const file of files) attachments[file.id] = attachmentPayload(core, file);
    components.push({
      type: ComponentType.Label,
      id: 2 * index + 1,
      component: { id: 2 * index + 2, ...component },
    });
  }
  const channel = getChannel(core, opener.channelId);
  const source = channel.messages.get(opener.sourceMessageId ?? '');
  const interaction = createInteraction(core, {
    ...{ type: InteractionType.ModalSubmit, channel, userId: opener.userId, locale: opener.locale },
    data: { custom_id: form.custom_id, components, resolved: { attachments } },
    opener,
    ...(source && {
      sourceMessageId: source.id,
      message: messagePayload(core, source, { toPerson: true }),
    }),
  });
  return createAsked(core, interaction);
};
