import type { MessageShortcut, SlashCommand, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { AnyBlock } from '@slack/types';
import { elementsOf, filledIn, type Json } from '../block-kit.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { changeView } from './methods-places.ts';
import * as payloads from './payloads.ts';
import { type MessageView, messageView, type Place, placeView } from './place.ts';
import {
  app,
  type Channel,
  type Ephemeral,
  type Installation,
  type OpenView,
  type State,
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

type Problems = Readonly<Record<string, string>>;
/** What came of submitting a modal: what is wrong by block, or nothing; no delivery where Slack itself refuses. */
export type Submitted = { readonly errors: Problems | null; readonly delivery: Delivery | null };

type InChannel = Pick<Place, 'channel'>;
type At = Pick<MessageView, 'channel' | 'ts'>;
type Button = { readonly block: AnyBlock; readonly element: Json; readonly option?: Json | undefined };

/** What has this action: the first, unless its value, or that of an entry of it, is told. */
const buttonIn = (blocks: readonly AnyBlock[], actionId: string, value?: string): Button => {
  const all = blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })));
  const named = all.filter(({ element }) => element['action_id'] === actionId);
  const optionOf = ({ options }: Json) =>
    (options as readonly Json[] | undefined)?.find((one) => one['value'] === value);
  const isMeant = (element: Json) =>
    value === undefined || element['value'] === value || optionOf(element) !== undefined;
  const found = named.find(({ element }) => isMeant(element));
  if (!found) throw new Error(`no ${actionId} among ${all.map(({ element }) => element['action_id'])}`);
  return { ...found, option: optionOf(found.element) };
};

/** What Slack's own client refuses to send, by block. */
const missingIn = ({ view, values }: OpenView): Problems => {
  const problemOf = (block: AnyBlock): string | null => {
    const { optional, element = {} } = block as { optional?: boolean; element?: Json };
    const { type, action_id, min_value: least = -Infinity, max_value: most = Infinity } = element;
    const filled = (values[block.block_id ?? '']?.[String(action_id)] ?? {}) as Json;
    const { selected_option, selected_date_time, value, files } = filled;
    const given = selected_option ?? selected_date_time ?? value ?? files ?? '';
    if (given === '' || (given as readonly unknown[]).length === 0) {
      return optional === true ? null : 'Please complete this required field.';
    }
    const isIn = Number(given) >= Number(least) && Number(given) <= Number(most);
    return type !== 'number_input' || isIn ? null : 'This number is out of range.';
  };
  const inputs = view.blocks.filter(({ type }) => type === 'input');
  const problems = inputs.map((block) => [block.block_id, problemOf(block)]);
  return Object.fromEntries(problems.filter(([, problem]) => problem !== null));
};

