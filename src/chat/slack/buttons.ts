import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
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
import { openDirectChannel } from './direct-channel.ts';
import type { PressRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { encodePlace, originOf, placeIn, type SlackPlace } from './place.ts';
import { isStopping } from './reply-with.ts';

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
  readonly isModerator: boolean;
  /** The same however often a process begins with it. */
  readonly event: string;
};

/** Does what a button says, and gives what is said to whoever pressed it; null where a render answers. */
const press = async (
  { renders }: Pick<HandlerDeps, 'renders'>,
  { button, place, isModerator, event }: Press,
  words: ChatWords,
): Promise<string | Reply | null> => {
  const { action, subject } = button;
  const actor = originOf(place);
  if (action === 'forget') return words.erasure.everythingDone(await renders.erase('everything', actor));
  const pressed = await renders.press({
    ...{ actor, isModerator, subject, action, event },
    replyTarget: encodePlace(place),
    isConfirmed: isConfirming(button),
  });
  const answer = pressedAnswer(pressed, words);
  if (!answer?.asksAbout) return answer?.text ?? null;
  return { text: answer.text, button: confirming(confirmingButton({ photoOf: answer.asksAbout }), words) };
};

/**
 * Buttons under messages of the bot, however old, and in the App Home. A render that begins with one is answered where
 * the button is; one that begins in the App Home, in the conversation with the bot.
 */
export const createButtons = ({
  home,
  ...deps
}: Pick<HandlerDeps, 'renders' | 'tenants' | 'people' | 'answers'> & {
  readonly home: Pick<AppHome, 'publish'>;
}): Handler<PressRequest> => {
  const { tenants, people, answers } = deps;

  return async ({ body, installation, team, delivery }) => {
    if (!(await delivery.accept())) return;
    const who = { tenant: installation.tenant, team, user: body.user.id };
    const { locale, isAdmin } = await people.of(who);
    const words = wordsFor(locale);
    const where = whereIs(body);
    const button = decodeButton(body.actions[0]);

    const work = async (): Promise<string | Reply | null> => {
      try {
        if (!button) throw new GramzoomError('not-found', {});
        const place = placeIn(
          { ...who, locale },
          where ?? { channel: await openDirectChannel(tenants, who) },
        );
        const event = `action:${delivery.id}`;
        return await press(deps, { button, place, isModerator: isAdmin, event }, words);
      } catch (thrown) {
        if (isStopping(thrown)) throw thrown;
        // The process before has done it, and died before it could note that.
        if (delivery.isReplay && doneAlready.includes(toGramzoomError(thrown).code)) return null;
        return answers.problem(thrown, words);
      }
    };

    const answer = await work();
    if (!where) {
      await home.publish(who, { notice: typeof answer === 'string' ? answer : (answer?.text ?? null) });
    } else if (answer !== null) {
      // What was asked has been answered.
      const replaces = button !== undefined && isConfirming(button);
      const { response_url: responseUrl } = body;
      await answers.replyEphemeral(placeIn({ ...who, locale }, where), answer, { responseUrl, replaces });
    }
  };
};
