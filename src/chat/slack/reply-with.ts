import { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Answers, Reply } from './answers.ts';
import type { SlackPlace } from './place.ts';

/** This process ends: the next one deals with it again. */
export const isStopping = (error: unknown): boolean =>
  error instanceof GramzoomError && error.code === 'stopping';

/**
 * Answers what has been accepted to whoever asked, errors included.
 * @param options.work gives the answer; null: something else answers
 * @throws GramzoomError `stopping`
 */
export const replyWith = async (
  answers: Answers,
  place: SlackPlace,
  {
    work,
    responseUrl,
  }: { readonly work: () => Promise<string | Reply | null>; readonly responseUrl?: string | undefined },
): Promise<void> => {
  let reply: string | Reply | null;
  try {
    reply = await work();
  } catch (error) {
    if (isStopping(error)) throw error;
    reply = answers.problem(error, wordsFor(place.locale));
  }
  if (reply !== null) await answers.replyEphemeral(place, reply, { responseUrl });
};