/** A person in a workspace: what they do, and what they see. */
export const createPerson = (state: State, deliveries: Deliveries, user: User) => {
  const { enterprise, domain } = state.teams.get(user.team)!;
  const organisation = { id: enterprise ?? '', name: `organisation ${enterprise}` };

  const there = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Error(`${what}, says ${user.name}`);
    return found;
  };
  /** The app as it is there for this person: their workspace's, or that of a channel that they share with it. */
  const appIn = (channel?: Channel): Installation => {
    const isThere = (one: Installation) => one.state === 'installed' && channel?.members.has(one.botUser);
    return there(
      state.installationFor(user.team) ?? state.installations.find(isThere),
      'the app is not there',
    );
  };
  const messageOf = (at: At) => {
    const channel = there(state.channels.get(at.channel), 'the channel is gone');
    return { channel, message: there(channel.messages.get(at.ts), 'the message is gone') };
  };

  const triggerOf = (installation: Installation): string => {
    const [id, expiresAt] = [`${state.nextId('1')}.${state.nextId('2')}`, state.clock.now() + 3000];
    state.triggers.set(id, { user: user.id, team: user.team, installation, expiresAt, isUsed: false });
    return id;
  };
  /** What interactions in a channel have. */
  const inChannel = (installation: Installation, { id, kind, name }: Channel, original?: Ephemeral) => {
    const [response_url, expiresAt] = [
      `${state.origin}/response/${state.nextId('R')}`,
      state.clock.now() + 1_800_000,
    ];
    const uses = {
      user: user.id,
      channel: id,
      installation,
      expiresAt,
      original: original ?? null,
      usesLeft: 5,
    };
    state.responseUrls.set(response_url, uses);
    return { response_url, channel: { id, name: kind === 'im' ? 'directmessage' : name } };
  };
  /** What all interactions have. */
  const common = (installation: Installation) => ({
    ...{ token: 'a-verification-token', api_app_id: app.id, team: { id: user.team, domain } },
    ...{ user: { id: user.id, name: user.name, username: user.name, team_id: user.team } },
    ...{ trigger_id: triggerOf(installation), is_enterprise_install: installation.team === null },
    ...(enterprise !== null && { enterprise: organisation }),
  });
  const send = async (body: object, kind: Delivery['kind'] = 'interactive'): Promise<Delivery> => {
    const delivery = deliveries.deliver(kind, body);
    await delivery.done;
    return delivery;
  };
  const upload = (files: readonly Upload[], pollsUntilReady = 0) =>
    files.map(({ name, bytes }) => {
      const by = { team: user.team, user: user.id, name, bytes: Buffer.from(bytes), isComplete: true };
      return state.addFile({ ...by, pollsUntilReady, isAbridged: pollsUntilReady > 0 });
    });

  const say = ({ channel }: InChannel, text: string, given: Said = {}): MessageView => {
    const files = upload(given.files ?? [], given.pollsUntilReady).map(({ id }) => id);
    const message = state.post(channel, { user: user.id, text, thread: given.thread?.ts ?? null, files });
    const payload = payloads.messagePayload(state, channel, message);
    const bots = state.installations.filter(({ botUser }) => channel.members.has(botUser));
    if (channel.kind !== 'im' && bots.some(({ botUser }) => text.includes(`<@${botUser}>`))) {
      const { files: all, ...rest } = { ...payload, channel: channel.id, event_ts: message.ts };
      const event = {
        ...rest,
        ...(all && given.filesIn !== 'message' && { files: all }),
        type: 'app_mention',
      };
      state.onPublish({ event, channel, team: user.team });
    }
    const kind = files.length > 0 ? { subtype: 'file_share' } : {};
    payloads.publishMessage(state, channel, { ...payload, ...kind });
    return messageView(state, message);
  };

  const top = () => state.modals.findLast((view) => view.user === user.id);
  const open = () => there(top(), 'no modal is open');
  const home = () => [...state.homes.values()].find((view) => view.user === user.id);
  const close = (view: OpenView): void => {
    state.modals.splice(state.modals.indexOf(view), 1);
    state.changed();
  };
  const closeAll = ({ root }: OpenView): void => {
    state.modals.splice(0, Infinity, ...state.modals.filter((one) => one.root !== root));
    state.changed();
  };

  const submit = async (): Promise<Submitted> => {
    const view = open();
    const missing = missingIn(view);
    if (Object.keys(missing).length > 0) return { errors: missing, delivery: null };
    const body = {
      ...common(view.installation),
      type: 'view_submission' as const,
      view: payloads.viewPayload(view),
    };
    const delivery = await send(body satisfies ViewSubmitAction);
    if (delivery.hasFailed) return { errors: { '': 'We had some trouble connecting. Try again?' }, delivery };
    const answer = delivery.response as { response_action?: undefined } | ViewResponseAction;
    if (answer.response_action === 'errors') {
      const isThere = (id: string) => view.view.blocks.some(({ block_id }) => block_id === id);
      if (!Object.keys(answer.errors).every(isThere))
        state.violations.push('errors of blocks that are not there');
      return { errors: answer.errors, delivery };
    }
    if (answer.response_action === 'update') changeView(state, view, answer.view);
    else if (answer.response_action === 'push') state.violations.push('the fake pushes no views');
    else if (answer.response_action === 'clear') closeAll(view);
    else close(view);
    return { errors: null, delivery };
  };

  const use = (installation: Installation, { block, element, option }: Button, where: object) => {
    const { type, action_id, value, text } = element;
    const own = type === 'button' ? { value, text } : { selected_option: option };
    const actions = [{ type, action_id, block_id: block.block_id, ...own, action_ts: state.nextTs() }];
    return send({ ...common(installation), type: 'block_actions', actions, ...where });
  };
  const useInView = (view: OpenView, actionId: string, value?: string): Promise<Delivery> => {
    const where = { view: payloads.viewPayload(view), container: { type: 'view', view_id: view.id } };
    return use(view.installation, buttonIn(view.view.blocks, actionId, value), where);
  };

  return {
    ...user,
    /** `<@U…>`, as texts name them. */
    mention: `<@${user.id}>`,
    /** Their conversation with the bot. */
    get direct(): Place {
      return placeView(state, state.dm(appIn(), user.id));
    },
    command: async (command: string, text: string, { channel }: InChannel): Promise<Delivery> => {
      const installation = appIn(channel);
      const { response_url, channel: named } = inChannel(installation, channel);
      const body = {
        ...{
          token: 'a-verification-token',
          command,
          text,
          user_id: user.id,
          user_name: user.name,
          response_url,
        },
        ...{ team_id: user.team, team_domain: domain, channel_id: named.id, channel_name: named.name },
        ...{ api_app_id: app.id, trigger_id: triggerOf(installation) },
        is_enterprise_install: String(installation.team === null),
        ...(enterprise !== null && { enterprise_id: enterprise, enterprise_name: organisation.name }),
      };
      const delivery = await send(body satisfies SlashCommand, 'slash_commands');
      const { text: told, blocks = [] } = delivery.response as Partial<Pick<Ephemeral, 'text' | 'blocks'>>;
      if (told !== undefined) {
        const where = { user: user.id, channel: channel.id, thread: null };
        state.showAlone({ ...where, text: told, blocks, via: 'acknowledgement' });
      }
      return delivery;
    },
    /** Uses an entry in the menu of a message. */
    shortcut: async (callback_id: string, shown: At): Promise<Delivery> => {
      const { channel, message } = messageOf(shown);
      const body = {
        ...{
          ...common(appIn(channel)),
          ...inChannel(appIn(channel), channel),
          type: 'message_action' as const,
        },
        ...{ callback_id, message_ts: shown.ts, action_ts: state.nextTs() },
        message: payloads.messagePayload(state, channel, message),
      };
      return await send(body satisfies MessageShortcut);
    },
    /** The modal on top, with what is filled in. */
    get modal(): OpenView | undefined {
      return top();
    },
    /** Fills in a modal, by `action_id`: text, the value of an option, or files. */
    fill: (given: Readonly<Record<string, string | number | null | readonly Upload[]>>): void => {
      const { view, values } = open();
      for (const [action, value] of Object.entries(given)) {
        const { block, element } = buttonIn(view.blocks, action);
        const filled = Array.isArray(value)
          ? upload(value).map((file) => payloads.filePayload(state, file))
          : value;
        const id = block.block_id ?? '';
        values[id] = { ...values[id], [action]: filledIn(element, filled) };
      }
    },
    submit,
    pressInModal: (actionId: string, value?: string) => useInView(open(), actionId, value),
    closeModal: async (): Promise<void> => {
      const { view, installation } = open();
      const body = {
        ...common(installation),
        type: 'view_closed',
        view: payloads.viewPayload(open()),
        is_cleared: false,
      };
      close(open());
      if (view.type === 'modal' && view.notify_on_close) await send(body);
    },
    /** Says something; a bot that is named in it is told of a mention, too. */
    say,
    /** Says something to the bot in a channel: `@gramzoom …`. */
    askBot: (place: InChannel, text: string, given: Said = {}): MessageView =>
      say(place, `<@${appIn(place.channel).botUser}> ${text}`, given),
    react: (message: At, name: string, isAdded = true): void =>
      payloads.react(state, messageOf(message), { name, user: user.id, isAdded }),
    /** Presses a button of a message, or of one that only they see. */
    press: async (shown: MessageView | Ephemeral, actionId: string, value?: string): Promise<Delivery> => {
      const { channel, message = null } =
        'via' in shown ? { channel: state.channels.get(shown.channel)! } : messageOf(shown);
      const [installation, message_ts] = [appIn(channel), message?.ts ?? state.nextTs()];
      return await use(installation, buttonIn(shown.blocks, actionId, value), {
        ...inChannel(installation, channel, 'via' in shown ? shown : undefined),
        container: { type: 'message', message_ts, channel_id: channel.id, is_ephemeral: message === null },
        ...(message && { message: payloads.messagePayload(state, channel, message) }),
      });
    },
    /** Opens the app's home, which the app may then fill. */
    openHome: (): void => {
      const [installation, event_ts] = [appIn(), state.nextTs()];
      const channel = state.dm(installation, user.id).id;
      const event = { type: 'app_home_opened', user: user.id, channel, tab: 'home', event_ts };
      state.onPublish({ event, installation, team: user.team });
    },
    get home(): OpenView | undefined {
      return home();
    },
    pressInHome: async (actionId: string, value?: string) =>
      await useInView(there(home(), 'the home is empty'), actionId, value),
    /** What only they have seen, the newest last. */
    get ephemerals(): readonly Ephemeral[] {
      return state.ephemerals.filter((one) => one.user === user.id);
    },
    deleteMessage: (shown: At): void => {
      const { channel, message } = messageOf(shown);
      payloads.publishRemoved(state, channel, message);
    },
    deleteFile: (id: string): void =>
      payloads.deleteFile(state, there(state.files.get(id), 'the file is gone')),
  };
};

export type Person = ReturnType<typeof createPerson>;
