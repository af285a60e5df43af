import type { ModalView } from '@slack/types';
import { decodeStep } from '../../domain/contest/step.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import { whereIs } from './buttons.ts';
import { contestActor } from './contest-person.ts';
import type { PressRequest } from './events.ts';
import type { Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { localeWithinMs, mostFormBytes, openView } from './open-form.ts';
import { panelOf } from './panel-of.ts';
import { type PanelValue, readPanelValue } from './panel-value.ts';
import { decodePanelMetadata, photoView, type ShownIn, textView } from './panel-view.ts';
import { placeIn, type SlackPlace } from './place.ts';
import { isStopping } from './stopping.ts';

/** A control that needs something of whoever uses it. */
type Asking = Exclude<PanelValue, { step: string }> | (PanelValue & { readonly text: object });

const asks = (value: PanelValue): value is Asking => 'photo' in value || value.text !== undefined;

/** Where the panel is that somebody uses. */
const shownIn = ({ view, response_url: responseUrl }: PressRequest): ShownIn =>
  view ? { view: view.id } : { replaces: true, ...(responseUrl !== undefined && { responseUrl }) };

/** Buttons and menus of panels, in forms and in messages that only one person sees. */
export const createPanelPresses = (deps: HandlerDeps): Handler<PressRequest> => {
  const { renders, people, answers, panels, maxPhotoBytes, clock } = deps;

  /** Null where it is not known where it is. */
  const placeOf = async ({
    body,
    installation: { tenant },
    team,
  }: Incoming<PressRequest>): Promise<SlackPlace | null> => {
    const { view } = body;
    // A form is nowhere: it has kept where it was asked for.
    if (view) return { ...decodePanelMetadata(view.private_metadata).place, user: body.user.id };
    const where = whereIs(body);
    const who = { tenant, team, user: body.user.id };
    const { locale } = await people.of(who, { withinMs: localeWithinMs });
    return where && placeIn({ ...who, locale }, where);
  };

  const formFor = (value: Asking, at: ShownIn, place: SlackPlace): ModalView => {
    const words = wordsFor(place.locale);
    if ('photo' in value) {
      const metadata = { place, asks: { shownIn: at, options: value.photo.options } };
      const maxFileBytes = Math.min(mostFormBytes, maxPhotoBytes);
      return photoView(value.photo, { words, metadata, maxFileBytes });
    }
    const metadata = { place, asks: { shownIn: at, step: value.step } };
    return textView(value.text as Parameters<typeof textView>[0], { words, metadata });
  };

  const take = async (text: string, place: SlackPlace, words: ChatWords) => {
    const step = decodeStep(text);
    if (!step) throw new GramzoomError('not-found', {});
    const actor = contestActor(await people.of(place), place);
    const view = await renders.contests.take(step, actor);
    return panelOf(view, { words, now: clock.wallTime() });
  };

  return async (incoming) => {
    const { body, delivery } = incoming;
    const { selected_option: chosen, value: given } = body.actions[0];
    const value = readPanelValue(chosen?.value ?? given ?? '');
    const place = await placeOf(incoming);
    if (!value || !place) return await delivery.refuse();
    const at = shownIn(body);
    const { trigger_id: triggerId, response_url: responseUrl } = body;
    if (asks(value)) {
      const request = { place, triggerId, responseUrl, delivery, isOnTop: body.view !== undefined };
      return await openView(deps, formFor(value, at, place), request);
    }
    if (!(await delivery.accept())) return;
    const words = wordsFor(place.locale);
    try {
      const panel = await take(value.step, place, words);
      await panels.show(at, place, panel);
    } catch (error) {
      if (isStopping(error)) throw error;
      await panels.say(at, place, { text: answers.problem(error, words), triggerId });
    }
  };
};
