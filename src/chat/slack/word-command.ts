import { commands } from '../../../commands/index.ts';
import { wordsFor } from '../../messages/languages.ts';
import { answerText } from '../shared/answer-text.ts';
import type { Reply } from './answers.ts';
import { confirmingButton } from './button-id.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { encodePlace, originOf, type SlackPlace } from './place.ts';
import type { WordCommand } from './typed-words.ts';
import { slackNotation, slackWords } from './words.ts';

/**
 * Does what a command says that takes no photo.
 * @param options.event see `NewJob.event`
 * @returns what is answered to whoever asked; null where a render answers
 * @throws GramzoomError those of the command
 */
export const runWordCommand = async (
  { renders, people, clock }: Pick<HandlerDeps, 'renders' | 'people' | 'clock'>,
  { name, options }: { readonly name: WordCommand; readonly options: unknown },
  { place, event }: { readonly place: SlackPlace; readonly event: string },
): Promise<string | Reply | null> => {
  const words = wordsFor(place.locale);
  const answer = await commands[name].run(options, {
    renders,
    actor: originOf(place),
    // Asked for nothing else: it takes a while where Slack is slow.
    isModerator: name === 'cancel' && (await people.of(place)).isAdmin,
    attachment: null,
    replyTarget: encodePlace(place),
    event,
  });
  const text = answerText(answer, words, {
    ...slackNotation(words, clock.wallTime()),
    start: slackWords(words).start(words),
  });
  if (text === null || answer.kind !== 'forget' || answer.isConfirmed) return text;
  const { action_id: actionId, value } = confirmingButton('everything');
  return { text, button: { label: words.erasure.confirm, actionId, value } };
};
