import { within } from '../../concurrency/within.ts';
import { defaultKind, type KindName } from '../../domain/kinds.ts';
import { wordsFor } from '../../messages/languages.ts';
import { askForRender } from './ask-for-render.ts';
import { contestActor } from './contest-person.ts';
import type { ViewRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { mostFormBytes } from './open-form.ts';
import { photoOfField } from './order-values.ts';
import { panelOf } from './panel-of.ts';
import { decodePanelMetadata, panelField } from './panel-view.ts';
import { originOf, type SlackPhoto, type SlackPlace } from './place.ts';
import { asPlainText } from './plain-text.ts';
import { createReachChannel, placeReached } from './reach-channel.ts';
import { isStopping } from './stopping.ts';
import { slackWords } from './words.ts';

/** Of the 3 s that Slack gives. */
const checkWithinMs = 1_200;
/** Nobody waits for it any more. */
const replayWithinMs = 10_000;

/** A photo for a contest was sent: it is rendered, and entered. What is wrong is told while the form is open. */
export const createPanelPhotos = (deps: HandlerDeps): Handler<ViewRequest> => {
  const { renders, people, answers, panels, maxPhotoBytes, clock } = deps;
  const reachChannel = createReachChannel(deps);
  const kind: KindName = defaultKind;

  /** @throws GramzoomError what is wrong with asking for that */
  const admit = async (place: SlackPlace, options: object): Promise<void> => {
    await renders.admit(originOf(place), { ...options, kind });
    await renders.contests.admit({ ...options, kind }, contestActor(await people.of(place), place));
  };

  return async ({ body: { view, user, trigger_id: triggerId = '' }, delivery }) => {
    const { place: asked, asks } = decodePanelMetadata(view.private_metadata);
    if (!asks?.options) return await delivery.refuse();
    const { shownIn, options } = asks;
    const at = { ...asked, user: user.id };
    const words = wordsFor(at.locale);
    let problem: string | null = null;
    const note = (error: unknown): null => {
      problem ??= asPlainText(answers.problem(error, words));
      return null;
    };
    const readPhoto = async (): Promise<SlackPhoto> =>
      photoOfField(view.state.values[panelField]?.[panelField], {
        maxBytes: Math.min(mostFormBytes, maxPhotoBytes),
      });
    const withinMs = delivery.isReplay ? replayWithinMs : checkWithinMs;
    const [photo, reached] = await Promise.all([
      readPhoto().catch(note),
      reachChannel(at, { withinMs }),
      // What was accepted has been checked, and will be once more.
      delivery.isReplay || within(admit(at, options).catch(note), { clock, ms: withinMs, otherwise: null }),
    ]);
    if (reached.is === 'uninvited') problem ??= slackWords(words).inviteMe;
    if (problem !== null) {
      await delivery.refuse({ response_action: 'errors', errors: { [panelField]: problem } });
      if (!delivery.isReplay) return;
    }
    if (!photo || !(await delivery.accept())) return;
    const place = placeReached(at, reached);
    try {
      const order = { kind, options: { ...options, contest: 'on' }, photo, author: null };
      const answer = await askForRender(deps, order, { place, event: `view:${view.id}` });
      if ('view' in answer)
        await panels.show(shownIn, at, panelOf(answer.view, { words, now: clock.wallTime() }));
    } catch (error) {
      if (isStopping(error)) throw error;
      await panels.say(shownIn, at, { text: answers.problem(error, words), triggerId });
    }
  };
};
