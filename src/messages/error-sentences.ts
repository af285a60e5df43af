import type { ErrorCode, ErrorData, Failure } from '../domain/errors.ts';
import { toldFailure } from '../domain/told.ts';
import type { NameField } from './names.ts';

/** A sentence for each code there is: what is wrong, and what to do about it. */
export type ErrorSentences = {
  readonly [C in ErrorCode]: (data: ErrorData[C], options: { readonly nameField: NameField }) => string;
};

export type ErrorSentence = (failure: Failure, options?: { readonly nameField?: NameField }) => string;

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
  const operatorSentence: ErrorSentence = (failure, { nameField = usualName } = {}) => {
    if (!Object.hasOwn(sentences, failure.code))
      return sentences.internal({ reason: failure.code }, { nameField });
    // The table is complete and typed code by code, which the compiler cannot follow through an index.
    const sentence = sentences[failure.code] as (data: unknown, options: { nameField: NameField }) => string;
    return sentence(failure.data, { nameField });
  };
  return {
    operatorSentence,
    errorSentence: (failure, options) => operatorSentence(toldFailure(failure), options),
  };
};
