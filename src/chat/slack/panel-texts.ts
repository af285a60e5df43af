import { within } from '../../concurrency/within.ts';
import { decodeStep } from '../../domain/contest/step.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Panel } from '../../messages/panel.ts';
import { contestActor } from './contest-person.ts';
import type { ViewRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { panelOf } from './panel-of.ts';
import { decodePanelMetadata, panelField } from './panel-view.ts';
import type { SlackPlace } from './place.ts';
import { asPlainText } from './plain-text.ts';
import { isStopping } from './stopping.ts';

/** Of the 3 s that Slack gives. */
const takenWithinMs = 2_000;

type Taken = { readonly panel: Panel } | { readonly problem: string };

/**
 * The text that goes with a step of a panel was sent. What is wrong is told under it while the form is open; then the
 * form closes, and the panel under it shows what has come of it.
 */
export const createPanelTexts = (deps: HandlerDeps): Handler<ViewRequest> => {
  const { renders, people, answers, panels, clock } = deps;

  const take = async (given: string, text: string, place: SlackPlace): Promise<Taken> => {
    const words = wordsFor(place.locale);
    try {
      const step = decodeStep(given);
      if (!step) throw new GramzoomError('not-found', {});
      const actor = contestActor(await people.of(place), place);
      const view = await renders.contests.take(step, { ...actor, text });
      return { panel: panelOf(view, { words, now: clock.wallTime() }) };
    } catch (error) {
      if (isStopping(error)) throw error;
      return { problem: answers.problem(error, words) };
    }
  };

  return async ({ body: { view, user, trigger_id: triggerId = '' }, delivery }) => {
    const { place: asked, asks } = decodePanelMetadata(view.private_metadata);
    if (asks?.step === undefined) return await delivery.refuse();
    const { shownIn, step } = asks;
    const place = { ...asked, user: user.id };
    const text = (view.state.values[panelField]?.[panelField]?.value ?? '').trim();
    // Once it is taken it is durable: a form that is sent again after a crash says the same.
    const taking = take(step, text, place);
    const taken = await within<Taken | null>(taking, { clock, ms: takenWithinMs, otherwise: null });
    if (taken && 'problem' in taken) {
      await delivery.refuse({
        response_action: 'errors',
        errors: { [panelField]: asPlainText(taken.problem) },
      });
      if (!delivery.isReplay) return;
    }
    if (!(await delivery.accept())) return;
    const done = await taking;
    if ('panel' in done) await panels.show(shownIn, place, done.panel);
    else await panels.say(shownIn, place, { text: done.problem, triggerId });
  };
};
