import {
  type APIApplicationCommand,
  ApplicationCommandType,
  PermissionFlagsBits as Bit,
  ComponentType,
  InteractionType,
  type LocaleString,
  ApplicationCommandOptionType as OptionType,
} from 'discord-api-types/v10';
import { directMessages, getChannel } from '../state/channels.ts';
import { offeredCommand } from '../state/commands.ts';
import type { Core } from '../state/core.ts';
import { contextOf, createInteraction, installsFor } from '../state/interactions.ts';
import { messagePayload } from '../state/message-payload.ts';
import { createMessage, deleteMessage, getMessage } from '../state/messages.ts';
import type { Channel, Shows, User } from '../state/model.ts';
import { may, sendBit } from '../state/permissions.ts';
import { addReaction, clearReactions, parseEmoji, removeReaction } from '../state/reactions.ts';
import { personFileLimit, storeFiles } from '../state/stored-files.ts';
import { enterThread, startThreadUnder } from '../state/threads.ts';
import { createAsked, type InteractionContext } from './asked.ts';
import { type Attached, asUpload, fillOptions, type OptionValues } from './command-options.ts';
import { submitForm } from './form.ts';
import { type ButtonView, type MessageView, viewMessage } from './message-view.ts';
import { createPlace, type Place } from './place.ts';

export type AskOptions = {
  readonly in: Pick<Place, 'id'>;
  readonly locale?: LocaleString;
};

type MessageAt = Pick<MessageView, 'id' | 'channelId'>;
type Words = {
  readonly files?: readonly Attached[];
  readonly mention?: boolean;
  readonly replyTo?: MessageAt;
  /** What else it shows, as Discord would tell of it. */
  readonly shows?: Shows;
};

const subcommandOf = (command: APIApplicationCommand, verb: string) => {
  const found = command.options?.find(({ name, type }) => name === verb && type === OptionType.Subcommand);
  if (found?.type !== OptionType.Subcommand) throw new Error(`/${command.name} has no ${verb}`);
  return found;
};

