import type { ErrorCode, ErrorData, Failure } from '../domain/errors.ts';
import { toldFailure } from '../domain/told.ts';
import type { NameField, Notation } from './names.ts';

type SentenceNotation = Required<Pick<Notation, 'nameField' | 'namePermission'>>;

/** A sentence for each code there is: what is wrong, and what to do about it. */
export type ErrorSentences = {
  readonly [C in ErrorCode]: (data: ErrorData[C], options: SentenceNotation) => string;
};

export type ErrorSentence = (failure: Failure, notation?: Notation) => string;

/**
 * Both ways of telling a failure. One that an earlier version stored may have a code that is none any more: it is told
 * as a fault of ours.
 * @param usualName what options are called by default
 */
export const createErrorSentences = (
  sentences: ErrorSentences,
  usualName: NameField,
): {
  /** For people in a chat, whatever the failure holds: see `toldFailure`. */
  readonly errorSentence: ErrorSentence;
  /** For whoever runs the program: with paths and reasons. */
  readonly operatorSentence: ErrorSentence;
} => {
  const operatorSentence: ErrorSentence = (
    failure,
    { nameField = usualName, namePermission = (permission: string) => permission } = {},
  ) => {
    const notation = { nameField, namePermission };
    if (!Object.hasOwn(sentences, failure.code))
      return sentences.internal({ reason: failure.code }, notation);
    // The table is complete and typed code by code, which the compiler cannot follow through an index.
    const sentence = sentences[failure.code] as (data: unknown, notation: SentenceNotation) => string;
    return sentence(failure.data, notation);
  };
  return {
    operatorSentence,
    errorSentence: (failure, notation) => operatorSentence(toldFailure(failure), notation),
  };
};
