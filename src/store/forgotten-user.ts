import { createHash } from 'node:crypto';

const beginning = 'forgotten:';

/**
 * What is left of somebody who was forgotten, so that the same thing again is known by it, and nobody is.
 * @param place what it is about: the marks of a person in two places are not alike
 */
export const forgottenUser = (place: string, user: string): string =>
  `${beginning}${createHash('sha256').update(`${place}\n${user}`).digest('base64url')}`;

export const isForgottenUser = (user: string): boolean => user.startsWith(beginning);
