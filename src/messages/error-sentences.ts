import type { ErrorCode, ErrorData, Failure } from '../domain/errors.ts';
import type { Expectation } from '../domain/expectation.ts';
import { toldFailure } from '../domain/told.ts';
import type { NameField, Notation, WriteCommand } from './names.ts';

type SentenceNotation = Required<Pick<Notation, 'nameField' | 'namePermission' | 'writeCommand'>>;

/** A sentence for each code there is: what is wrong, and what to do about it. */
export type ErrorSentences = {
  readonly [C in ErrorCode]: (data: ErrorData[C], options: SentenceNotation) => string;
};

export type ErrorSentence = (failure: Failure, notation?: Notation) => string;

/** What people write in words of their own: without any it is missing, and not wrong. */
export const isOwnWords = ({ kind }: Expectation): boolean =>
  kind === 'text' || kind === 'moment' || kind === 'zone';

/**
 * Both ways of telling a failure. One that an earlier version stored may have a code that is none any more: it is told
 * as a fault of ours.
 * @param usual what options and commands are called by default
 */
export const createErrorSentences = (
  sentences: ErrorSentences,
  usual: { readonly nameField: NameField; readonly writeCommand: WriteCommand },
): {
  /** For people in a chat, whatever the failure holds: see `toldFailure`. */
  readonly errorSentence: ErrorSentence;
  /** For whoever runs the program: with paths and reasons. */
  readonly operatorSentence: ErrorSentence;
} => {
  const operatorSentence: ErrorSentence = (
    failure,
    {
      nameField = usual.nameField,
      writeCommand = usual.writeCommand,
      namePermission = (permission: string) => permission,
      lackSentence,
    } = {},
  ) => {
    const notation = { nameField, namePermission, writeCommand };
    if (!Object.hasOwn(sentences, failure.code))
      return sentences.internal({ reason: failure.code }, notation);
    const ofPlace = failure.code === 'permissions-missing' && lackSentence?.(failure.data.permissions);
    if (typeof ofPlace === 'string') return ofPlace;
    // The table is complete and typed code by code, which the compiler cannot follow through an index.
    const sentence = sentences[failure.code] as (data: unknown, notation: SentenceNotation) => string;
    return sentence(failure.data, notation);
  };
  return {
    operatorSentence,
    errorSentence: (failure, notation) => operatorSentence(toldFailure(failure), notation),
  };
};
