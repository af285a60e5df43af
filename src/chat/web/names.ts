import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';

/** Longest name of a person or room, in code points. */
export const maxNameLength = 40;

/** Control, format and unassigned characters, with which a name could pose as another one, become spaces. */
const tidy = (text: string): string =>
  [
    ...text
      .normalize('NFC')
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim(),
  ]
    .slice(0, maxNameLength)
    .join('')
    .trim();

const nameReader = (pattern: RegExp): ((text: string | undefined) => string | undefined) => {
  const schema = z.string().max(1000).transform(tidy).pipe(z.string().regex(pattern));
  return (text) => schema.safeParse(text).data;
};

/** A person's name as it is shown and stored; undefined where nothing is left of it. */
export const personName = nameReader(/[\p{L}\p{N}\p{S}\p{P}]/u);

/** The same of a room, which is part of addresses, where dots alone would mean another folder. */
export const roomName = nameReader(/[\p{L}\p{N}]/u);

/** A name that must be there. @throws GramzoomError `body-invalid` naming the field */
export const requireName = (read: typeof personName, text: string, field: string): string => {
  const name = read(text);
  if (name === undefined) {
    throw new GramzoomError('body-invalid', { problem: `${field} needs a name with a letter or digit` });
  }
  return name;
};

/** A file's name without folders and oddities, short enough to show. */
export const fileName = (text: string): string =>
  [...tidy(text.split(/[\\/]/).at(-1) ?? '').replace(/["<>|:*?]/g, '')].slice(-100).join('') || 'photo';
