import type { Renders } from '../app/renders.ts';
import type { GramzoomError } from '../domain/errors.ts';
import type { Platform } from '../domain/job.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventInbox } from '../ports/event-inbox.ts';
import type { Installations } from '../ports/installations.ts';
import type { AppLog } from '../ports/log.ts';
import type { PreviewPhoto } from '../ports/photo-preview.ts';
import type { RoomLog } from '../ports/room-log.ts';

/** A place where people talk with the bot, such as Discord or the bot's own page. */
export type ChatPlatform = {
  /** What people call it; null for the bot's own page, which has no name. */
  readonly name: string | null;
  /** How the bot speaks there; works before `listen` is called, too. */
  readonly chat: Chat;
  /**
   * Begins to hear what people do. Resolves once it hears them, or once it is clear that this takes longer: then it
   * keeps trying.
   * @param options.signal gives up waiting
   * @throws GramzoomError `token-refused`, `setup-refused` where trying again is useless; the signal's reason
   */
  listen(renders: Renders, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Answers a request over HTTP; null for a path of others. Absent where people and the platform never send one. */
  readonly handle?: (request: Request) => Promise<Response | null>;
  /** What is wrong, in a few words for an operator; null: it listens. */
  health(): string | null;
  /** Milliseconds from a heartbeat to its acknowledgement; null if there was none yet. Absent without heartbeats. */
  readonly heartbeatMs?: () => number | null;
  /** Hears and says nothing more, and waits for what is in flight. */
  close(): Promise<void>;
};

/** What a platform tells of its traffic, for whoever counts it. */
export type PlatformEvent = { readonly platform: Platform } & (
  | {
      /** Something that somebody did has come in, so long after they did it. */ readonly kind: 'heard';
      readonly lagSeconds: number;
    }
  | {
      /** Somebody's command or button has its first answer, so long after it was used. */
      readonly kind: 'acknowledged';
      readonly seconds: number;
    }
  | { /** The platform refused a request because there were too many. */ readonly kind: 'rate-limited' }
);

/** What a bot hands to its platforms; each takes what it needs. */
export type PlatformDeps = {
  readonly blobs: Blobs;
  readonly roomLog: RoomLog;
  readonly inbox: EventInbox;
  readonly installations: Installations;
  /** Never done in this process, which holds tokens. */
  readonly previewPhoto: PreviewPhoto;
  readonly maxPhotoBytes: number;
  /** The port on which `handle` is reached. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly observe: (event: PlatformEvent) => void;
  /** Nothing is heard any more, and this process should end. */
  readonly onEnd: (error: GramzoomError) => void;
};
