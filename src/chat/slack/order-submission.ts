import { commands } from '../../../commands/index.ts';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { kinds } from '../../domain/kinds.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { ViewRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { mostFormBytes } from './open-form.ts';
import { type FormValues, fieldsShown, optionBlockId, photoField } from './order-form.ts';
import { decodeMetadata, type OrderMetadata } from './order-metadata.ts';
import { photoIn, valuesIn } from './order-values.ts';
import { attachmentOf, type SlackPhoto } from './photos.ts';
import { encodePlace, originOf, personId, type SlackPlace } from './place.ts';
import { createReachChannel, placeReached } from './reach-channel.ts';
import { replyWith } from './reply-with.ts';
import { slackWords } from './words.ts';

/** Of the 3 s that Slack gives, so much may go for asking whether the bot is in the channel. */
const reachWithinMs = 1_200;
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

type Order = { readonly metadata: OrderMetadata; readonly values: FormValues; readonly photo: SlackPhoto };

/** The form for a render is sent: whatever is wrong with it is told in it, so that nothing is lost. */
export const createOrderSubmission = (deps: HandlerDeps): Handler<ViewRequest> => {
  const { renders, answers, maxPhotoBytes } = deps;
  const reachChannel = createReachChannel(deps);

  const submit = async (
    { metadata, values, photo }: Order,
    { place, event }: { readonly place: SlackPlace; readonly event: string },
  ): Promise<void> => {
    const { kind, message } = metadata;
    const author = message?.author ?? null;
    await commands[kinds[kind].command].run(values, {
      renders,
      actor: originOf(place),
      attachment: attachmentOf(photo, place.tenant),
      ...(author !== null && {
        photoOwner: { ...originOf(place), user: personId({ team: place.team, user: author }) },
      }),
      replyTarget: encodePlace(place),
      event,
      answersFirst: true,
    });
  };

  return async ({ body: { view }, delivery }) => {
    const metadata = decodeMetadata(view.private_metadata);
    const { place, kind, responseUrl } = metadata;
    const words = wordsFor(place.locale);
    const own = slackWords(words);

    const problems = new Map<string, string>();
    const note = (error: unknown): void => {
      const block = blockOf(error, metadata);
      if (!problems.has(block)) problems.set(block, answers.problem(error, words));
    };
    const values = valuesIn(view, kind);
    const maxBytes = metadata.message ? maxPhotoBytes : Math.min(mostFormBytes, maxPhotoBytes);
    let photo: SlackPhoto | null = null;
    try {
      photo = photoIn(view, metadata, { maxBytes });
    } catch (error) {
      note(error);
    }
    const { isReplay } = delivery;
    const [reached] = await Promise.all([
      reachChannel(place, { withinMs: isReplay ? replayWithinMs : reachWithinMs }),
      // What was accepted has been checked.
      isReplay ? null : renders.admit(originOf(place), { ...values, kind }).catch(note),
    ]);
    if (reached.is === 'uninvited') problems.set(blockOf(null, metadata), own.inviteMe);

    if (!isReplay && problems.size > 0) {
      await delivery.refuse({ response_action: 'errors', errors: Object.fromEntries(problems) });
      return;
    }
    if (!(await delivery.accept({ response_action: 'clear' }))) return;
    await replyWith(answers, place, {
      responseUrl,
      work: async () => {
        const [problem] = problems.values();
        if (!photo || problem !== undefined) return problem ?? null;
        const at = placeReached(place, reached);
        await submit({ metadata, values, photo }, { place: at, event: `view:${view.id}` });
        return at === place ? null : own.answersDirectly;
      },
    });
  };
};
