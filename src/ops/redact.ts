const hidden = '[redacted]';

/** What each kind of secret looks like in a line of text, and what stays of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // A field of a JSON object whose name says it all, at any depth.
  [/("[^"]*(?:token|secret|password|authorization|cookie)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${hidden}"`],
  // Slack: bot, user and app tokens.
  [/\bx(?:ox[a-z]|app)-[\w-]{8,}/g, hidden],
  // Discord: a bot's token, and the token in the address of an interaction's or webhook's messages.
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, hidden],
  [/(\/webhooks\/\d+\/)[\w-]+/g, `$1${hidden}`],
  [/(\/interactions\/\d+\/)[\w-]+/g, `$1${hidden}`],
  [/\b(Bearer|Bot)\s+[\w.~+/-]{8,}=*/g, `$1 ${hidden}`],
  // A name and password in an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*):[^\s/@"]+@/gi, `$1:${hidden}@`],
];

/** A line of the log without what nobody should read there, wherever in the line it was. */
export const redact = (line: string): string =>
  patterns.reduce((text, [pattern, kept]) => text.replace(pattern, kept), line);
