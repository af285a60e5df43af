import { readContestOption } from '../../../commands/contest-option.ts';
import { contestWord, isContestCommand } from '../../domain/command-name.ts';
import { defaultKind, kindNames, kindOf, kinds } from '../../domain/kinds.ts';
import { wordsFor } from '../../messages/languages.ts';
import { oneLine } from '../shared/cut-text.ts';
import { answerContestCommand } from './contest-command.ts';
import type { SlashCommandRequest } from './events.ts';
import type { Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createOrderForm, localeWithinMs, openView } from './open-form.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { placeIn, type SlackPlace } from './place.ts';
import { asText } from './plain-text.ts';
import { createReachChannel, placeReached } from './reach-channel.ts';
import { replyWith } from './reply-with.ts';
import { isStopping } from './stopping.ts';
import { knownWords, readTypedWords, type TypedWords } from './typed-words.ts';
import { runWordCommand } from './word-command.ts';
import { slackWords } from './words.ts';

/** It has been accepted: nobody sees how long it takes. */
const reachWithinMs = 10_000;
const longestQuote = 40;

type Asked<Is extends TypedWords['is']> = Incoming<SlashCommandRequest> & {
  readonly place: SlackPlace;
  readonly typed: Extract<TypedWords, { is: Is }>;
};

/** `/gramzoom`, and one like it for each kind of render: a form, or what the words after it say. */
export const createSlashCommand = (deps: HandlerDeps): Handler<SlashCommandRequest> => {
  const { people, answers } = deps;
  const form = createOrderForm(deps);
  const reachChannel = createReachChannel(deps);

  const placeOf = async ({ body, installation: { tenant }, team }: Incoming<SlashCommandRequest>) => {
    const { user_id: user, channel_id: channel } = body;
    const { locale } = await people.of({ tenant, team, user }, { withinMs: localeWithinMs });
    return placeIn({ tenant, team, user, locale }, { channel });
  };

  const openForm = async ({ body, delivery, place, typed }: Asked<'order'>): Promise<void> => {
    const responseUrl = body.response_url;
    const { kind, options: values } = typed;
    kindOf({ kind }).parse(readContestOption(values).request);
    const view = await form(
      { place, kind, isWhole: false, message: null, ...(responseUrl !== undefined && { responseUrl }) },
      { values },
    );
    await openView(deps, view, { place, triggerId: body.trigger_id, responseUrl, delivery });
  };

  const runCommand = async ({ body, delivery, place, typed }: Asked<'command'>): Promise<void> => {
    const { name, options } = typed;
    if (isContestCommand(name)) {
      const { trigger_id: triggerId, response_url: responseUrl } = body;
      const request = { place, triggerId, responseUrl, delivery };
      return await answerContestCommand(deps, { name, options, isNamed: body.text.trim() !== '' }, request);
    }
    if (!(await delivery.accept())) return;
    const event = `command:${delivery.id}`;
    const work = async (): Promise<PanelAnswer> => {
      // Of all these commands one is answered for everybody to see.
      const reached =
        typed.name === 'reroll' ? await reachChannel(place, { withinMs: reachWithinMs }) : undefined;
      const own = slackWords(wordsFor(place.locale));
      if (reached?.is === 'uninvited') return { says: own.inviteMe };
      const at = reached ? placeReached(place, reached) : place;
      const answer = await runWordCommand(deps, typed, { place: at, event });
      const isSilent = 'says' in answer && answer.says === null;
      return isSilent && at !== place ? { says: own.answersDirectly } : answer;
    };
    await replyWith(deps, place, { work, responseUrl: body.response_url });
  };

  return async (incoming) => {
    const { body, delivery } = incoming;
    const place = await placeOf(incoming);
    const words = wordsFor(place.locale);
    const refuse = (text: string): Promise<void> =>
      delivery.refuse({ response_type: 'ephemeral', text: asText(text) });
    try {
      const usual = kindNames.find((kind) => `/${kinds[kind].command}` === body.command) ?? defaultKind;
      const text = body.command === `/${contestWord}` ? `${contestWord} ${body.text}` : body.text;
      const typed = readTypedWords(text, { usual });
      if (typed.is === 'command') await runCommand({ ...incoming, place, typed });
      else if (typed.is === 'order') await openForm({ ...incoming, place, typed });
      else
        await refuse(
          slackWords(words).unknownWords({
            typed: oneLine(body.text, longestQuote),
            known: knownWords(words),
          }),
        );
    } catch (error) {
      if (isStopping(error)) throw error;
      await refuse(answers.problem(error, words));
    }
  };
};
