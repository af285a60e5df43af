/**
 * What messages, buttons, reactions and dates are about: a kind of thing, and which one. What a kind does is in its
 * handler (app/coordinator/subjects.ts).
 */
export type Subject = {
  /** Small letters: part of button ids, file names and addresses. */
  readonly kind: string;
  /** Letters, digits, `_` and `-`. */
  readonly id: string;
};

/** A render as a subject. */
export const renderSubject = (id: string): Subject => ({ kind: 'render', id });

/** A subject as one text. Renders came first: theirs is the bare id, in old buttons and old rows too. */
export const subjectText = ({ kind, id }: Subject): string => (kind === 'render' ? id : `${kind}.${id}`);

/** Reads what `subjectText` wrote. */
export const parseSubject = (text: string): Subject => {
  const dot = text.indexOf('.');
  return dot < 0 ? renderSubject(text) : { kind: text.slice(0, dot), id: text.slice(dot + 1) };
};

/**
 * The name of a message in the outbox and in a chat, `SUBJECT:ROLE`. A subject says each of its roles once.
 * @param role small letters, digits and `-`
 */
export const messageKey = (subject: Subject, role: string): string => `${subjectText(subject)}:${role}`;

/** Reads what `messageKey` wrote. Of any other text all is the role. */
export const parseMessageKey = (key: string): { readonly subject: Subject | null; readonly role: string } => {
  const colon = key.lastIndexOf(':');
  return { subject: colon < 0 ? null : parseSubject(key.slice(0, colon)), role: key.slice(colon + 1) };
};
