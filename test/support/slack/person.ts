import type { BlockAction, MessageShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import type { AnyBlock } from '@slack/types';
import { elementsOf } from './block-rules.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { deleteFile, newFile } from './methods-files.ts';
import { publishDeleted, publishReaction } from './methods-messages.ts';
import { changeView } from './methods-places.ts';
import { channelTypeOf, filePayload, messagePayload } from './payloads.ts';
import { type MessageView, messageView, type Place, placeView } from './place.ts';
import {
  app,
  type Channel,
  type Ephemeral,
  type Installation,
  type OpenView,
  type State,
  type StoredFile,
  type User,
} from './state.ts';
import { filledIn, viewPayload } from './views.ts';

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

type Values = Readonly<Record<string, unknown>>;
/** What came of submitting a modal: what is wrong by block, or nothing. */
export type Submitted = {
  readonly errors: Readonly<Record<string, string>> | null;
  readonly delivery: Delivery | null;
};

/** A button: the first with this action unless its value is told. */
const buttonIn = (blocks: readonly AnyBlock[], actionId: string, value?: string) => {
  for (const block of blocks) {
    const element = elementsOf(block).find(
      (one) => one['action_id'] === actionId && (value === undefined || one['value'] === value),
    );
    if (element) return { block, element };
  }
  throw new Error(`no ${actionId} in ${JSON.stringify(blocks)}`);
};

/** A person in a workspace: what they do, and what they see. */
export const createPerson = (state: State, deliveries: Deliveries, user: User) => {
  const team = state.teams.get(user.team);
  if (!team) throw new Error('nobody is without a workspace');
  const enterpriseOf = (installation: Installation) =>
    team.enterprise === null
      ? {}
      : {
          enterprise: { id: team.enterprise, name: `organisation ${team.enterprise}` },
          is_enterprise_install: installation.team === null,
        };

  /** The app as it is there for this person in a channel. */
  const appIn = (channel?: Channel): Installation => {
    const members = state.installations.filter(
      (one) => one.state === 'installed' && channel?.members.has(one.botUser),
    );
    const found = state.installationFor(user.team) ?? members[0];
    if (!found) throw new Error(`the app is not there for ${user.name}`);
    return found;
  };

  const trigger = (installation: Installation, view: string | null = null): string => {
    const id = `${state.nextId('1')}.${state.nextId('2')}`;
    const expiresAt = state.clock.now() + 3000;
    state.triggers.set(id, { user: user.id, team: user.team, installation, expiresAt, view, isUsed: false });
    return id;
  };

  const responseUrl = (installation: Installation, channel: Channel | null): string => {
    const url = `${state.origin}/response/${state.nextId('R')}`;
    const expiresAt = state.clock.now() + 30 * 60_000;
    state.responseUrls.set(url, {
      user: user.id,
      channel: channel?.id ?? null,
      installation,
      expiresAt,
      usesLeft: 5,
    });
    return url;
  };

  const common = (installation: Installation) => ({
    ...{ token: 'a-verification-token', api_app_id: app.id, trigger_id: '', ...enterpriseOf(installation) },
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, name: user.name, username: user.name, team_id: user.team },
  });

  const send = async (kind: 'slash_commands' | 'interactive', body: object): Promise<Delivery> => {
    const delivery = deliveries.deliver(kind, body);
    await delivery.done;
    return delivery;
  };

  const upload = (files: readonly Upload[], polls = 0): readonly StoredFile[] =>
    files.map(({ name, bytes }) =>
      newFile(state, {
        ...{ team: user.team, user: user.id, name, bytes: Buffer.from(bytes), isComplete: true },
        ...{ pollsUntilReady: polls, isAbridged: polls > 0 },
      }),
    );

  const say = (
    place: Place,
    text: string,
    { files = [], thread, pollsUntilReady, filesIn = 'both' }: Said = {},
  ): MessageView => {
    const { channel } = place;
    const ids = upload(files, pollsUntilReady).map(({ id }) => id);
    const message = state.post(channel, { user: user.id, text, thread: thread?.ts ?? null, files: ids });
    const payload = messagePayload(state, channel, message) as { readonly files?: unknown };
    const event = { ...payload, channel: channel.id, event_ts: message.ts };
    const where = { channel, installation: null, team: user.team };
    const isMention = state.installations.some(
      ({ botUser }) => channel.members.has(botUser) && text.includes(`<@${botUser}>`),
    );
    if (isMention && channel.kind !== 'im') {
      const { files: _, ...bare } = event;
      state.publish({ event: { ...(filesIn === 'both' ? event : bare), type: 'app_mention' }, ...where });
    }
    const kind = {
      type: 'message',
      channel_type: channelTypeOf(channel),
      ...(ids.length > 0 && { subtype: 'file_share' }),
    };
    state.publish({ event: { ...event, ...kind }, ...where });
    return messageView(state, channel, message);
  };

  const top = (): OpenView | undefined => state.modals.findLast((view) => view.user === user.id);
  const open = (): OpenView => {
    const found = top();
    if (!found) throw new Error(`no modal is open for ${user.name}`);
    return found;
  };
  const closeView = (view: OpenView, isAll: boolean): void => {
    const gone = state.modals.filter((one) => (isAll ? one.root === view.root : one === view));
    for (const one of gone) state.modals.splice(state.modals.indexOf(one), 1);
    state.changed();
  };

  const missing = ({ view, values }: OpenView): Record<string, string> =>
    Object.fromEntries(
      view.blocks.flatMap((block) => {
        if (block.type !== 'input' || !('element' in block)) return [];
        const { action_id = '', ...element } = block.element as {
          action_id?: string;
          type: string;
          min_value?: string;
          max_value?: string;
        };
        const { value, selected_option, files } = (values[block.block_id ?? '']?.[action_id] ?? {}) as {
          value?: string | null;
          selected_option?: object | null;
          files?: readonly object[];
        };
        const isEmpty =
          (value ?? '') === '' &&
          !selected_option &&
          (files ?? []).length === 0 &&
          element.type !== 'checkboxes';
        if (isEmpty)
          return block.optional === true
            ? []
            : [[block.block_id ?? '', 'Please complete this required field.']];
        const number = element.type === 'number_input' ? Number(value) : 0;
        const isOut =
          element.type === 'number_input' &&
          (number < Number(element.min_value ?? -Infinity) || number > Number(element.max_value ?? Infinity));
        return isOut ? [[block.block_id ?? '', 'This number is out of range.']] : [];
      }),
    );

  const submit = async (): Promise<Submitted> => {
    const view = open();
    const unfilled = missing(view);
    // Slack's own client says so, and tells the app nothing.
    if (Object.keys(unfilled).length > 0) return { errors: unfilled, delivery: null };
    const body = {
      ...common(view.installation),
      type: 'view_submission',
      trigger_id: trigger(view.installation),
      view: viewPayload(view),
      response_urls: [],
    };
    const delivery = await send('interactive', body satisfies ViewSubmitAction | object);
    const {
      response_action: action,
      errors,
      view: next,
    } = delivery.response as {
      response_action?: string;
      errors?: Record<string, string>;
      view?: OpenView['view'];
    };
    if (delivery.hasFailed) return { errors: { '': 'We had some trouble connecting. Try again?' }, delivery };
    if (action === 'errors' && errors) {
      const ids = view.view.blocks.map(({ block_id }) => block_id);
      if (Object.keys(errors).some((id) => !ids.includes(id)))
        state.violations.push(`errors for blocks that are not there: ${JSON.stringify(errors)}`);
      return { errors, delivery };
    }
    if (action === 'update' && next) changeView(state, view, next);
    else if (action === undefined || action === 'clear') closeView(view, action === 'clear');
    else state.violations.push(`no such response_action: ${action}`);
    return { errors: null, delivery };
  };

  const pressed = (installation: Installation, { block, element }: ReturnType<typeof buttonIn>) => {
    const { type, action_id, value, text } = element as Record<string, unknown>;
    return {
      ...{ ...common(installation), type: 'block_actions', trigger_id: trigger(installation) },
      actions: [{ type, action_id, block_id: block.block_id, value, text, action_ts: state.nextTs() }],
    };
  };

  const pressInView = (view: OpenView, button: ReturnType<typeof buttonIn>): Promise<Delivery> =>
    send('interactive', {
      ...pressed(view.installation, button),
      ...(view.view.type === 'modal' && { trigger_id: trigger(view.installation, view.id) }),
      ...{ view: viewPayload(view), container: { type: 'view', view_id: view.id } },
    });

  const home = (): OpenView | undefined => [...state.homes.values()].find((view) => view.user === user.id);

  return {
    ...user,
    /** `<@U…>`, as texts name them. */
    mention: `<@${user.id}>`,
    /** Their conversation with the bot. */
    get direct(): Place {
      return placeView(state, state.dm(appIn(), user.id));
    },
    command: async (command: string, text: string, place: Place): Promise<Delivery> => {
      const installation = appIn(place.channel);
      const { enterprise } = team;
      return await send('slash_commands', {
        ...{ token: 'a-verification-token', command, text, user_id: user.id, user_name: user.name },
        ...{ team_id: team.id, team_domain: team.domain, channel_id: place.id, channel_name: place.name },
        ...{ api_app_id: app.id, trigger_id: trigger(installation) },
        ...{ response_url: responseUrl(installation, place.channel) },
        is_enterprise_install: String(installation.team === null),
        ...(enterprise !== null && {
          enterprise_id: enterprise,
          enterprise_name: `organisation ${enterprise}`,
        }),
      } satisfies SlashCommand);
    },
    shortcut: async (callback: string, message: MessageView): Promise<Delivery> => {
      const channel = state.channels.get(message.channel)!;
      const installation = appIn(channel);
      return await send('interactive', {
        ...{
          ...common(installation),
          type: 'message_action',
          callback_id: callback,
          trigger_id: trigger(installation),
        },
        ...{
          response_url: responseUrl(installation, channel),
          message_ts: message.ts,
          action_ts: state.nextTs(),
        },
        channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
        message: messagePayload(
          state,
          channel,
          channel.messages.get(message.ts)!,
        ) as MessageShortcut['message'],
      } satisfies Omit<MessageShortcut, 'team'>);
    },
    /** The modal on top, with what is filled in. */
    get modal(): OpenView | undefined {
      return top();
    },
    /** Fills in a modal, by `action_id`: text, the value of an option, values, or files. */
    fill: (values: Values): void => {
      const view = open();
      for (const [action, value] of Object.entries(values)) {
        const { block, element } = buttonIn(view.view.blocks, action);
        const given =
          element['type'] === 'file_input'
            ? upload(value as readonly Upload[]).map((file) => filePayload(state, file))
            : value;
        view.values[block.block_id ?? ''] = {
          ...view.values[block.block_id ?? ''],
          [action]: filledIn(element, given),
        };
      }
    },
    submit,
    /** Presses a button in the modal on top. */
    pressInModal: (actionId: string, value?: string): Promise<Delivery> =>
      pressInView(open(), buttonIn(open().view.blocks, actionId, value)),
    closeModal: async (): Promise<void> => {
      const view = open();
      const { view: shown } = view;
      const isAll = shown.type === 'modal' && shown.clear_on_close === true;
      closeView(view, isAll);
      if (shown.type !== 'modal' || shown.notify_on_close !== true) return;
      await send('interactive', {
        ...common(view.installation),
        type: 'view_closed',
        view: viewPayload(view),
        is_cleared: isAll,
      });
    },
    /** Says something; a bot that is named in it is told of a mention, too. */
    say,
    /** Says something to the bot in a channel: `@gramzoom …`. */
    askBot: (place: Place, text: string, given: Said = {}): MessageView =>
      say(place, `<@${appIn(place.channel).botUser}> ${text}`, given),
    react: (message: Pick<MessageView, 'channel' | 'ts'>, name: string, isAdded = true): void => {
      const channel = state.channels.get(message.channel)!;
      const found = channel.messages.get(message.ts);
      if (!found) throw new Error('the message is gone');
      const users = found.reactions.get(name) ?? new Set();
      if (isAdded) users.add(user.id);
      else users.delete(user.id);
      if (users.size > 0) found.reactions.set(name, users);
      else found.reactions.delete(name);
      publishReaction(state, { channel, message: found, name, user: user.id, isAdded });
      state.changed();
    },
    /** Presses a button of a message, or of one that only they see. */
    press: async (message: MessageView | Ephemeral, actionId: string, value?: string): Promise<Delivery> => {
      const channel = state.channels.get(message.channel)!;
      const installation = appIn(channel);
      const button = buttonIn(message.blocks, actionId, value);
      const stored = 'ts' in message ? channel.messages.get(message.ts) : undefined;
      const at = { message_ts: 'ts' in message ? message.ts : state.nextTs(), channel_id: channel.id };
      const body = {
        ...{ ...pressed(installation, button), response_url: responseUrl(installation, channel) },
        channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
        ...(stored && {
          message: messagePayload(state, channel, stored) as NonNullable<BlockAction['message']>,
        }),
        container: { type: 'message', ...at, is_ephemeral: !('ts' in message) },
      };
      return await send('interactive', body);
    },
    /** Opens the app's home, which the app may then fill. */
    openHome: (): void => {
      const installation = appIn();
      const channel = state.dm(installation, user.id);
      const event = {
        type: 'app_home_opened',
        user: user.id,
        channel: channel.id,
        tab: 'home',
        event_ts: state.nextTs(),
      };
      state.publish({ event, channel: null, installation, team: user.team });
    },
    get home(): OpenView | undefined {
      return home();
    },
    pressInHome: (actionId: string, value?: string): Promise<Delivery> => {
      const view = home();
      if (!view) throw new Error(`${user.name} has no home`);
      return pressInView(view, buttonIn(view.view.blocks, actionId, value));
    },
    /** What only they have seen, the newest last. */
    get ephemerals(): readonly Ephemeral[] {
      return state.ephemerals.filter((one) => one.user === user.id);
    },
    deleteMessage: (message: MessageView): void => {
      const channel = state.channels.get(message.channel)!;
      const found = channel.messages.get(message.ts);
      if (!found) throw new Error('the message is gone');
      const previous = messagePayload(state, channel, found);
      state.remove(channel, found);
      publishDeleted(state, channel, { message: found, previous });
    },
    deleteFile: (id: string): void => deleteFile(state, state.files.get(id)!),
  };
};

export type Person = ReturnType<typeof createPerson>;
