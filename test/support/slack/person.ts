import type {
  BlockAction,
  MessageShortcut,
  SlashCommand,
  ViewResponseAction,
  ViewSubmitAction,
} from '@slack/bolt';
import type { AnyBlock } from '@slack/types';
import { elementsOf, filledIn, type Json } from './block-rules.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { changeView } from './methods-places.ts';
import {
  deleteFile,
  filePayload,
  messagePayload,
  publishMessage,
  publishRemoved,
  react,
  viewPayload,
} from './payloads.ts';
import { type MessageView, messageView, type Place, placeView } from './place.ts';
import {
  app,
  type Channel,
  type Ephemeral,
  type Installation,
  type Message,
  type OpenView,
  type State,
  type StoredFile,
  type User,
} from './state.ts';

export type Upload = { readonly name: string; readonly bytes: Uint8Array };

export type Said = {
  readonly files?: readonly Upload[];
  /** Under which message. */
  readonly thread?: Pick<MessageView, 'ts'>;
  /** So many answers of files.info say first that the files are not processed; and they come without address. */
  readonly pollsUntilReady?: number;
  /** Which of the two events of a mention have the files; both unless told. */
  readonly filesIn?: 'both' | 'message';
};

/** What came of submitting a modal: what is wrong by block, or nothing; no delivery where Slack itself refuses. */
export type Submitted = {
  readonly errors: Readonly<Record<string, string>> | null;
  readonly delivery: Delivery | null;
};

type Button = { readonly block: AnyBlock; readonly element: Json; readonly option?: Json | undefined };

/** The entry of a menu with this value. */
const optionIn = ({ options }: Json, value: unknown): Json | undefined =>
  (options as readonly Json[] | undefined)?.find((option) => option['value'] === value);

/** What has this action: the first, unless its value, or that of an entry, is told. */
const buttonIn = (blocks: readonly AnyBlock[], actionId: string, value?: string): Button => {
  const all = blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })));
  const isMeant = ({ element }: Pick<Button, 'element'>) =>
    element['action_id'] === actionId &&
    (value === undefined || element['value'] === value || optionIn(element, value) !== undefined);
  const found = all.find(isMeant);
  if (!found)
    throw new Error(`no ${actionId} among ${all.map(({ element }) => element['action_id']).join(', ')}`);
  return { ...found, option: optionIn(found.element, value) };
};

/** What Slack's own client refuses to send, by block. */
const missingIn = ({ view, values }: OpenView): Readonly<Record<string, string>> => {
  const problemOf = (block: AnyBlock): string | null => {
    const { optional, element = {} } = block as { optional?: boolean; element?: Json };
    const { type, action_id, min_value: least = -Infinity, max_value: most = Infinity } = element;
    const filled = (values[block.block_id ?? '']?.[String(action_id)] ?? {}) as Json;
    const given = filled['selected_option'] ?? filled['value'] ?? filled['files'];
    const isEmpty = (given ?? '') === '' || (Array.isArray(given) && given.length === 0);
    if (isEmpty) return optional === true ? null : 'Please complete this required field.';
    const isOut =
      type === 'number_input' && !(Number(given) >= Number(least) && Number(given) <= Number(most));
    return isOut ? 'This number is out of range.' : null;
  };
  const problems = view.blocks
    .filter(({ type }) => type === 'input')
    .map((block) => [block.block_id, problemOf(block)]);
  return Object.fromEntries(problems.filter(([, problem]) => problem !== null));
};

