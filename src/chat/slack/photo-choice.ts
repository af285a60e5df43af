import type { ActionsBlock } from '@slack/types';
import type { ReplyTarget } from '../../domain/job.ts';
import { messageKey, parseMessageKey, type Subject } from '../../domain/subject.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { cutTo } from '../shared/cut-text.ts';
import { otherPhotos, photoChoice } from '../shared/photo-choice.ts';
import { otherPhotoId } from './names.ts';
import { decodePlace, type SlackPhoto, type SlackPlace } from './place.ts';

const longestLabel = 75;

/** What a place says of the photos in a message; nothing where there is one only. */
export const photosAt = (all: readonly SlackPhoto[], taken: number): Pick<SlackPlace, 'photos'> => {
  const photos = photoChoice(all, taken);
  return photos ? { photos } : {};
};

/** The photos that a render was one of; none where that is not known any more. */
export const photosOf = (target: ReplyTarget): readonly SlackPhoto[] => {
  try {
    return decodePlace(target).photos?.all ?? [];
  } catch {
    return [];
  }
};

/** A menu of the other photos of a message: each of them begins another render. None where there are no others. */
export const otherPhotosMenu = (
  subject: Subject,
  {
    place: { photos },
    role,
    words,
    block_id,
  }: {
    readonly place: Pick<SlackPlace, 'photos'>;
    readonly role: string;
    readonly words: ChatWords;
    readonly block_id: string;
  },
): readonly ActionsBlock[] => {
  const options = otherPhotos({ photos, role, words }).map(({ number, label, name }) => ({
    text: { type: 'plain_text' as const, text: cutTo(`${label}: ${name}`, longestLabel) },
    value: `${number}/${messageKey(subject, role)}`,
  }));
  if (options.length === 0) return [];
  const placeholder = { type: 'plain_text' as const, text: words.otherPhotos };
  return [
    {
      ...{ type: 'actions', block_id },
      elements: [{ type: 'static_select', action_id: otherPhotoId, placeholder, options }],
    },
  ];
};

/** Which photo of which render was chosen in the menu; undefined for what is not of it. */
export const chosenPhoto = (
  value: string,
): { readonly number: number; readonly subject: Subject } | undefined => {
  const [, number, key = ''] = /^(\d+)\/(.+)$/.exec(value) ?? [];
  const subject = number === undefined ? null : parseMessageKey(key).subject;
  return subject ? { number: Number(number), subject } : undefined;
};
