import { GramzoomError } from '../../domain/errors.ts';
import type { MessageContent } from '../../domain/message.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { RateBudget } from '../shared/rate-budget.ts';
import type { Answer } from './buffered-requests.ts';
import type { DiscordCalls } from './discord-calls.ts';
import { isTooLarge } from './discord-errors.ts';
import { type Draft, type DraftOptions, draftMessage } from './message-draft.ts';
import type { Strays } from './strays.ts';

/** What it takes to speak on Discord. */
export type MessageDeps = {
  readonly calls: DiscordCalls;
  readonly budget: RateBudget;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly clock: Clock;
  readonly strays: Strays<Answer>;
  readonly log: Pick<AppLog, 'warn'>;
};

/**
 * Says something with its files. A picture that is too large there is left out.
 * @throws GramzoomError `file-too-large` for a film that is
 */
export const sendFitting = async <T>(
  { blobs, clock }: Pick<MessageDeps, 'blobs' | 'clock'>,
  content: MessageContent,
  options: Omit<DraftOptions, 'now'> & { readonly say: (draft: Draft) => Promise<T> },
): Promise<T> => {
  const { say, ...rest } = options;
  const draft = (given: MessageContent): Promise<Draft> =>
    draftMessage(given, blobs, { ...rest, now: clock.wallTime() });
  try {
    return await say(await draft(content));
  } catch (error) {
    if (!isTooLarge(error) || content.attachments.length === 0) throw error;
    const { body } = content;
    if (body.kind === 'result' || body.kind === 'copy')
      throw new GramzoomError('file-too-large', { bytes: body.bytes }, { cause: error });
    return await say(await draft({ ...content, attachments: [] }));
  }
};