/** A person in a workspace: what they do, and what they see. */
export const createPerson = (state: State, deliveries: Deliveries, user: User) => {
  const { enterprise, domain } = state.teams.get(user.team)!;
  const organisation = { id: enterprise ?? '', name: `organisation ${enterprise}` };

  /** The app as it is there for this person: their workspace's, or that of a channel that they share with it. */
  const appIn = (channel?: Channel): Installation => {
    const isThere = (one: Installation) => one.state === 'installed' && channel?.members.has(one.botUser);
    const found = state.installationFor(user.team) ?? state.installations.find(isThere);
    if (!found) throw new Error(`the app is not there for ${user.name}`);
    return found;
  };
  const channelOf = ({ channel: id }: { readonly channel: string }): Channel => {
    const channel = state.channels.get(id);
    if (!channel) throw new Error('the channel is gone');
    return channel;
  };
  const messageOf = (
    message: Pick<MessageView, 'channel' | 'ts'>,
  ): { channel: Channel; message: Message } => {
    const channel = channelOf(message);
    const found = channel.messages.get(message.ts);
    if (!found) throw new Error('the message is gone');
    return { channel, message: found };
  };

  const triggerOf = (installation: Installation, view: string | null = null): string => {
    const [id, expiresAt] = [`${state.nextId('1')}.${state.nextId('2')}`, state.clock.now() + 3000];
    state.triggers.set(id, { user: user.id, team: user.team, installation, expiresAt, view, isUsed: false });
    return id;
  };
  const responseUrl = (
    installation: Installation,
    { id: channel }: Channel,
    original: Ephemeral | null = null,
  ): string => {
    const [url, expiresAt] = [
      `${state.origin}/response/${state.nextId('R')}`,
      state.clock.now() + 30 * 60_000,
    ];
    state.responseUrls.set(url, { user: user.id, channel, installation, expiresAt, original, usesLeft: 5 });
    return url;
  };
  /** What all interactions have. */
  const common = (installation: Installation, view: string | null = null) => ({
    ...{ token: 'a-verification-token', api_app_id: app.id, team: { id: user.team, domain } },
    ...{ user: { id: user.id, name: user.name, username: user.name, team_id: user.team } },
    ...{ trigger_id: triggerOf(installation, view), is_enterprise_install: installation.team === null },
    ...(enterprise !== null && { enterprise: organisation }),
  });
  const send = async (kind: Delivery['kind'], body: object): Promise<Delivery> => {
    const delivery = deliveries.deliver(kind, body);
    await delivery.done;
    return delivery;
  };
  const namedChannel = ({ id, kind, name }: Channel) => ({
    id,
    name: kind === 'im' ? 'directmessage' : name,
  });

  const upload = (files: readonly Upload[], pollsUntilReady = 0): readonly StoredFile[] =>
    files.map(({ name, bytes }) => {
      const by = { team: user.team, user: user.id, name, bytes: Buffer.from(bytes), isComplete: true };
      return state.addFile({ ...by, pollsUntilReady, isAbridged: pollsUntilReady > 0 });
    });

  const say = ({ channel }: Pick<Place, 'channel'>, text: string, given: Said = {}): MessageView => {
    const files = upload(given.files ?? [], given.pollsUntilReady).map(({ id }) => id);
    const message = state.post(channel, { user: user.id, text, thread: given.thread?.ts ?? null, files });
    const payload = messagePayload(state, channel, message);
    const isMention = state.installations.some(
      ({ botUser }) => channel.members.has(botUser) && text.includes(`<@${botUser}>`),
    );
    if (isMention && channel.kind !== 'im') {
      const { files: all, ...rest } = payload;
      const event = {
        ...rest,
        ...(all && given.filesIn !== 'message' && { files: all }),
        type: 'app_mention',
      };
      state.onPublish({
        event: { ...event, channel: channel.id, event_ts: message.ts },
        channel,
        team: user.team,
      });
    }
    publishMessage(state, channel, { ...payload, ...(files.length > 0 && { subtype: 'file_share' }) });
    return messageView(state, message);
  };

  const top = (): OpenView | undefined => state.modals.findLast((view) => view.user === user.id);
  const open = (): OpenView => {
    const found = top();
    if (!found) throw new Error(`no modal is open for ${user.name}`);
    return found;
  };
  const close = (view: OpenView): void => {
    state.modals.splice(state.modals.indexOf(view), 1);
    state.changed();
  };

  const submit = async (): Promise<Submitted> => {
    const view = open();
    const missing = missingIn(view);
    if (Object.keys(missing).length > 0) return { errors: missing, delivery: null };
    const body = { ...common(view.installation), type: 'view_submission' as const, view: viewPayload(view) };
    const delivery = await send('interactive', { ...body, response_urls: [] } satisfies ViewSubmitAction);
    if (delivery.hasFailed) return { errors: { '': 'We had some trouble connecting. Try again?' }, delivery };
    const response = delivery.response as Partial<ViewResponseAction> as
      | ViewResponseAction
      | { response_action?: undefined };
    switch (response.response_action) {
      case 'errors': {
        const { errors } = response;
        const isThere = (id: string) => view.view.blocks.some(({ block_id }) => block_id === id);
        if (!Object.keys(errors).every(isThere))
          state.violations.push(`errors of no block: ${JSON.stringify(errors)}`);
        return { errors, delivery };
      }
      case 'update':
        changeView(state, view, response.view);
        break;
      case 'clear':
      case undefined:
        close(view);
        break;
      default:
        state.violations.push(`the fake knows no response_action ${response.response_action}`);
    }
    return { errors: null, delivery };
  };

  /** Uses an element; what it is in matters. */
  const use = (
    installation: Installation,
    { block, element, option }: Button,
    where: object,
    view: string | null = null,
  ) => {
    const { type, action_id, value, text, options: _, ...rest } = element;
    const own = type === 'button' ? { value, text } : { ...rest, ...(option && { selected_option: option }) };
    const actions = [{ type, action_id, block_id: block.block_id, ...own, action_ts: state.nextTs() }];
    return send('interactive', { ...common(installation, view), type: 'block_actions', actions, ...where });
  };
  const useInView = (view: OpenView, button: Button): Promise<Delivery> =>
    use(
      view.installation,
      button,
      { view: viewPayload(view), container: { type: 'view', view_id: view.id } },
      view.id,
    );

  const home = (): OpenView | undefined => [...state.homes.values()].find((view) => view.user === user.id);

  return {
    ...user,
    /** `<@U…>`, as texts name them. */
    mention: `<@${user.id}>`,
    /** Their conversation with the bot. */
    get direct(): Place {
      return placeView(state, state.dm(appIn(), user.id));
    },
    command: async (
      command: string,
      text: string,
      { channel }: Pick<Place, 'channel'>,
    ): Promise<Delivery> => {
      const installation = appIn(channel);
      return await send('slash_commands', {
        ...{ token: 'a-verification-token', command, text, user_id: user.id, user_name: user.name },
        ...{
          team_id: user.team,
          team_domain: domain,
          channel_id: channel.id,
          channel_name: namedChannel(channel).name,
        },
        ...{ api_app_id: app.id, trigger_id: triggerOf(installation) },
        ...{
          response_url: responseUrl(installation, channel),
          is_enterprise_install: String(installation.team === null),
        },
        ...(enterprise !== null && { enterprise_id: enterprise, enterprise_name: organisation.name }),
      } satisfies SlashCommand);
    },
    /** Uses an entry in the menu of a message. */
    shortcut: async (callback_id: string, shown: MessageView): Promise<Delivery> => {
      const { channel, message } = messageOf(shown);
      const installation = appIn(channel);
      return await send('interactive', {
        ...{ ...common(installation), type: 'message_action', callback_id, channel: namedChannel(channel) },
        ...{
          response_url: responseUrl(installation, channel),
          message_ts: shown.ts,
          action_ts: state.nextTs(),
        },
        message: messagePayload(state, channel, message),
      } satisfies MessageShortcut);
    },
    /** The modal on top, with what is filled in. */
    get modal(): OpenView | undefined {
      return top();
    },
    /** Fills in a modal, by `action_id`: text, the value of an option, or files. */
    fill: (values: Readonly<Record<string, string | number | null | readonly Upload[]>>): void => {
      const { view, values: filled } = open();
      for (const [action, value] of Object.entries(values)) {
        const { block, element } = buttonIn(view.blocks, action);
        const given = Array.isArray(value) ? upload(value).map((file) => filePayload(state, file)) : value;
        const id = block.block_id ?? '';
        filled[id] = { ...filled[id], [action]: filledIn(element, given) };
      }
    },
    submit,
    pressInModal: (actionId: string, value?: string): Promise<Delivery> =>
      useInView(open(), buttonIn(open().view.blocks, actionId, value)),
    closeModal: async (): Promise<void> => {
      const view = open();
      close(view);
      if (view.view.type !== 'modal' || view.view.notify_on_close !== true) return;
      await send('interactive', {
        ...common(view.installation),
        type: 'view_closed',
        view: viewPayload(view),
        is_cleared: false,
      });
    },
    /** Says something; a bot that is named in it is told of a mention, too. */
    say,
    /** Says something to the bot in a channel: `@gramzoom …`. */
    askBot: (place: Pick<Place, 'channel'>, text: string, given: Said = {}): MessageView =>
      say(place, `<@${appIn(place.channel).botUser}> ${text}`, given),
    react: (message: Pick<MessageView, 'channel' | 'ts'>, name: string, isAdded = true): void =>
      react(state, messageOf(message), { name, user: user.id, isAdded }),
    /** Presses a button of a message, or of one that only they see. */
    press: async (shown: MessageView | Ephemeral, actionId: string, value?: string): Promise<Delivery> => {
      const channel = channelOf(shown);
      const installation = appIn(channel);
      const ts = 'ts' in shown ? shown.ts : state.nextTs();
      const message = channel.messages.get(ts);
      const original = 'ts' in shown ? null : shown;
      const where = {
        ...{ channel: namedChannel(channel), response_url: responseUrl(installation, channel, original) },
        ...{
          container: {
            type: 'message',
            message_ts: ts,
            channel_id: channel.id,
            is_ephemeral: !('ts' in shown),
          },
        },
        ...(message && { message: messagePayload(state, channel, message) }),
      } satisfies Partial<BlockAction>;
      return await use(installation, buttonIn(shown.blocks, actionId, value), where);
    },
    /** Opens the app's home, which the app may then fill. */
    openHome: (): void => {
      const installation = appIn();
      const { id: channel } = state.dm(installation, user.id);
      const event = {
        type: 'app_home_opened',
        user: user.id,
        channel,
        tab: 'home',
        event_ts: state.nextTs(),
      };
      state.onPublish({ event, installation, team: user.team });
    },
    get home(): OpenView | undefined {
      return home();
    },
    pressInHome: async (actionId: string, value?: string): Promise<Delivery> => {
      const view = home();
      if (!view) throw new Error(`${user.name} has no home`);
      return await useInView(view, buttonIn(view.view.blocks, actionId, value));
    },
    /** What only they have seen, the newest last. */
    get ephemerals(): readonly Ephemeral[] {
      return state.ephemerals.filter((one) => one.user === user.id);
    },
    deleteMessage: (shown: Pick<MessageView, 'channel' | 'ts'>): void => {
      const { channel, message } = messageOf(shown);
      publishRemoved(state, channel, message);
    },
    deleteFile: (id: string): void => deleteFile(state, state.files.get(id)!),
  };
};

export type Person = ReturnType<typeof createPerson>;
