import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { messageKey } from '../../../domain/subject.ts';

/** Names of a contest's messages in the outbox. */
export const contestKey = ({ id }: Pick<Contest, 'id'>, role: string): string =>
  messageKey(contestSubject(id), role);

export const announcementRole = 'announcement';
export const galleryRole = (page: number): string => `gallery-${page}`;
export const resultsRole = ({ round }: Pick<Contest, 'round'>): string =>
  round === 1 ? 'results' : `results-${round}`;
export const winnerRole = (number: number): string => `winner-${number}`;
