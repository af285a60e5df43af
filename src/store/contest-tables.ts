/** Columns of contests as they are stored: JSON is text, times are milliseconds since 1970. See migrations/. */
export type ContestsTable = {
  id: string;
  sequence: number;
  platform: string;
  server: string;
  /** The host; empty once they are forgotten. */
  user_id: string;
  host_name: string;
  home: string;
  rules: string;
  zone: string;
  enter_from: string;
  enter_until: string;
  vote_until: string;
  phase: string;
  phase_since: number;
  /** The server while the phase is an open one, else null: the database refuses a second one of the same platform. */
  open_server: string | null;
  version: number;
  round: number;
  outcome: string | null;
  reel: string | null;
  poster: string | null;
  exported_at: number | null;
  created_at: number;
  finished_at: number | null;
  /** When it finished, in the folder's own time (see folder-clock.ts), which ages count from. */
  finished_seen: number | null;
  /** The database refuses a second one of the same platform. */
  event: string | null;
  /** 1 once it is so old that only what the hall of fame tells is left. */
  hall_only: number;
};

export type ContestEntriesTable = {
  id: string;
  contest: string;
  number: number;
  user_id: string;
  user_name: string;
  photo_owner: string;
  render: string;
  /** The render, unless the entry is withdrawn: the database refuses a second one of the same contest. */
  held_render: string | null;
  state: string;
  reason: string | null;
  created_at: number;
  /** 1 while what was said to whoever entered it is to be deleted for good. */
  erasing: number;
};

export type ContestTables = {
  contests: ContestsTable;
  contest_entries: ContestEntriesTable;
  /** What is known of a voter, also once they have taken their votes back. `doubts` is a list. */
  contest_ballots: { contest: string; voter: string; voter_name: string; doubts: string; changes: number };
  contest_votes: { contest: string; voter: string; rank: number; entry: string };
  contest_bans: { contest: string; user_id: string; reason: string };
  contest_reports: { entry: string; reporter: string; reason: string; created_at: number };
  contest_followers: { contest: string; user_id: string; name: string };
  /** Files of pictures that showed what was deleted for good. */
  erased_files: { blob: string };
};
