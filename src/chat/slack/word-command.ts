import { commands } from '../../../commands/index.ts';
import { isContestCommand } from '../../domain/command-name.ts';
import { wordsFor } from '../../messages/languages.ts';
import { answerText } from '../shared/answer-text.ts';
import { confirmingButton } from './button-id.ts';
import { contestContext } from './contest-person.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { encodePlace, originOf, type SlackPlace } from './place.ts';
import type { WordCommand } from './typed-words.ts';
import { slackNotation, slackWords } from './words.ts';

/**
 * Does what a command says that takes no photo.
 * @param options.event see `NewJob.event`
 * @returns what is answered to whoever asked
 * @throws GramzoomError those of the command
 */
export const runWordCommand = async (
  { renders, people, clock }: Pick<HandlerDeps, 'renders' | 'people' | 'clock'>,
  { name, options }: { readonly name: WordCommand; readonly options: unknown },
  { place, event }: { readonly place: SlackPlace; readonly event: string },
): Promise<PanelAnswer> => {
  const words = wordsFor(place.locale);
  // Asked for nothing else: it takes a while where Slack is slow.
  const asksWho = name === 'cancel' || isContestCommand(name);
  const answer = await commands[name].run(options, {
    ...{ renders, actor: originOf(place), attachment: null, replyTarget: encodePlace(place), event },
    ...(asksWho && contestContext(await people.of(place), place)),
  });
  if (answer.kind === 'contest') return answer;
  const text = answerText(answer, words, {
    ...slackNotation(words, clock.wallTime()),
    start: slackWords(words).start(words),
  });
  if (text === null || answer.kind !== 'forget' || answer.isConfirmed) return { says: text };
  const { action_id: actionId, value } = confirmingButton('everything');
  return { says: { text, button: { label: words.erasure.confirm, actionId, value } } };
};
