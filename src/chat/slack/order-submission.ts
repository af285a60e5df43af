import { readContestOption } from '../../../commands/contest-option.ts';
import { within } from '../../concurrency/within.ts';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import { askForRender } from './ask-for-render.ts';
import { contestActor } from './contest-person.ts';
import type { Delivery } from './delivery.ts';
import type { ViewRequest, ViewState } from './events.ts';
import { type FormValues, optionBlockId } from './form-fields.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { mostFormBytes } from './open-form.ts';
import { fieldsShown, photoField } from './order-form.ts';
import { decodeMetadata, type OrderMetadata, toldAt } from './order-metadata.ts';
import { photoIn, valuesIn } from './order-values.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { originOf, type SlackPhoto, type SlackPlace } from './place.ts';
import { createReachChannel, placeReached, type Reached } from './reach-channel.ts';
import { replyWith } from './reply-with.ts';
import { slackWords } from './words.ts';

/** Of the 3 s that Slack gives, so much may go for finding out what is wrong. */
const checkWithinMs = 1_200;
/** Nobody waits for it any more. */
const replayWithinMs = 10_000;

/** The option that an error is about; null where it is about none. */
const optionOf = (error: unknown): string | null => {
  const { code, data } = toFailure(toGramzoomError(error));
  switch (code) {
    case 'request-field':
    case 'request-fields':
      return data.field;
    case 'too-much-work':
      return 'size';
    case 'network-unknown':
    case 'network-fetching':
    case 'network-not-here':
      return 'network';
    case 'depth-not-offered':
      return 'depth';
    case 'contest-fixed':
      return data.field;
    case 'contest-none':
    case 'contest-phase':
    case 'contest-not-eligible':
    case 'contest-entries':
      return 'contest';
    default:
      return null;
  }
};

/** The block under which Slack shows an error: that of its option, else the first that is a field. */
const blockOf = (error: unknown, metadata: OrderMetadata): string => {
  const shown = fieldsShown(metadata).map(({ name }) => name);
  const option = optionOf(error);
  if (option !== null && shown.includes(option)) return optionBlockId(option);
  const { message } = metadata;
  const hasPhotoField = message === null || message.photos.length > 1;
  return hasPhotoField || !shown[0] ? photoField : optionBlockId(shown[0]);
};

/** A form as it was sent. */
type Sent = {
  readonly metadata: OrderMetadata;
  readonly values: FormValues;
  readonly photo: SlackPhoto | null;
  readonly reached: Reached;
  /** Sentences by the block that they stand under. */
  readonly problems: ReadonlyMap<string, string>;
};

/** The form for a render is sent: whatever is wrong with it is told in it, so that nothing is lost. */
export const createOrderSubmission = (deps: HandlerDeps): Handler<ViewRequest> => {
  const { renders, people, answers, maxPhotoBytes, clock } = deps;
  const reachChannel = createReachChannel(deps);

  /** @throws GramzoomError those of `Renders.admit`, and of `Contests.admit` where it is for the contest */
  const admit = async (place: SlackPlace, options: FormValues): Promise<void> => {
    const { isEntered, request } = readContestOption(options);
    await renders.admit(originOf(place), request);
    if (isEntered) await renders.contests.admit(request, contestActor(await people.of(place), place));
  };

  /** Looks at everything that can be wrong, as far as there is time for it. */
  const check = async (view: ViewState, { isReplay }: Pick<Delivery, 'isReplay'>): Promise<Sent> => {
    const metadata = decodeMetadata(view.private_metadata);
    const { place, kind, message } = metadata;
    const words = wordsFor(place.locale);
    const problems = new Map<string, string>();
    const note = (error: unknown): null => {
      const block = blockOf(error, metadata);
      if (!problems.has(block)) problems.set(block, answers.problem(error, words));
      return null;
    };
    const values = valuesIn(view, kind);
    const maxBytes = message ? maxPhotoBytes : Math.min(mostFormBytes, maxPhotoBytes);
    const readPhoto = async (): Promise<SlackPhoto> => photoIn(view, metadata, { maxBytes });
    const [photo, reached] = await Promise.all([
      readPhoto().catch(note),
      reachChannel(place, { withinMs: isReplay ? replayWithinMs : checkWithinMs }),
      // What was accepted has been checked, and will be once more.
      isReplay ||
        within(admit(place, { ...values, kind }).catch(note), {
          ...{ clock, ms: checkWithinMs, otherwise: null },
        }),
    ]);
    if (reached.is === 'uninvited') problems.set(blockOf(null, metadata), slackWords(words).inviteMe);
    return { metadata, values, photo, reached, problems };
  };

  /** @returns what is said to whoever sent it, where the render does not answer alone */
  const ask = async (
    { metadata, values: options, photo, reached, problems }: Sent,
    event: string,
  ): Promise<PanelAnswer> => {
    const [problem = null] = problems.values();
    if (problem !== null || !photo) return { says: problem };
    const { kind, message, place: asked } = metadata;
    const place = placeReached(asked, reached);
    const order = { kind, options, photo, author: message?.author ?? null };
    const answer = await askForRender(deps, order, { place, event });
    if ('view' in answer || place === asked) return answer;
    return { says: slackWords(wordsFor(place.locale)).answersDirectly };
  };

  return async ({ body: { view }, delivery }) => {
    const sent = await check(view, delivery);
    const { metadata, problems } = sent;
    if (problems.size > 0) {
      // Of what was accepted by an earlier process nobody has the form any more, and this does nothing.
      await delivery.refuse({ response_action: 'errors', errors: Object.fromEntries(problems) });
      if (!delivery.isReplay) return;
    }
    if (!(await delivery.accept({ response_action: 'clear' }))) return;
    const { responseUrl } = metadata;
    await replyWith(deps, toldAt(metadata), { work: () => ask(sent, `view:${view.id}`), responseUrl });
  };
};
