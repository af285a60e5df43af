import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { actionTraits } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import { pressedAnswer } from '../shared/pressed-answer.ts';
import type { Reply } from './answers.ts';
import type { AppHome } from './app-home.ts';
import {
  type ButtonFields,
  type ButtonId,
  confirmingButton,
  decodeButton,
  isConfirming,
} from './button-id.ts';
import { contestActor } from './contest-person.ts';
import { openDirectChannel } from './direct-channel.ts';
import type { PressRequest } from './events.ts';
import type { Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { localeWithinMs } from './open-form.ts';
import { answerWithPanel, type PanelAnswer } from './panel-answers.ts';
import type { Person } from './people.ts';
import { placeIn, type SlackPlace } from './place.ts';
import { isStopping } from './stopping.ts';

/** Codes that say that what was asked for has happened already. */
const doneAlready: readonly string[] = ['already-finished', 'not-found'];

type MessagePlace = Pick<SlackPlace, 'channel' | 'thread'>;

/** The channel and thread of the message; null for a button in the App Home. */
export const whereIs = ({ channel, container, message }: PressRequest): MessagePlace | null => {
  const id = channel?.id ?? container.channel_id;
  if (id === undefined) return null;
  const thread = message?.thread_ts ?? container.thread_ts;
  const isParent = thread === undefined || thread === (message?.ts ?? container.message_ts);
  return { channel: id, thread: isParent ? null : thread };
};

const confirming = ({ action_id, value }: ButtonFields, { erasure }: ChatWords): Reply['button'] => ({
  label: erasure.confirm,
  actionId: action_id,
  value,
});

type Press = {
  readonly button: ButtonId;
  readonly place: SlackPlace;
  readonly person: Person;
  /** The same however often a process begins with it. */
  readonly event: string;
};

/** Does what a button says, and gives what is said to whoever pressed it. */
const press = async (
  { renders }: Pick<HandlerDeps, 'renders'>,
  { button, place, person, event }: Press,
): Promise<PanelAnswer> => {
  const { action, subject } = button;
  const words = wordsFor(place.locale);
  const { replyTarget, ...who } = contestActor(person, place);
  if (action === 'forget')
    return { says: words.erasure.everythingDone(await renders.erase('everything', who.actor)) };
  const isConfirmed = isConfirming(button);
  const pressed = await renders.press({ ...who, replyTarget, subject, action, event, isConfirmed });
  if (pressed.kind === 'contest') return pressed;
  const answer = pressedAnswer(pressed, words);
  if (!answer?.asksAbout) return { says: answer?.text ?? null };
  const { text, asksAbout } = answer;
  return { says: { text, button: confirming(confirmingButton({ photoOf: asksAbout }), words) } };
};

const showsPanel = ({ action }: ButtonId): boolean =>
  action !== 'forget' && !!actionTraits[action].showsPanel;

/**
 * Buttons under messages of the bot, however old, and in the App Home. A render that begins with one is answered where
 * the button is; one that begins in the App Home, in the conversation with the bot.
 */
export const createButtons = ({
  home,
  ...deps
}: HandlerDeps & { readonly home: Pick<AppHome, 'publish'> }): Handler<PressRequest> => {
  const { tenants, people, answers } = deps;

  /** A panel comes in a form, which opens before anything is asked. */
  const showPanel = async (
    { body, delivery }: Incoming<PressRequest>,
    { button, place }: Pick<Press, 'button' | 'place'>,
  ): Promise<void> => {
    const { trigger_id: triggerId, response_url: responseUrl } = body;
    await answerWithPanel(deps, { place, triggerId, responseUrl, delivery }, async () => {
      const person = await people.of(place);
      return await press(deps, { button, place, person, event: `action:${delivery.id}` });
    });
  };

  return async (incoming) => {
    const { body, installation, team, delivery } = incoming;
    const who = { tenant: installation.tenant, team, user: body.user.id };
    const where = whereIs(body);
    const button = decodeButton(body.actions[0]);
    if (button && where && showsPanel(button)) {
      const { locale } = await people.of(who, { withinMs: localeWithinMs });
      return await showPanel(incoming, { button, place: placeIn({ ...who, locale }, where) });
    }
    if (!(await delivery.accept())) return;
    const person = await people.of(who);
    const { locale } = person;

    const work = async (): Promise<PanelAnswer> => {
      try {
        if (!button) throw new GramzoomError('not-found', {});
        const channel = where ?? { channel: await openDirectChannel(tenants, who) };
        const place = placeIn({ ...who, locale }, channel);
        return await press(deps, { button, place, person, event: `action:${delivery.id}` });
      } catch (thrown) {
        if (isStopping(thrown)) throw thrown;
        // The process before has done it, and died before it could note that.
        if (delivery.isReplay && doneAlready.includes(toGramzoomError(thrown).code)) return { says: null };
        return { says: answers.problem(thrown, wordsFor(locale)) };
      }
    };

    const answer = await work();
    const says = 'says' in answer ? (answer.says ?? null) : null;
    if (!where) {
      await home.publish(who, { notice: typeof says === 'string' ? says : (says?.text ?? null) });
    } else if (says !== null) {
      // What was asked has been answered.
      const replaces = button !== undefined && isConfirming(button);
      const { response_url: responseUrl } = body;
      await answers.replyEphemeral(placeIn({ ...who, locale }, where), says, { responseUrl, replaces });
    }
  };
};
