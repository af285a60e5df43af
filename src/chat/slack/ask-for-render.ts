import { readContestOption } from '../../../commands/contest-option.ts';
import { commands } from '../../../commands/index.ts';
import { type KindName, kinds } from '../../domain/kinds.ts';
import { contestContext } from './contest-person.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { attachmentOf } from './photos.ts';
import { encodePlace, originOf, personId, type SlackPhoto, type SlackPlace } from './place.ts';

/** What somebody asks for, of which photo. */
export type Order = {
  readonly kind: KindName;
  /** Raw values by field. */
  readonly options: unknown;
  readonly photo: SlackPhoto;
  /** The person who wrote the message that the photo is in; null where that is whoever asks, or not known. */
  readonly author: string | null;
};

/**
 * Asks for a render, which answers for itself from then on.
 * @returns what is said besides, to whoever asked alone: how it was entered into a contest
 * @param options.event see `NewJob.event`
 * @throws GramzoomError see `Renders.submit`
 */
export const askForRender = async (
  { renders, people }: Pick<HandlerDeps, 'renders' | 'people'>,
  { kind, options, photo, author }: Order,
  { place, event }: { readonly place: SlackPlace; readonly event: string },
): Promise<PanelAnswer> => {
  const actor = originOf(place);
  const { isEntered } = readContestOption(Object(options ?? {}) as object);
  const { entered } = await commands[kinds[kind].command].run(options, {
    ...(isEntered && contestContext(await people.of(place), place)),
    ...{ renders, actor, attachment: attachmentOf(photo, place.tenant), replyTarget: encodePlace(place) },
    ...(author !== null && {
      photoOwner: { ...actor, user: personId({ team: place.team, user: author }) },
    }),
    ...{ event, answersFirst: true },
  });
  return entered ? { view: entered } : { says: null };
};
