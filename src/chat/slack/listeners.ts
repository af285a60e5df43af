import { contestWord } from '../../domain/command-name.ts';
import { kindNames } from '../../domain/kinds.ts';
import { createAppHome, isHomeTab } from './app-home.ts';
import { createBeginButtons } from './begin-buttons.ts';
import { anyButton } from './button-id.ts';
import { createButtons } from './buttons.ts';
import { contestFormId } from './contest-form.ts';
import { createContestSubmission } from './contest-submission.ts';
import { createDepartures, wasShared } from './departures.ts';
import {
  type EventEnvelope,
  readChannelGone,
  readCommand,
  readFileDeleted,
  readHomeOpened,
  readMention,
  readMessage,
  readPress,
  readReaction,
  readShortcut,
  readTeamAccessRevoked,
  readTokensRevoked,
  readViewRequest,
} from './events.ts';
import type { DepartureHandler, Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createMentions } from './mentions.ts';
import { createMoreOptions } from './more-options.ts';
import { beginId, moreOptionsId, orderFormId, otherPhotoId, shortcutId, slashCommands } from './names.ts';
import { createOrderSubmission } from './order-submission.ts';
import { createOtherPhoto } from './other-photo.ts';
import { createPanelPhotos } from './panel-photos.ts';
import { createPanelPresses } from './panel-presses.ts';
import { createPanelTexts } from './panel-texts.ts';
import { anyPanelControl } from './panel-value.ts';
import { panelPhotoId, panelTextId } from './panel-view.ts';
import { createReactions, isReactionToBot } from './reactions.ts';
import { createShortcut } from './shortcut.ts';
import { createSlashCommand } from './slash-command.ts';

/** Deals with the body of a request as Slack sent it. */
export type Listener = (body: unknown, origin: Omit<Incoming<unknown>, 'body'>) => Promise<void>;

/** Names as Slack gives them: of commands with their slash, callback ids, action ids. */
type Named = readonly (readonly [name: string | RegExp, listener: Listener])[];

export type EventListener = {
  /**
   * Whether there is anything to do about it: what concerns nobody here is acknowledged and leaves no trace.
   * @param self the bot's own user, where Slack has told it
   */
  readonly concerns: (event: unknown, self: string | undefined) => boolean;
  readonly listener: Listener;
};

/** What is done about each request of Slack's. */
export type Listeners = {
  readonly commands: Named;
  /** Of messages. */
  readonly shortcuts: Named;
  readonly submissions: Named;
  readonly presses: Named;
  /** By the type of the event. */
  readonly events: Readonly<Record<string, EventListener>>;
  /** Events after which there is no installation any more. */
  readonly departures: Readonly<Record<string, DepartureHandler<unknown>>>;
};

/** A request as its handler wants it. @returns throws ZodError for one that cannot be read */
export const on =
  <Body>(read: (body: unknown) => Body, handle: Handler<Body>): Listener =>
  (body, origin) =>
    handle({ ...origin, body: read(body) });

/** An event as its handler wants it. */
export const onEvent = <Body>(
  read: (event: unknown) => Body,
  handle: Handler<Body>,
  concerns: (event: Body, self: string | undefined) => boolean = () => true,
): EventListener => ({
  listener: on(read, handle),
  concerns: (event, self) => concerns(read(event), self),
});

/** What people write, as opposed to programs, edits and comings and goings. */
const subtypesOfPeople: readonly (string | undefined)[] = [undefined, 'file_share', 'thread_broadcast'];

/** Whether a person mentioned the bot. */
export const isPersonsMention = (event: ReturnType<typeof readMention>, self: string | undefined): boolean =>
  event.bot_id === undefined && event.user !== undefined && event.user !== self;

/**
 * Whether a message is for the bot: one to it alone, or a mention with files, which Slack tells twice and not always
 * whole.
 */
export const isForBot = (event: ReturnType<typeof readMessage>, self: string | undefined): boolean =>
  isPersonsMention(event, self) &&
  subtypesOfPeople.includes(event.subtype) &&
  (event.channel_type === 'im' ||
    (event.files.length > 0 && self !== undefined && event.text.includes(`<@${self}`)));

/** The bot's own user as an event names it. */
export const selfIn = ({ authorizations }: EventEnvelope): string | undefined =>
  authorizations.find(({ is_bot }) => is_bot)?.user_id;

/** The table of all of them: a line each. */
export const createListeners = (deps: HandlerDeps): Listeners => {
  const home = createAppHome(deps);
  const reactions = createReactions(deps);
  const command = on(readCommand, createSlashCommand(deps));
  const mentions = createMentions(deps);
  const departures = createDepartures(deps);
  const begin = on(readPress, createBeginButtons(deps));
  return {
    commands: [...slashCommands, contestWord].map((name) => [`/${name}`, command]),
    shortcuts: [[shortcutId, on(readShortcut, createShortcut(deps))]],
    submissions: [
      [orderFormId, on(readViewRequest, createOrderSubmission(deps))],
      [contestFormId, on(readViewRequest, createContestSubmission(deps))],
      [panelTextId, on(readViewRequest, createPanelTexts(deps))],
      [panelPhotoId, on(readViewRequest, createPanelPhotos(deps))],
    ],
    presses: [
      [anyButton, on(readPress, createButtons({ ...deps, home }))],
      [anyPanelControl, on(readPress, createPanelPresses(deps))],
      [moreOptionsId, on(readPress, createMoreOptions(deps))],
      ...kindNames.map((kind) => [beginId(kind), begin] as const),
      [otherPhotoId, on(readPress, createOtherPhoto(deps))],
    ],
    events: {
      app_mention: onEvent(readMention, mentions.mention, isPersonsMention),
      message: onEvent(readMessage, mentions.message, isForBot),
      app_home_opened: onEvent(readHomeOpened, home.opened, isHomeTab),
      reaction_added: onEvent(readReaction, reactions.added, isReactionToBot),
      reaction_removed: onEvent(readReaction, reactions.removed, isReactionToBot),
      team_access_revoked: onEvent(readTeamAccessRevoked, departures.teamsRemoved),
      file_deleted: onEvent(readFileDeleted, departures.fileDeleted, wasShared),
      channel_deleted: onEvent(readChannelGone, departures.channelDeleted),
      group_deleted: onEvent(readChannelGone, departures.channelDeleted),
    },
    departures: {
      app_uninstalled: departures.uninstalled,
      tokens_revoked: ({ body, hint }) => departures.tokensRevoked({ body: readTokensRevoked(body), hint }),
    },
  };
};
