import {
  type InteractionResponseType as Answer,
  RESTJSONErrorCodes as Code,
  type REST,
  Routes,
} from 'discord.js';
import type { AppLog } from '../../ports/log.ts';
import { isRefusal } from './discord-errors.ts';

/** An interaction, as far as it is answered. */
export type Answerable = {
  readonly id: string;
  readonly application_id: string;
  readonly token: string;
  /** The largest file that may be attached to an answer. */
  readonly attachment_size_limit?: number | undefined;
};

/** `used`: it has its answer already. */
export type Acknowledged = 'done' | 'used' | 'failed';

type File = { readonly name: string; readonly data: Buffer };

/** What answers interactions to one person are made of. None of these throws anything. */
export const createInteractionCalls = ({
  rest,
  log,
}: {
  readonly rest: REST;
  readonly log: Pick<AppLog, 'warn'>;
}) => {
  const isSent = async (sending: Promise<unknown>): Promise<boolean> => {
    try {
      await sending;
      return true;
    } catch (error) {
      log.warn('discord: failed to send an answer', { error });
      return false;
    }
  };

  return {
    /** The first answer. */
    acknowledge: async (
      asked: Answerable,
      answer: { readonly type: Answer; readonly data?: object },
    ): Promise<Acknowledged> => {
      try {
        await rest.post(Routes.interactionCallback(asked.id, asked.token), { body: answer, auth: false });
        return 'done';
      } catch (error) {
        // The same interaction was told twice, or something else has answered.
        if (isRefusal(error, Code.InteractionHasAlreadyBeenAcknowledged)) return 'used';
        log.warn('discord: failed to answer an interaction', { error });
        return 'failed';
      }
    },
    /** Changes the first answer, or the message whose control was used. False where that failed. */
    fill: (
      { application_id: id, token }: Answerable,
      body: object,
      files: readonly File[] = [],
    ): Promise<boolean> =>
      isSent(rest.patch(Routes.webhookMessage(id, token), { body, files: [...files], auth: false })),
    /** Says more. */
    followUp: (
      { application_id: id, token }: Answerable,
      body: object,
      files: readonly File[] = [],
    ): Promise<boolean> =>
      isSent(rest.post(Routes.webhook(id, token), { body, files: [...files], auth: false })),
  };
};

export type InteractionCalls = ReturnType<typeof createInteractionCalls>;
