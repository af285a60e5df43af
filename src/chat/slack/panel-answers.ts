import type { ModalView } from '@slack/types';
import type { ContestView } from '../../domain/contest/view.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Reply } from './answers.ts';
import type { Delivery } from './delivery.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { panelOf } from './panel-of.ts';
import type { SlackPlace } from './place.ts';
import { isStopping } from './stopping.ts';
import { slackWords } from './words.ts';

/** Somebody waits for a panel, and this is the key that opens a form for it. */
export type PanelRequest = {
  readonly place: SlackPlace;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
  readonly delivery: Delivery;
};

/** What is answered: a panel, a form to fill in, words, or nothing (`null`) where something else answers. */
export type PanelAnswer =
  | { readonly view: ContestView }
  /** `says`: where it cannot be opened. */
  | { readonly form: ModalView; readonly says?: string }
  | { readonly says: string | Reply | null };

type Deps = Pick<HandlerDeps, 'answers' | 'clock' | 'panels' | 'sendPage'>;

/**
 * Answers with a panel. The form for it opens before anything else is done, and waits; where Slack does not open it,
 * the panel is a message that only they see.
 * @param work does what was asked for, once it is accepted
 * @throws GramzoomError `stopping`
 */
export const answerWithPanel = async (
  { panels, answers, clock, sendPage }: Deps,
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
  const at = (await opening) ? { key } : null;
  if ('view' in answer) {
    const panel = panelOf(answer.view, { words, now: clock.wallTime() });
    const alone = { replaces: false, ...(responseUrl !== undefined && { responseUrl }) };
    const isShown = at !== null && (await panels.show(at, place, panel));
    if (!isShown) await panels.show(alone, place, panel);
    return await sendPage(answer.view, place);
  }
  if ('form' in answer) {
    if (at && (await panels.put(at, place, answer.form))) return;
    const says = answer.says ?? slackWords(words).form.notOpened;
    return await answers.replyEphemeral(place, says, { responseUrl });
  }
  const { says } = answer;
  if (says === null) return;
  if (at && typeof says === 'string') await panels.say(at, place, { text: says, triggerId });
  else await answers.replyEphemeral(place, says, { responseUrl });
};
