import type { Pressed, Renders } from '../../app/renders.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import { defaultKind } from '../../domain/kinds.ts';
import { actionTraits } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import { pressedAnswer } from '../shared/pressed-answer.ts';
import type { Outcome } from './answers.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { type ButtonId, confirmingId, decodeButtonId, isConfirming } from './button-id.ts';
import { requireAllowed } from './button-rules.ts';
import { panelOf } from './contest-panel.ts';
import type { ButtonEvent } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import {
  type InteractionContext,
  readInteractionContext,
  requirePermissions,
} from './interaction-context.ts';
import { photosAt, photosOf } from './photo-choice.ts';
import { encodeReplyContext } from './reply-context.ts';

/** What came of a button, for whoever pressed it; null where a render answers. */
const answerTo = (pressed: Pressed, words: ChatWords): Outcome => {
  if (pressed.kind === 'contest') return { panel: panelOf(pressed.view, words) };
  const answer = pressedAnswer(pressed, words);
  if (!answer?.asksAbout) return answer?.text ?? null;
  const button = { label: words.erasure.confirm, id: confirmingId({ photoOf: answer.asksAbout }) };
  return { text: answer.text, button };
};

/** Another photo of the message that a render was asked for in. */
const takeOtherPhoto = async (
  renders: Renders,
  { event, id }: { readonly event: ButtonEvent; readonly id: JobId },
  { place, actor }: InteractionContext,
): Promise<void> => {
  const number = Number(event.data.values[0]);
  const { options, replyTarget, photoOwner } = await renders.asked(id);
  const all = photosOf(replyTarget);
  const photo = all[number - 1];
  if (!photo) throw new GramzoomError('not-found', {});
  await renders.submit({
    origin: actor.actor,
    options,
    attachment: encodeAttachment(photo),
    replyTarget: encodeReplyContext({ ...place, isSpoiler: photo.isSpoiler, ...photosAt(all, number) }),
    photoOwner,
    event: `interaction:${event.id}`,
    answersFirst: true,
  });
};

const startsRender = (action: ButtonId['action']): boolean =>
  action === 'other-photo' || (action !== 'forget' && (actionTraits[action].startsRender ?? false));

/** Does what a button says, and gives what it answers to whoever pressed it; null where a render answers. */
const press = async (deps: HandlerDeps, event: ButtonEvent, button: ButtonId): Promise<Outcome> => {
  const { action, subject } = button;
  const renders = deps.renders();
  const words = wordsFor(event.locale);
  const asked = readInteractionContext(event, deps.servers);
  const { place, where, actor, person } = asked;
  if (startsRender(action)) {
    requirePermissions(where);
    const render = await renders.view(subject.id as JobId);
    await requireAllowed(deps, event, { ...asked, kind: render?.kind ?? defaultKind });
  }
  if (action === 'forget') {
    return words.erasure.everythingDone(await renders.erase('everything', actor.actor));
  }
  if (action === 'other-photo') {
    await takeOtherPhoto(renders, { event, id: subject.id as JobId }, asked);
    return null;
  }
  const pressed = await renders.press({
    ...{ ...actor, person, subject, action },
    // What does not answer what was pressed is said without it.
    replyTarget: encodeReplyContext(
      startsRender(action) || place.isGuest ? place : { ...place, interaction: null },
    ),
    event: `interaction:${event.id}`,
    isConfirmed: isConfirming(button),
  });
  return answerTo(pressed, words);
};

/** When a button's answer is put off. */
const deferral = (button: ButtonId | undefined): 'at-once' | 'late' | 'never' => {
  // Messages are removed one after the other, with pauses.
  if (button?.action === 'delete') return 'at-once';
  return !button || startsRender(button.action) ? 'never' : 'late';
};

/** Buttons under messages of the bot, however old. */
export const createButtons =
  (deps: HandlerDeps) =>
  async (event: ButtonEvent): Promise<void> => {
    const button = decodeButtonId(event.data.custom_id);
    await deps.answers.replyEphemeral(event, {
      words: wordsFor(event.locale),
      defers: deferral(button),
      work: async () => {
        if (!button) throw new GramzoomError('not-found', {});
        return await press(deps, event, button);
      },
    });
  };
