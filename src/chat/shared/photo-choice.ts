import type { ChatWords } from '../../messages/chat-words.ts';

/** The photos of a message with several, and which of them was taken: 1 is the first. */
export type PhotoChoice<Photo extends { readonly name: string } = { readonly name: string }> = {
  readonly taken: number;
  readonly all: readonly Photo[];
};

/** A menu's most entries, and the one that was taken. */
const mostPhotos = 26;

/** The message of a render that says which photo was taken. */
const answerRole = 'answer';

/** What is kept of the photos in a message; undefined where there is one only. */
export const photoChoice = <Photo extends { readonly name: string }>(
  all: readonly Photo[],
  taken: number,
): PhotoChoice<Photo> | undefined => (all.length < 2 ? undefined : { taken, all: all.slice(0, mostPhotos) });

type Told = {
  readonly photos: PhotoChoice | undefined;
  /** Which of the render's messages tells it. */
  readonly role: string;
  readonly words: Pick<ChatWords, 'photoChoice'>;
};

/** `Photo 2 of 4: cat.png`, in the answer to a message with several photos. */
export const takenPhoto = ({ photos, role, words }: Told): string | null => {
  const photo = role === answerRole && photos?.all[photos.taken - 1];
  if (!photos || !photo) return null;
  return `${words.photoChoice({ number: photos.taken, total: photos.all.length })}: ${photo.name}`;
};

/** The others, for a menu: each of them begins another render. */
export const otherPhotos = ({
  photos,
  role,
  words,
}: Told): readonly { readonly number: number; readonly label: string; readonly name: string }[] => {
  if (!photos || role !== answerRole) return [];
  const total = photos.all.length;
  return photos.all.flatMap(({ name }, index) => {
    const number = index + 1;
    return number === photos.taken ? [] : [{ number, label: words.photoChoice({ number, total }), name }];
  });
};
