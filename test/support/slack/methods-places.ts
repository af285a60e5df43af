import { problemsOfView } from './block-rules.ts';
import {
  type Call,
  channelOf,
  isMember,
  type Method,
  refuse,
  scoped,
  typeOfFile,
  viewOf,
  viewProblem,
  withIds,
} from './methods.ts';
import { channelTypeOf } from './payloads.ts';
import type { Channel, OpenView, State, Trigger } from './state.ts';
import { initialValues, viewPayload } from './views.ts';

const channelPayload = (call: Call, channel: Channel): object => {
  const type = channelTypeOf(channel);
  const user = [...channel.members].find((id) => id !== call.installation.botUser);
  return {
    ...{
      id: channel.id,
      name: channel.name,
      is_archived: channel.isArchived,
      is_member: isMember(call, channel),
    },
    ...{ is_channel: type === 'channel', is_group: type === 'group', is_im: type === 'im' },
    ...{
      is_private: type !== 'channel',
      is_ext_shared: channel.teams.length > 1,
      shared_team_ids: channel.teams,
    },
    ...{ context_team_id: channel.teams[0], ...(type === 'im' && { user, is_open: true }) },
  };
};

const readScopes = (call: Call): readonly string[] => [
  `${{ channel: 'channels', group: 'groups', im: 'im' }[channelTypeOf(channelOf(call))]}:read`,
];

/** The trigger of an interaction: once, and for 3 s. */
const takeTrigger = ({ state, installation, args }: Call): Trigger => {
  const trigger = state.triggers.get(args.need('trigger_id'));
  if (!trigger || trigger.installation !== installation) return refuse('invalid_trigger_id');
  if (trigger.isUsed) return refuse('exchanged_trigger_id');
  if (state.clock.now() >= trigger.expiresAt) return refuse('expired_trigger_id');
  trigger.isUsed = true;
  return trigger;
};

const readView = (call: Call) => {
  const view = viewOf(call);
  viewProblem(call, problemsOfView(view, typeOfFile(call.state)));
  return { ...view, blocks: [...withIds(call.state, view.blocks)] };
};

/** Shows something else in a view that is there; what was filled in stays where block and action have the same ids. */
export const changeView = (state: State, open: OpenView, view: OpenView['view']): void => {
  const initial = initialValues(view.blocks);
  for (const [block, actions] of Object.entries(initial)) {
    for (const action of Object.keys(actions)) {
      const kept = open.values[block]?.[action];
      if (kept) actions[action] = kept;
    }
  }
  Object.assign(open, { view, hash: `${state.seconds()}.${state.nextId('h')}`, values: initial });
  state.changed();
};

const opened = (
  call: Call,
  given: Pick<OpenView, 'user' | 'team' | 'previous'> & { readonly root: string | null },
): OpenView => {
  const { state, installation } = call;
  const id = state.nextId('V');
  const view = readView(call);
  return {
    ...{
      ...given,
      id,
      root: given.root ?? id,
      installation,
      view,
      hash: `${state.seconds()}.${state.nextId('h')}`,
    },
    values: initialValues(view.blocks),
  };
};

const answer = (open: OpenView): object => ({ view: viewPayload(open) });

const open = (call: Call, isPushed: boolean): object => {
  const { state } = call;
  const trigger = takeTrigger(call);
  const below = state.modals.find(({ id }) => id === trigger.view);
  if (isPushed && !below) return refuse('not_found');
  const stack = state.modals.filter(({ user, root }) => user === trigger.user && root === below?.root);
  if (isPushed && stack.length >= 3) return refuse('push_limit_reached');
  const { user, team } = trigger;
  const view = opened(call, {
    user,
    team,
    root: below?.root ?? null,
    previous: isPushed ? (below?.id ?? null) : null,
  });
  if (view.view.type !== 'modal') return refuse('invalid_arguments');
  state.modals.push(view);
  return answer(view);
};

const checkHash = ({ args }: Call, { hash }: OpenView): void => {
  if (args.text('hash') !== undefined && args.text('hash') !== hash) refuse('hash_conflict');
};

/** Who the bot is, people, places and views. */
export const placeMethods: Readonly<Record<string, Method>> = {
  'auth.test': {
    tier: 'special',
    run: ({ state, installation }) => ({
      ...{ url: `${state.origin}/`, team: installation.name, user: 'gramzoom', bot_id: installation.bot },
      ...{ team_id: installation.team ?? installation.tenant, user_id: installation.botUser },
      ...(installation.enterprise !== null && { enterprise_id: installation.enterprise }),
      is_enterprise_install: installation.team === null,
    }),
  },
  'auth.revoke': {
    tier: 3,
    run: ({ installation, args }) => {
      if (!args.isTrue('test')) installation.state = 'token_revoked';
      return { revoked: !args.isTrue('test') };
    },
  },
  'users.info': {
    ...{ tier: 4, scopes: scoped('users:read') },
    run: ({ state, args }) => {
      const user = state.users.get(args.need('user')) ?? refuse('user_not_found');
      return {
        user: {
          ...{ id: user.id, team_id: user.team, name: user.name, real_name: user.name, deleted: false },
          ...{ is_admin: user.isAdmin, is_owner: user.isOwner, is_bot: user.isBot, tz: 'Europe/Berlin' },
          ...(args.isTrue('include_locale') && { locale: user.locale }),
        },
      };
    },
  },
  'conversations.open': {
    ...{ tier: 3, scopes: scoped('im:write') },
    run: (call) => {
      const user = call.state.users.get(call.args.need('users')) ?? refuse('user_not_found');
      if (user.isBot) refuse('cannot_dm_bot');
      const channel = call.state.dm(call.installation, user.id);
      return { channel: { id: channel.id } };
    },
  },
  'conversations.info': {
    ...{ tier: 3, scopes: readScopes },
    run: (call) => ({ channel: channelPayload(call, channelOf(call)) }),
  },
  'conversations.join': {
    ...{ tier: 3, scopes: scoped('channels:join') },
    run: (call) => {
      const channel = channelOf(call);
      if (channel.kind !== 'public') refuse('method_not_supported_for_channel_type');
      if (channel.isArchived) refuse('is_archived');
      channel.members.add(call.installation.botUser);
      return { channel: channelPayload(call, channel) };
    },
  },
  'views.open': { tier: 4, run: (call) => open(call, false) },
  'views.push': { tier: 4, run: (call) => open(call, true) },
  'views.update': {
    tier: 4,
    run: (call) => {
      const { state, args } = call;
      const { text } = args;
      const found = state.modals.find(
        ({ id, view }) =>
          id === text('view_id') ||
          (view.external_id !== undefined && view.external_id === text('external_id')),
      );
      if (!found || found.installation !== call.installation) return refuse('not_found');
      checkHash(call, found);
      changeView(state, found, readView(call));
      return answer(found);
    },
  },
  'views.publish': {
    tier: 4,
    run: (call) => {
      const { state, args } = call;
      const user = state.users.get(args.need('user_id')) ?? refuse('user_not_found');
      const key = `${call.installation.bot} ${user.id}`;
      const known = state.homes.get(key);
      if (known) checkHash(call, known);
      const home = opened(call, { user: user.id, team: user.team, root: null, previous: null });
      if (home.view.type !== 'home') return refuse('invalid_arguments');
      state.homes.set(key, known ? { ...home, id: known.id, root: known.root } : home);
      return answer(state.homes.get(key) ?? home);
    },
  },
};
