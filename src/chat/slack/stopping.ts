import { GramzoomError } from '../../domain/errors.ts';

/** This process ends: the next one deals with it again. */
export const isStopping = (error: unknown): boolean =>
  error instanceof GramzoomError && error.code === 'stopping';
