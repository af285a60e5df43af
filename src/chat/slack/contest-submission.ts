import { commands } from '../../../commands/index.ts';
import { within } from '../../concurrency/within.ts';
import type { ContestView } from '../../domain/contest/view.ts';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import { contestFormFields } from './contest-form.ts';
import { contestContext } from './contest-person.ts';
import type { ViewRequest } from './events.ts';
import { type FormValues, optionBlockId } from './form-fields.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { valuesOf } from './order-values.ts';
import { panelOf } from './panel-of.ts';
import { decodePanelMetadata, waitingView } from './panel-view.ts';
import { encodePlace, originOf, type SlackPlace } from './place.ts';
import { asPlainText } from './plain-text.ts';
import { createReachChannel } from './reach-channel.ts';
import { isStopping } from './stopping.ts';
import { slackWords } from './words.ts';

/** Of the 3 s that Slack gives. */
const [reachedWithinMs, startedWithinMs] = [1_000, 1_200];

/** The block under which Slack shows what is wrong: that of its option, else the first. */
const blockOf = (error: unknown): string => {
  const { data } = toFailure(toGramzoomError(error));
  const shown = contestFormFields.map(({ name }) => name);
  const field = 'field' in data && typeof data.field === 'string' ? data.field : undefined;
  return optionBlockId(shown.find((name) => name === field) ?? shown[0] ?? '');
};

type Started = { readonly view: ContestView } | { readonly errors: Readonly<Record<string, string>> };

/**
 * Starts a contest in a channel, which the bot joins for that.
 * @param options.event see `NewContest.event`
 * @returns null where nothing can be announced there: `reason` says why
 * @throws GramzoomError those of `Contests.start`
 */
export const startContest = async (
  deps: Pick<HandlerDeps, 'renders' | 'tenants' | 'people' | 'clock'>,
  values: FormValues,
  {
    place,
    event,
    withinMs,
  }: { readonly place: SlackPlace; readonly event: string; readonly withinMs: number },
): Promise<{ readonly view: ContestView } | { readonly reason: string }> => {
  const { contestInChannel, inviteMe } = slackWords(wordsFor(place.locale));
  if (place.isDirect) return { reason: contestInChannel };
  const reached = await createReachChannel(deps)(place, { withinMs });
  if (reached.is !== 'there') return { reason: reached.is === 'direct' ? contestInChannel : inviteMe };
  const person = await deps.people.of(place);
  return await commands['contest start'].run(values, {
    renders: deps.renders,
    ...{ actor: originOf(place), attachment: null, replyTarget: encodePlace(place), event },
    ...contestContext(person, place),
  });
};

/** The form of a contest is sent: what is wrong is told under its field, so that nothing is lost. */
export const createContestSubmission = (deps: HandlerDeps): Handler<ViewRequest> => {
  const { answers, panels, clock } = deps;

  const start = async (values: FormValues, place: SlackPlace, event: string): Promise<Started> => {
    const words = wordsFor(place.locale);
    try {
      const started = await startContest(deps, values, { place, event, withinMs: reachedWithinMs });
      return 'view' in started ? started : { errors: { [blockOf(null)]: started.reason } };
    } catch (error) {
      if (isStopping(error)) throw error;
      return { errors: { [blockOf(error)]: asPlainText(answers.problem(error, words)) } };
    }
  };

  return async ({ body: { view, user, trigger_id: triggerId = '' }, delivery }) => {
    const { place: asked } = decodePanelMetadata(view.private_metadata);
    const place = { ...asked, user: user.id };
    const words = wordsFor(place.locale);
    // Once it is started it is durable, and the same form sent again after a crash starts no other one.
    const starting = start(valuesOf(view, contestFormFields), place, `view:${view.id}`);
    const started = await within<Started | null>(starting, { clock, ms: startedWithinMs, otherwise: null });
    if (started && 'errors' in started) {
      await delivery.refuse({ response_action: 'errors', errors: started.errors });
      if (!delivery.isReplay) return;
    }
    const update = { response_action: 'update', view: waitingView({ words, metadata: { place } }) };
    if (!(await delivery.accept(update))) return;
    const done = await starting;
    const at = { view: view.id };
    if ('view' in done) {
      const panel = panelOf(done.view, { words, now: clock.wallTime() });
      if (!(await panels.show(at, place, panel))) await panels.show({ replaces: false }, place, panel);
    } else {
      const text = Object.values(done.errors).join(' ');
      await panels.say(at, place, { text, triggerId });
    }
  };
};
