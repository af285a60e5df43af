import type { ContestView } from '../../domain/contest/view.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Reply } from './answers.ts';
import type { Delivery } from './delivery.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { panelOf } from './panel-of.ts';
import type { Panels } from './panels.ts';
import type { SlackPlace } from './place.ts';
import { isStopping } from './reply-with.ts';

/** Somebody waits for a panel, and this is the key that opens a form for it. */
export type PanelRequest = {
  readonly place: SlackPlace;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
  readonly delivery: Delivery;
};

/** What is answered: a panel, words, or nothing where something else answers. */
export type PanelAnswer =
  | { readonly view: ContestView }
  | { readonly says: string | Reply }
  | { readonly says: null };

export type PanelAnswerDeps = Pick<HandlerDeps, 'answers' | 'clock'> & { readonly panels: Panels };

/**
 * Answers with a panel. The form for it opens before anything else is done, and waits; where Slack does not open it,
 * the panel is a message that only they see.
 * @param work does what was asked for, once it is accepted
 * @throws GramzoomError `stopping`
 */
export const answerWithPanel = async (
  { panels, answers, clock }: PanelAnswerDeps,
  { place, triggerId, responseUrl, delivery }: PanelRequest,
  work: () => Promise<PanelAnswer>,
): Promise<void> => {
  const words = wordsFor(place.locale);
  const key = `panel:${delivery.id}`;
  const opening = delivery.isReplay ? Promise.resolve(true) : panels.open(place, { triggerId, key });
  if (!(await delivery.accept())) return;
  let answer: PanelAnswer;
  try {
    answer = await work();
  } catch (error) {
    if (isStopping(error)) throw error;
    answer = { says: answers.problem(error, words) };
  }
  const isOpen = await opening;
  if ('view' in answer) {
    const panel = panelOf(answer.view, { words, now: clock.wallTime() });
    if (isOpen && (await panels.show({ key }, place, panel))) return;
    await panels.show({ replaces: false, ...(responseUrl !== undefined && { responseUrl }) }, place, panel);
    return;
  }
  const { says } = answer;
  if (says === null) return;
  if (isOpen && typeof says === 'string') await panels.say({ key }, place, { text: says, triggerId });
  else await answers.replyEphemeral(place, says, { responseUrl });
};
