import { defaultKind } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import { createHintLimit } from '../shared/hint-limit.ts';
import { createSeenEvents } from '../shared/seen-events.ts';
import { askForRender, type Order } from './ask-for-render.ts';
import type { MentionEvent, MessageEvent } from './events.ts';
import { createFindPhotos, type FoundPhotos } from './find-photos.ts';
import type { Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { photosAt } from './photo-choice.ts';
import { notAPhoto } from './photos.ts';
import { placeIn, type SlackPlace } from './place.ts';
import { replyWith } from './reply-with.ts';
import { isStopping } from './stopping.ts';
import { readTypedWords, type TypedWords } from './typed-words.ts';
import { runWordCommand } from './word-command.ts';
import { slackWords } from './words.ts';

/** The language is not worth more; the event has been acknowledged. */
const localeWithinMs = 2_000;

/** People, groups and channels that are named. */
const named = /<[@#!][^>]*>/g;
/** Slack makes links of addresses and telephone numbers: `<mailto:ann@example.org|ann@example.org>`. */
const labelled = /<[^|>]*\|([^>]*)>/g;
const links = /<[^>]*>/g;
/** Emojis are words between colons; at the end of another word they are no value of an option. */
const emojis = /(?::[\p{Ll}\p{N}_+'-]+:)+(?=[\s,;.!?)]|$)/gu;

/** What somebody wrote, as they wrote it, but for names, links and emojis. */
const wordsIn = (text: string): string =>
  text
    .replaceAll(named, ' ')
    .replaceAll(labelled, '$1')
    .replaceAll(links, ' ')
    .replaceAll(emojis, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();

type Options = Pick<Order, 'kind' | 'options'>;

/** Somebody wrote something to the bot. */
type Said = {
  readonly event: MentionEvent;
  readonly place: SlackPlace;
  readonly words: ChatWords;
  readonly typed: TypedWords;
};

/** Messages that name the bot, and direct messages to it: with a photo they ask for a render. */
export const createMentions = (deps: HandlerDeps) => {
  const { people } = deps;
  const mayHint = createHintLimit(deps.clock);
  // Slack tells of some messages twice, by different events; the store knows those that led to a render.
  const { isNew } = createSeenEvents();
  const findPhotos = createFindPhotos(deps);

  const placeOf = async ({ body, installation: { tenant }, team }: Incoming<MentionEvent>, user: string) => {
    const { channel, thread_ts: thread } = body;
    const { locale } = await people.of({ tenant, team, user }, { withinMs: localeWithinMs });
    return placeIn({ tenant, team, user, locale }, { channel, thread });
  };

  const render = async (
    { event: { channel, ts }, place, words, typed }: Said,
    { photos, author, other }: FoundPhotos,
  ): Promise<PanelAnswer> => {
    const [photo] = photos;
    const id = `message:${channel}:${ts}`;
    if (!photo) {
      if (other) throw notAPhoto(other);
      return { says: mayHint(channel) ? slackWords(words).photoWanted : null };
    }
    if (!isNew(id)) return { says: null };
    const order: Options = typed.is === 'order' ? typed : { kind: defaultKind, options: {} };
    return await askForRender(
      deps,
      { ...order, photo, author },
      { place: { ...place, ...photosAt(photos, 1) }, event: id },
    );
  };

  const answer = async (said: Said): Promise<PanelAnswer> => {
    const { event, place, words, typed } = said;
    const { isDirect, thread } = place;
    if (event.files.length === 0) {
      if (typed.is === 'command') {
        const event = `message:${said.event.channel}:${said.event.ts}`;
        return await runWordCommand(deps, typed, { place, event });
      }
      const asksAgain = thread !== null && typed.is === 'order';
      // Of a direct message Slack tells all, and it may be talk.
      if (isDirect && !asksAgain) {
        const isHintWanted = thread === null || mayHint(event.channel);
        return { says: isHintWanted ? slackWords(words).start(words) : null };
      }
    }
    return await render(said, await findPhotos(event, place));
  };

  const take = async (incoming: Incoming<MentionEvent>): Promise<void> => {
    const { body: event } = incoming;
    if (event.user === undefined) return;
    const place = await placeOf(incoming, event.user);
    await replyWith(deps, place, {
      work: async () => {
        try {
          const typed = readTypedWords(wordsIn(event.text), { isTalk: true });
          return await answer({ event, place, words: wordsFor(place.locale), typed });
        } catch (error) {
          // What was wrong has been told with the other event of the same message.
          if (!isStopping(error) && !isNew(`problem:${event.channel}:${event.ts}`)) return { says: null };
          throw error;
        }
      },
    });
  };

  return {
    mention: take satisfies Handler<MentionEvent>,
    message: take satisfies Handler<MessageEvent>,
  };
};
