import { RESTJSONErrorCodes as Code } from 'discord-api-types/v10';

export type FieldErrors = Readonly<Record<string, unknown>>;

/** What Discord answers instead of doing what it was asked. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: FieldErrors | undefined;

  constructor(status: number, code: number, message: string, errors?: FieldErrors) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): { readonly message: string; readonly code: number; readonly errors?: FieldErrors } {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

/** Status and words of the errors that the fake knows, as Discord has them. */
const known: Readonly<Record<number, readonly [status: number, message: string]>> = {
  [Code.UnknownApplication]: [404, 'Unknown Application'],
  [Code.UnknownChannel]: [404, 'Unknown Channel'],
  [Code.UnknownGuild]: [404, 'Unknown Guild'],
  [Code.UnknownMember]: [404, 'Unknown Member'],
  [Code.UnknownMessage]: [404, 'Unknown Message'],
  [Code.UnknownRole]: [404, 'Unknown Role'],
  [Code.UnknownUser]: [404, 'Unknown User'],
  [Code.UnknownEmoji]: [400, 'Unknown Emoji'],
  [Code.UnknownWebhook]: [404, 'Unknown Webhook'],
  [Code.UnknownInteraction]: [404, 'Unknown interaction'],
  [Code.UnknownApplicationCommand]: [404, 'Unknown application command'],
  [Code.MaximumNumberOfPinsReachedForTheChannel]: [400, 'Maximum number of pins reached (250)'],
  [Code.InvalidRole]: [400, 'Invalid Role'],
  [Code.MaximumNumberOfReactionsReached]: [400, 'Maximum number of reactions reached (20)'],
  [Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached]: [
    429,
    'Maximum number of edits to messages older than 1 hour reached. Try again later',
  ],
  [Code.RequestEntityTooLarge]: [413, 'Request entity too large'],
  [Code.InteractionHasAlreadyBeenAcknowledged]: [400, 'Interaction has already been acknowledged.'],
  [Code.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages]: [
    400,
    'This interaction has hit the maximum number of follow up messages',
  ],
  [Code.MissingAccess]: [403, 'Missing Access'],
  [Code.CannotEditMessageAuthoredByAnotherUser]: [403, 'Cannot edit a message authored by another user'],
  [Code.CannotSendAnEmptyMessage]: [400, 'Cannot send an empty message'],
  [Code.CannotSendMessagesToThisUser]: [403, 'Cannot send messages to this user'],
  [Code.MissingPermissions]: [403, 'Missing Permissions'],
  [Code.CannotExecuteActionOnThisChannelType]: [400, 'Cannot execute action on this channel type'],
  [Code.InvalidWebhookToken]: [401, 'Invalid Webhook Token'],
  [Code.InvalidActionOnArchivedThread]: [400, 'Thread is archived'],
  [Code.ThreadAlreadyCreatedForMessage]: [400, 'A thread has already been created for this message'],
  [Code.ThreadLocked]: [400, 'Thread is locked'],
  [Code.MaximumActiveThreads]: [400, 'Maximum number of active threads reached'],
};

/** The error with this code, in Discord's words. */
export const discordError = (code: number): DiscordError => {
  const [status, message] = known[code] ?? [400, `Error ${code}`];
  return new DiscordError(status, code, message);
};

/** 50035 about one field, by its path: `content`, `embeds.0.title`. */
export const invalidForm = (path: string, code: string, message: string): DiscordError => {
  let errors: FieldErrors = { _errors: [{ code, message }] };
  for (const key of path.split('.').reverse()) errors = { [key]: errors };
  return new DiscordError(400, Code.InvalidFormBodyOrContentType, 'Invalid Form Body', errors);
};
