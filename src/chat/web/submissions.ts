import { readContestOption } from '../../../commands/contest-option.ts';
import type { JobView, Pressed, Renders } from '../../app/renders.ts';
import type { ContestView } from '../../domain/contest/view.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId, JobId, Origin } from '../../domain/job.ts';
import { kinds, parseRequest } from '../../domain/kinds.ts';
import { actionTraits, type MessageAction } from '../../domain/message.ts';
import type { Subject } from '../../domain/subject.ts';
import { webPage } from '../../messages/page-words.ts';
import type { PersonMessage } from '../../ports/room-log.ts';
import { contestActor } from './contest-person.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { Previews } from './previews.ts';
import type { Form, RawOptions } from './read-form.ts';
import { replyIn } from './room-ref.ts';

/** A command as a person would have typed it. */
const commandText = (name: string, options: RawOptions): string =>
  [`/${name}`, ...Object.entries(options).map(([field, value]) => `${field}:${value}`)].join(' ');

const withoutKind = ({ kind: _, ...options }: RawOptions): RawOptions => options;

export type Submissions = {
  readonly renders: () => Renders;
  /** Lets a person say something, then does what it asks for; words that led to an error are taken back. */
  say<T>(
    origin: Origin,
    words: Pick<PersonMessage, 'text'> & Partial<Pick<PersonMessage, 'photo' | 'preview'>>,
    act: (renders: Renders) => Promise<T>,
  ): Promise<T>;
  /**
   * @param order.text what is shown with the photo; the command itself where it is left out or empty
   * @returns `entered`: into the contest, where `contest: on` is among the options; null otherwise
   * @throws GramzoomError see `Renders.submit`, `photo-needed`, `Contests.admit`
   */
  render(
    origin: Origin,
    order: { readonly photo: Form['photo']; readonly options: RawOptions; readonly text?: string },
  ): Promise<{ readonly render: JobView; readonly entered: ContestView | null }>;
  /** @throws GramzoomError see `Renders.reroll` and `Renders.enlarge` */
  again(origin: Origin, action: 'reroll' | 'larger', parent: JobId): Promise<JobView>;
  /** Somebody pressed a button of the page. @throws GramzoomError see `Renders.press` */
  press(
    origin: Origin,
    button: { readonly subject: Subject; readonly action: MessageAction },
  ): Promise<Pressed>;
};

/** What page and interface do alike: the person's words appear in the room, and the bot's answer under them. */
export const createSubmissions = ({
  renders,
  rooms,
  previews,
}: {
  readonly renders: () => Renders;
  readonly rooms: LiveRooms;
  readonly previews: Pick<Previews, 'store'>;
}): Submissions => {
  const say: Submissions['say'] = async (origin, words, act) => {
    const said = { kind: 'person', name: origin.user, photo: null, preview: null, ...words } as const;
    const message = await rooms.append({ room: origin.server, thread: null, said, key: null });
    try {
      return await act(renders());
    } catch (error) {
      await rooms.remove(message.id);
      throw error;
    }
  };

  const again: Submissions['again'] = async (origin, action, parent) => {
    if (!(await renders().view(parent))) throw new GramzoomError('not-found', {});
    const method = action === 'reroll' ? 'reroll' : 'enlarge';
    const text = action === 'reroll' ? commandText('reroll', { render: parent }) : webPage.larger(parent);
    return say(origin, { text }, (now) =>
      now[method](parent, { actor: origin, replyTarget: replyIn(origin.server) }),
    );
  };

  return {
    renders,
    say,
    async render(origin, { photo, options: given, text }) {
      const { isEntered, request: options } = readContestOption(given);
      // Before anything is stored: most wrong requests are wrong here.
      const { kind } = parseRequest(options);
      if (!photo) throw new GramzoomError('photo-needed', {});
      if (photo.bytes.length === 0) throw new GramzoomError('photo-empty', {});
      const words = text || commandText(kinds[kind].command, withoutKind(options));
      const { bytes } = photo;
      const by = contestActor(origin);
      if (isEntered) await renders().contests.admit(options, by);
      const use = async (blob: BlobId): Promise<JobView> => {
        // Before anything is said: what cannot be opened is refused as if it had not been sent.
        const preview = await previews.store(bytes);
        return say(origin, { text: words, photo: blob, preview }, (now) =>
          now.submit({
            origin,
            options,
            attachment: { platform: 'web', ref: blob, name: photo.name },
            replyTarget: replyIn(origin.server),
            ...(isEntered && { entrant: by }),
          }),
        );
      };
      const render = await renders().keepPhoto(bytes, { origin, options, use });
      return { render, entered: isEntered ? await renders().contests.enter(render.id, by) : null };
    },
    again,
    async press(origin, { subject, action }) {
      if (action === 'reroll' || action === 'larger') {
        return { kind: 'queued', render: await again(origin, action, subject.id as JobId) };
      }
      // The page asks itself whether it is meant.
      const { showsPanel = false } = actionTraits[action];
      // Everybody keeps order in a contest; what is made of photos is of whoever asked for it.
      const by = showsPanel ? contestActor(origin) : { actor: origin, replyTarget: replyIn(origin.server) };
      return await renders().press({ ...by, subject, action, isConfirmed: true });
    },
  };
};
