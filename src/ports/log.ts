/** Facts beside a message; an Error goes under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What the use cases tell the operator. */
export interface AppLog {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same, with the render's id, or the text of another subject, on every line. */
  forJob(id: string): AppLog;
}
