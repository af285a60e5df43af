import { wordsFor } from '../../messages/languages.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { panelOf } from './panel-of.ts';
import type { SlackPlace } from './place.ts';
import { isStopping } from './stopping.ts';

/**
 * Answers what has been accepted to whoever asked, errors included: a panel as a message that only they see.
 * @param options.work gives the answer
 * @throws GramzoomError `stopping`
 */
export const replyWith = async (
  { answers, panels, sendPage, clock }: Pick<HandlerDeps, 'answers' | 'panels' | 'sendPage' | 'clock'>,
  place: SlackPlace,
  {
    work,
    responseUrl,
  }: { readonly work: () => Promise<PanelAnswer>; readonly responseUrl?: string | undefined },
): Promise<void> => {
  const words = wordsFor(place.locale);
  let reply: PanelAnswer;
  try {
    reply = await work();
  } catch (error) {
    if (isStopping(error)) throw error;
    reply = { says: answers.problem(error, words) };
  }
  if ('view' in reply) {
    const panel = panelOf(reply.view, { words, now: clock.wallTime() });
    await panels.show({ replaces: false, ...(responseUrl !== undefined && { responseUrl }) }, place, panel);
    await sendPage(reply.view, place);
  } else if (reply.says !== undefined && reply.says !== null) {
    await answers.replyEphemeral(place, reply.says, { responseUrl });
  }
};
