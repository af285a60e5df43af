import type { Kysely } from 'kysely';
import type { ContestTables } from './contest-tables.ts';

/** Columns as they are stored: JSON is text, times are milliseconds since 1970. See migrations/. */
export type JobsTable = {
  id: string;
  sequence: number;
  platform: string;
  server: string;
  user_id: string;
  request: string;
  asked_max_bytes: number | null;
  attachment: string;
  reply_target: string;
  parent: string | null;
  state: string;
  photo: string | null;
  attempt: number;
  /** The number of the claim that runs it, or ran it last. */
  claim: number | null;
  /** While it runs: when somebody else may take it, in the folder's own time (see folder-clock.ts). */
  lease_until: number | null;
  frames_done: number;
  failure: string | null;
  result: string | null;
  report: string | null;
  poster: string | null;
  created_at: number;
  finished_at: number | null;
  /** Rises with every job that finishes: who finished first, whatever the clock says. */
  finish: number | null;
  /** When it finished, in the folder's own time (see folder-clock.ts), which ages count from. */
  finished_seen: number | null;
  /** The database refuses a second one of the same platform. */
  event: string | null;
  /** See `PhotoSource`. */
  root: string;
  owner_platform: string;
  owner_server: string;
  owner_user: string;
  /** 1 once it is to be deleted for good. */
  erasing: number;
};

export type OutboxTable = {
  /** See `messageKey`; the three columns behind it are what it is made of. */
  key: string;
  sequence: number;
  subject_kind: string;
  subject_id: string;
  role: string;
  message: string | null;
  /** Of the message: see place.ts. */
  place: string | null;
};

export type ReactionsTable = {
  place: string;
  kind: string;
  user_id: string;
  sequence: number;
  settled: number;
  /** The subject that it led to, as `subjectText` has it. */
  led_to: string | null;
  /** 1 while it is there in that form, else 0; a row that is there in none is removed. */
  is_normal: number;
  is_super: number;
};

export type CalendarTable = {
  subject_kind: string;
  subject_id: string;
  what: string;
  /** Milliseconds since 1970. */
  due_at: number;
  tries: number;
};

export type RoomMessagesTable = {
  id: string;
  /** Rises with every message: its place in the room. */
  sequence: number;
  version: number;
  room: string;
  thread: string | null;
  said: string;
  /** Room, thread and key as one text, so that the database refuses a second one. */
  once: string | null;
  /** The render that it is about. */
  render: string | null;
  /** Who said it, where that was not the bot. */
  person: string | null;
  created_at: number;
  /** When it was said, in the folder's own time. */
  seen: number;
};

export type ReceivedEventsTable = {
  platform: string;
  id: string;
  sequence: number;
  /** Null once it has been dealt with. */
  body: string | null;
  /** When it was noted, in the folder's own time. */
  seen: number;
};

export type Tables = ContestTables & {
  jobs: JobsTable;
  outbox: OutboxTable;
  calendar: CalendarTable;
  reactions: ReactionsTable;
  /** `seen`: when they were served last, in the folder's own time. */
  served_servers: { platform: string; server: string; claim: number; seen: number };
  /** `server` is always empty: a user's id is unique on its platform. */
  served_users: { platform: string; server: string; user_id: string; claim: number; seen: number };
  room_messages: RoomMessagesTable;
  received_events: ReceivedEventsTable;
  installations: { platform: string; tenant: string; sealed: string };
  room_blobs: { message: string; blob: string };
  /** One row. */
  folder_time: { id: number; seen: number; wall: number; settled_at: number; credit: number };
  damaged_records: {
    kind: string;
    id: string;
    problem: string;
    /** What was found, as JSON. */
    record: string;
    found_at: number;
    /** The same in the folder's own time. */
    seen: number;
    /** 1 while somebody has to be told. */
    owed: number;
  };
  /** People who are being forgotten. */
  erased_people: { platform: string; server: string; user_id: string };
  /** `subject` as `subjectText` has it. */
  tries: { subject: string; what: string; count: number };
  counters: { name: string; value: number };
};

export type Database = Kysely<Tables>;

/** A new one needs a migration that adds its row. */
export type CounterName =
  | 'job'
  | 'claim'
  | 'finish'
  | 'post'
  | 'reaction'
  | 'room'
  | 'event'
  | 'contest'
  | 'check';
