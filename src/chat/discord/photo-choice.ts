import { type APIActionRowComponent, type APIStringSelectComponent, ComponentType } from 'discord.js';
import type { ReplyTarget } from '../../domain/job.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { oneLine } from '../shared/cut-text.ts';
import { encodeButtonId } from './button-id.ts';
import type { Picture } from './pictures.ts';
import { decodeReplyContext, type ReplyContext } from './reply-context.ts';

/** Discord's most entries of a menu, and the one that was taken. */
const mostPhotos = 26;
const longestLabel = 100;

/** The message of a render that says which photo was taken. */
const answerRole = 'answer';

/** What a place says of the photos in a message; nothing where there is one only. */
export const photosAt = (all: readonly Picture[], taken: number): Pick<ReplyContext, 'photos'> =>
  all.length < 2 ? {} : { photos: { taken, all: all.slice(0, mostPhotos) } };

/** The photos that a render was one of; none where that is not known any more. */
export const photosOf = (target: ReplyTarget): readonly Picture[] => {
  try {
    return decodeReplyContext(target).photos?.all ?? [];
  } catch {
    return [];
  }
};

type Told = {
  readonly place: Pick<ReplyContext, 'photos'>;
  readonly role: string;
  readonly words: ChatWords;
};

/** `Photo 2 of 4: cat.png`, in the answer to a message with several photos. */
export const takenPhoto = ({ place: { photos }, role, words }: Told): string | null => {
  const photo = role === answerRole && photos?.all[photos.taken - 1];
  if (!photos || !photo) return null;
  const { taken: number, all } = photos;
  return `${words.photoChoice({ number, total: all.length })}: ${photo.name}`;
};

/** A menu of the others: each of them begins another render. */
export const otherPhotos = (
  subject: Subject,
  { place: { photos }, role, words }: Told,
): readonly APIActionRowComponent<APIStringSelectComponent>[] => {
  if (!photos || role !== answerRole) return [];
  const total = photos.all.length;
  const options = photos.all.flatMap(({ name }, index) => {
    const number = index + 1;
    if (number === photos.taken) return [];
    const label = words.photoChoice({ number, total });
    return [{ label, value: String(number), description: oneLine(name, longestLabel) }];
  });
  const menu = {
    type: ComponentType.StringSelect as const,
    custom_id: encodeButtonId({ action: 'other-photo', subject, role }),
    placeholder: words.otherPhotos,
    options,
  };
  return [{ type: ComponentType.ActionRow, components: [menu] }];
};
