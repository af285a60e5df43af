import { type APIActionRowComponent, type APIStringSelectComponent, ComponentType } from 'discord.js';
import type { ReplyTarget } from '../../domain/job.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { oneLine } from '../shared/cut-text.ts';
import { otherPhotos as others, photoChoice } from '../shared/photo-choice.ts';
import { encodeButtonId } from './button-id.ts';
import type { Picture } from './pictures.ts';
import { decodeReplyContext, type ReplyContext } from './reply-context.ts';

const longestLabel = 100;

/** What a place says of the photos in a message; nothing where there is one only. */
export const photosAt = (all: readonly Picture[], taken: number): Pick<ReplyContext, 'photos'> => {
  const photos = photoChoice(all, taken);
  return photos ? { photos } : {};
};

/** The photos that a render was one of; none where that is not known any more. */
export const photosOf = (target: ReplyTarget): readonly Picture[] => {
  try {
    return decodeReplyContext(target).photos?.all ?? [];
  } catch {
    return [];
  }
};

/** A menu of the others: each of them begins another render. */
export const otherPhotos = (
  subject: Subject,
  {
    place: { photos },
    role,
    words,
  }: {
    readonly place: Pick<ReplyContext, 'photos'>;
    readonly role: string;
    readonly words: ChatWords;
  },
): readonly APIActionRowComponent<APIStringSelectComponent>[] => {
  const options = others({ photos, role, words }).map(({ number, label, name }) => ({
    ...{ label, value: String(number), description: oneLine(name, longestLabel) },
  }));
  if (options.length === 0) return [];
  const menu = {
    type: ComponentType.StringSelect as const,
    custom_id: encodeButtonId({ action: 'other-photo', subject, role }),
    placeholder: words.otherPhotos,
    options,
  };
  return [{ type: ComponentType.ActionRow, components: [menu] }];
};
