import type { Core } from '../state/core.ts';
import type { Interaction } from '../state/model.ts';
import { type MessageView, viewMessage } from './message-view.ts';

/** What became of an interaction, as its user sees it; always of this moment. */
export type InteractionContext = {
  readonly id: string;
  readonly token: string;
  /** How long the bot took to acknowledge it, in milliseconds on the clock; null while it has not. */
  readonly acknowledgedAfterMs: number | null;
  /** "The application did not respond." */
  readonly didNotRespond: boolean;
  /** The answer: a new message, or the one whose button was pressed. */
  readonly reply: MessageView | null;
  readonly followUps: readonly MessageView[];
  readonly choices: Interaction['choices'];
  /** The form that was opened. */
  readonly form: Interaction['form'];
  /** From now on its token is dead, as after fifteen minutes. */
  expireToken(): void;
};

export const createAsked = (core: Core, interaction: Interaction): InteractionContext => {
  const view = (id: string | null): MessageView | null => {
    const message = core.channels.get(interaction.channelId)?.messages.get(id ?? '');
    return message ? viewMessage(core, message) : null;
  };
  return {
    id: interaction.id,
    token: interaction.token,
    get acknowledgedAfterMs() {
      return interaction.acknowledgedAt === null ? null : interaction.acknowledgedAt - interaction.createdAt;
    },
    get didNotRespond() {
      return interaction.failed;
    },
    get reply() {
      return view(interaction.originalId);
    },
    get followUps() {
      return interaction.followUps.map(view).filter((message) => message !== null);
    },
    get choices() {
      return interaction.choices;
    },
    get form() {
      return interaction.form;
    },
    expireToken: () => {
      interaction.expired = true;
    },
  };
};