/** Somebody at their client. What the client would not let them do throws an Error. */
export const createPerson = (core: Core, user: User) => {
  const channelOf = ({ id }: { readonly id: string }): Channel => getChannel(core, id);
  const at = ({ id, channelId }: MessageAt) => {
    const channel = getChannel(core, channelId);
    return { channel, message: getMessage(channel, id) };
  };
  const require = (channel: Channel, bit: bigint): void => {
    if (!may(core, channel, user.id, bit)) throw new Error(`${user.name} may not do that there`);
  };

  const ask = (
    channel: Channel,
    { locale }: Omit<AskOptions, 'in'>,
    request: Omit<Parameters<typeof createInteraction>[1], 'channel' | 'userId'>,
  ): InteractionContext => {
    const over = locale ? { locale } : {};
    return createAsked(core, createInteraction(core, { channel, userId: user.id, ...request, ...over }));
  };

  const offered = (channel: Channel, name: string, type: ApplicationCommandType) => {
    const command = offeredCommand(
      core,
      { name, type },
      { context: contextOf(channel), installs: installsFor(core, channel, user.id) },
    );
    if (!command) throw new Error(`Discord offers ${user.name} no command ${name} there`);
    require(channel, Bit.UseApplicationCommands);
    return command;
  };

  const chat = async (
    name: string,
    values: OptionValues,
    { focused, ...options }: AskOptions & { readonly focused?: string },
  ): Promise<InteractionContext> => {
    const channel = channelOf(options.in);
    const [word = '', verb] = name.split(' ');
    const command = offered(channel, word, ApplicationCommandType.ChatInput);
    const lenient = focused !== undefined;
    const form = verb === undefined ? command : subcommandOf(command, verb);
    const { attachments, roles, ...filled } = await fillOptions(core, form, {
      ...{ values, channel, userId: user.id, lenient },
    });
    const sent = filled.options.map((option) =>
      'name' in option && option.name === focused ? { ...option, focused: true } : option,
    );
    const given = verb === undefined ? sent : [{ name: verb, type: OptionType.Subcommand, options: sent }];
    const resolved = {
      ...(Object.keys(attachments).length > 0 && { attachments }),
      ...(Object.keys(roles).length > 0 && { roles }),
    };
    const data = { id: command.id, name: command.name, type: command.type, options: given };
    return ask(channel, options, {
      type: lenient ? InteractionType.ApplicationCommandAutocomplete : InteractionType.ApplicationCommand,
      data: Object.keys(resolved).length > 0 ? { ...data, resolved } : data,
      commandName: command.name,
    });
  };

  const component = (
    message: MessageAt,
    options: Omit<AskOptions, 'in'>,
    data: object,
  ): InteractionContext => {
    const { channel, message: found } = at(message);
    if (found.ephemeralTo !== null && found.ephemeralTo !== user.id) {
      throw new Error(`${user.name} does not see that message`);
    }
    return ask(channel, options, {
      type: InteractionType.MessageComponent,
      data,
      sourceMessageId: found.id,
      message: messagePayload(core, found, { toPerson: true }),
    });
  };

  return {
    id: user.id,
    name: user.name,
    /** What others write to mention them. */
    mention: `<@${user.id}>`,
    /** Locale, Nitro, closed direct messages: may be set. */
    settings: user,
    /** Direct messages with the bot. */
    dm: (): Place => createPlace(core, directMessages(core, user.id).id),
    /** Writes a message, with files; `mention` addresses the bot. */
    say: async (
      place: Pick<Place, 'id'>,
      text: string,
      { files = [], mention, replyTo, shows = {} }: Words = {},
    ) => {
      const channel = channelOf(place);
      require(channel, sendBit(channel));
      if (files.length > 0) require(channel, Bit.AttachFiles);
      const maxBytes = personFileLimit(core, channel, user.id);
      const stored = await storeFiles(core, files.map(asUpload), { channel, maxBytes });
      enterThread(core, channel, user.id);
      const content = mention ? `<@${core.application.id}> ${text}`.trim() : text;
      const reference = replyTo && { message_reference: { message_id: replyTo.id } };
      const body = { content, ...reference };
      return viewMessage(
        core,
        createMessage(core, { channel, authorId: user.id, body, files: stored, shows }),
      );
    },
    /** Starts a thread under a message. */
    startThread: (message: MessageAt, name: string): Place => {
      const { channel, message: found } = at(message);
      require(channel, Bit.CreatePublicThreads);
      const request = { name, ownerId: user.id };
      return createPlace(core, startThreadUnder(core, channel, { message: found, request }).id);
    },
    /** The messages that notified them, oldest first. */
    pings: (): readonly MessageView[] =>
      [...core.channels.values()]
        .flatMap(({ messages }) => [...messages.values()])
        .filter(({ pinged, ephemeralTo }) => pinged.includes(user.id) && (ephemeralTo ?? user.id) === user.id)
        .sort((a, b) => a.at - b.at)
        .map((message) => viewMessage(core, message)),
    /** Types a slash command: `command('gramzoom', { photo, size: 64 }, { in: channel })`. */
    command: (name: string, values: OptionValues, options: AskOptions): Promise<InteractionContext> =>
      chat(name, values, options),
    /** Types into an option that offers choices of its own. */
    complete: (name: string, values: OptionValues, options: AskOptions & { readonly focused: string }) =>
      chat(name, values, options),
    /** Uses an entry of the message's Apps menu. */
    contextMenu: (
      name: string,
      message: MessageAt,
      options: Omit<AskOptions, 'in'> = {},
    ): InteractionContext => {
      const { channel, message: target } = at(message);
      const command = offered(channel, name, ApplicationCommandType.Message);
      // What somebody points at with a command goes along whole, whatever the bot's intents.
      const messages = { [target.id]: messagePayload(core, target, { toPerson: true }) };
      const data = { id: command.id, name, type: command.type, target_id: target.id };
      return ask(channel, options, {
        type: InteractionType.ApplicationCommand,
        data: { ...data, resolved: { messages } },
        commandName: name,
        targetMessageId: target.id,
      });
    },
    /** Presses a button, named by its label or its id. */
    press: (message: MessageAt, button: string, options: Omit<AskOptions, 'in'> = {}): InteractionContext => {
      const { buttons } = viewMessage(core, at(message).message);
      const isIt = ({ label, customId, emoji }: ButtonView): boolean =>
        [label, customId, emoji].includes(button);
      const found = buttons.find(isIt);
      if (!found || found.disabled || found.customId === null) {
        throw new Error(`no button ${button} to press among ${buttons.map(({ label }) => label).join(', ')}`);
      }
      return component(message, options, { custom_id: found.customId, component_type: ComponentType.Button });
    },
    /** Chooses from a menu. */
    select: (message: MessageAt, customId: string, values: readonly string[]): InteractionContext =>
      component(message, {}, { custom_id: customId, component_type: ComponentType.StringSelect, values }),
    /** Chooses what is called so from a menu that is called so. */
    choose: (
      message: MessageAt,
      { from, label }: { readonly from: string; readonly label: string | RegExp },
    ): InteractionContext => {
      const { menus } = viewMessage(core, at(message).message);
      const menu = menus.find(({ placeholder }) => placeholder === from);
      const option = menu?.options.find((each) =>
        typeof label === 'string' ? each.label === label : label.test(each.label),
      );
      if (!menu || !option) {
        const there = menus.flatMap(({ placeholder, options }) => [
          placeholder,
          ...options.map((each) => ` ${each.label}`),
        ]);
        throw new Error(`no ${label} in a menu ${from} among\n${there.join('\n')}`);
      }
      return component(
        message,
        {},
        {
          ...{ custom_id: menu.customId, component_type: ComponentType.StringSelect },
          values: [option.value],
        },
      );
    },
    /** Fills the form in that a button has opened, its fields by their ids, and sends it. */
    submit: (
      asked: Pick<InteractionContext, 'token'>,
      values: Readonly<Record<string, string | Attached>>,
    ): Promise<InteractionContext> => submitForm(core, { token: asked.token, values }),
    /** Adds an emoji; `burst`: as a super reaction. */
    react: (
      message: MessageAt,
      emoji: string,
      { burst = false }: { readonly burst?: boolean } = {},
    ): void => {
      const { channel, message: found } = at(message);
      addReaction(core, channel, { message: found, userId: user.id, emoji: parseEmoji(emoji), burst });
    },
    unreact: (
      message: MessageAt,
      emoji: string,
      { burst = false }: { readonly burst?: boolean } = {},
    ): void => {
      const { channel, message: found } = at(message);
      removeReaction(core, channel, { message: found, userId: user.id, emoji: parseEmoji(emoji), burst });
    },
    /** Takes everybody's reactions away, or those with one emoji, as a moderator. */
    clearReactions: (message: MessageAt, emoji?: string): void => {
      const { channel, message: found } = at(message);
      require(channel, Bit.ManageMessages);
      clearReactions(core, channel, { message: found, ...(emoji && { emoji: parseEmoji(emoji) }) });
    },
    /** Deletes a message: their own, or as a moderator. */
    delete: (message: MessageAt): void => {
      const { channel, message: found } = at(message);
      if (found.authorId !== user.id) require(channel, Bit.ManageMessages);
      deleteMessage(core, channel, found);
    },
  };
};

export type Person = ReturnType<typeof createPerson>;
