import type { ModalView } from '@slack/types';
import { commands } from '../../../commands/index.ts';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import { contestForm } from './contest-form.ts';
import { contestActor, contestContext } from './contest-person.ts';
import { startContest } from './contest-submission.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { answerWithPanel, type PanelAnswer, type PanelRequest } from './panel-answers.ts';
import { encodePlace, originOf, type SlackPlace } from './place.ts';
import { isStopping } from './stopping.ts';
import type { TypedContest } from './typed-contest.ts';
import { slackWords } from './words.ts';

/** It has been accepted: nobody sees how long it takes. */
const reachWithinMs = 10_000;

/** Nothing that could be filled in would help. */
const isHopeless = (error: unknown): boolean => {
  const { code } = toGramzoomError(error);
  return code === 'contest-right' || code === 'contest-running';
};

/**
 * Does what was typed about contests. What it answers is shown in a form: a panel, or where somebody wants to start a
 * contest and has not said how, or not rightly, the form for that.
 * @throws GramzoomError `stopping`
 */
export const answerContestCommand = async (
  deps: HandlerDeps,
  { name, options, isNamed }: TypedContest,
  request: PanelRequest,
): Promise<void> => {
  const { renders, people, answers } = deps;
  const { place, delivery } = request;
  const event = `command:${delivery.id}`;

  const form = async (problem: string | null = null): Promise<ModalView> => {
    const words = wordsFor(place.locale);
    return contestForm({ place }, { words, networks: await renders.networks(), values: options, problem });
  };

  const start = async (): Promise<PanelAnswer> => {
    if (place.isDirect) return { says: slackWords(wordsFor(place.locale)).contestInChannel };
    if (Object.keys(options).length === 0) {
      await renders.contests.requireStart(contestActor(await people.of(place), place));
      return { form: await form() };
    }
    try {
      const started = await startContest(deps, options, { place, event, withinMs: reachWithinMs });
      return 'view' in started ? started : { says: started.reason };
    } catch (error) {
      if (isStopping(error) || isHopeless(error)) throw error;
      const problem = answers.problem(error, wordsFor(place.locale));
      return { form: await form(problem), says: problem };
    }
  };

  const run = async (at: SlackPlace): Promise<PanelAnswer> => {
    const person = await people.of(at);
    try {
      return await commands[name].run(options, {
        ...{ renders, actor: originOf(at), attachment: null, replyTarget: encodePlace(at), event },
        ...contestContext(person, at),
      });
    } catch (error) {
      const isNone = toFailure(toGramzoomError(error)).code === 'contest-none';
      // Without a word it is for whoever may start one the way to do so.
      if (isNone && !isNamed && person.isAdmin) return { form: await form() };
      throw error;
    }
  };

  await answerWithPanel(deps, request, () => (name === 'contest start' ? start() : run(place)));
};
