import { initialValues, problemsOfView } from '../block-kit.ts';
import {
  type Call,
  channelOf,
  isMember,
  type Methods,
  method,
  refuse,
  typeOfFile,
  withIds,
} from './methods.ts';
import { kindNames, viewPayload } from './payloads.ts';
import type { Channel, OpenView, State, User } from './state.ts';

const channelPayload = (call: Call, { id, name, kind, isArchived, teams, members }: Channel): object => ({
  ...{ id, name, is_archived: isArchived, is_member: members.has(call.installation.botUser) },
  ...{ is_channel: kind === 'public', is_group: kind === 'private', is_im: kind === 'im' },
  ...{ is_private: kind !== 'public', is_ext_shared: teams.length > 1, context_team_id: teams[0] },
  ...(kind === 'im' && { user: [...members].find((user) => user !== call.installation.botUser) }),
});

const readView = ({ state, json }: Call): OpenView['view'] => {
  const view = (json('view') ?? refuse('invalid_arguments')) as OpenView['view'];
  const problems = problemsOfView(view, typeOfFile(state));
  if (problems.length > 0) {
    state.violations.push(`invalid view: ${problems.join('; ')}`);
    const messages = problems.map((problem) => `[ERROR] ${problem}`);
    const isLarge = problems.includes('view_too_large');
    refuse(isLarge ? 'view_too_large' : 'invalid_arguments', { response_metadata: { messages } });
  }
  return { ...view, blocks: withIds(state, view.blocks) };
};

const checkHash = ({ text }: Call, { hash }: OpenView): void => {
  if (text('hash') !== undefined && text('hash') !== hash) refuse('hash_conflict');
};

const createView = (call: Call, { id: user, team }: Pick<User, 'id' | 'team'>): OpenView => {
  const { state, installation } = call;
  const [id, view] = [state.nextId('V'), readView(call)];
  const made = { id, user, team, root: id, previous: null, installation, view, hash: state.nextId('h') };
  return { ...made, values: initialValues(view.blocks) };
};

/** Shows something else in an open view; what was filled in stays where block and action have the same ids. */
export const changeView = (state: State, open: OpenView, view: OpenView['view']): void => {
  const values = initialValues(view.blocks);
  for (const [block, actions] of Object.entries(values)) {
    for (const action of Object.keys(actions)) {
      actions[action] = open.values[block]?.[action] ?? actions[action] ?? {};
    }
  }
  Object.assign(open, { view, hash: state.nextId('h'), values });
  state.changed();
};

/** How many modals may be on top of one another. */
const mostInStack = 3;

const takeTrigger = ({ state, installation, need }: Call) => {
  const trigger = state.triggers.get(need('trigger_id'));
  if (trigger?.installation !== installation) return refuse('invalid_trigger_id');
  if (trigger.isUsed) return refuse('exchanged_trigger_id');
  if (state.clock.now() >= trigger.expiresAt) return refuse('expired_trigger_id');
  trigger.isUsed = true;
  return trigger;
};

const openModal = (
  call: Call,
  { user, team }: Pick<OpenView, 'user' | 'team'>,
  below: OpenView | null,
): OpenView => {
  const made = createView(call, { id: user, team });
  if (made.view.type !== 'modal') refuse('invalid_arguments');
  const { external_id: name } = made.view;
  if (name !== undefined && call.state.modals.some(({ view }) => view.external_id === name))
    refuse('duplicate_external_id');
  const view = below ? { ...made, root: below.root, previous: below.id } : made;
  call.state.modals.push(view);
  call.state.changed();
  return view;
};

/** Who the bot is, people, places and views. */
export const placeMethods: Methods = {
  'auth.test': method(
    { tier: 'special' },
    ({ state, installation: { team, name, tenant, botUser, bot, enterprise } }) => ({
      ...{ url: `${state.origin}/`, team: name, user: 'gramzoom', team_id: team ?? tenant, user_id: botUser },
      ...{ bot_id: bot, is_enterprise_install: team === null },
      ...(enterprise && { enterprise_id: enterprise }),
    }),
  ),
  'auth.revoke': method({ tier: 3 }, ({ installation }) => {
    installation.state = 'token_revoked';
    return { revoked: true };
  }),
  'users.info': method({ tier: 4, scope: 'users:read' }, ({ state, need, isTrue }) => {
    const { id, team, name, isAdmin, isOwner, isBot, isGuest, isDeleted, locale, zone } =
      state.users.get(need('user')) ?? refuse('user_not_found');
    const rights = { is_admin: isAdmin, is_owner: isOwner, is_bot: isBot, is_restricted: isGuest };
    const spoken = isTrue('include_locale') ? { locale } : {};
    return { user: { id, team_id: team, name, deleted: isDeleted, tz: zone, ...rights, ...spoken } };
  }),
  'conversations.open': method({ tier: 3, scope: 'im:write' }, ({ state, installation, need }) => {
    const user = state.users.get(need('users')) ?? refuse('user_not_found');
    if (user.isBot) refuse('cannot_dm_bot');
    return { channel: { id: state.dm(installation, user.id).id } };
  }),
  'conversations.info': method(
    { tier: 3, scope: (call) => `${kindNames[channelOf(call).kind].scope}:read` },
    (call) => ({ channel: channelPayload(call, channelOf(call)) }),
  ),
  'conversations.join': method({ tier: 3, scope: 'channels:join' }, (call) => {
    const channel = channelOf(call);
    if (channel.kind !== 'public') refuse('method_not_supported_for_channel_type');
    if (channel.isArchived) refuse('is_archived');
    const already = isMember(call, channel);
    channel.members.add(call.installation.botUser);
    return { channel: channelPayload(call, channel), ...(already && { warning: 'already_in_channel' }) };
  }),
  'views.open': method({ tier: 4 }, (call) => {
    const trigger = takeTrigger(call);
    return { view: viewPayload(openModal(call, trigger, null)) };
  }),
  'views.push': method({ tier: 4 }, (call) => {
    const trigger = takeTrigger(call);
    const below = call.state.modals.findLast(({ user }) => user === trigger.user);
    if (!below) return refuse('not_found');
    const inStack = call.state.modals.filter(({ root }) => root === below.root);
    if (inStack.length >= mostInStack) refuse('push_limit_reached');
    return { view: viewPayload(openModal(call, trigger, below)) };
  }),
  'views.update': method({ tier: 4 }, (call) => {
    const { state, text } = call;
    const isMeant = ({ id, view }: OpenView): boolean =>
      text('view_id') === undefined ? view.external_id === text('external_id') : id === text('view_id');
    const found = state.modals.find((open) => open.installation === call.installation && isMeant(open));
    if (!found) return refuse('not_found');
    checkHash(call, found);
    changeView(state, found, readView(call));
    return { view: viewPayload(found) };
  }),
  'views.publish': method({ tier: 4 }, (call) => {
    const { state, installation, need } = call;
    const user = state.users.get(need('user_id')) ?? refuse('user_not_found');
    const key = `${installation.bot} ${user.id}`;
    const known = state.homes.get(key);
    if (known) checkHash(call, known);
    const made = createView(call, user);
    if (made.view.type !== 'home') refuse('invalid_arguments');
    const home = known ? { ...made, id: known.id, root: known.root } : made;
    state.homes.set(key, home);
    return { view: viewPayload(home) };
  }),
};
