import QuickLRU from 'quick-lru';
import { z } from 'zod';
import type { BlobId } from '../../domain/job.ts';
import type { Panel, PanelPicture } from '../../messages/panel.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { listOf, optional } from '../shared/lenient.ts';
import { markedName } from '../shared/message-marks.ts';
import { areMoving, type PicturesThere } from './panel-blocks.ts';
import type { SlackPlace } from './place.ts';
import { shownBlob } from './shown-blob.ts';
import type { SlackCalls } from './slack-calls.ts';
import type { Tenants } from './tenants.ts';
import type { Uploads } from './uploads.ts';

/** They are taken away after a day; whoever looks then sees new ones. */
const keptMs = 24 * 3_600_000;
const reusedMs = 20 * 3_600_000;
const lookEveryMs = 3_600_000;
const mostFiles = 5_000;
const mostTenants = 1_000;

/** Enough of a SHA-256 to tell pictures apart. */
const shortBlob = (blob: BlobId): string => blob.slice(0, 32);
const pictureName = /-picture\.(\w{32})-panel\./;

const list = z.object({
  files: listOf(z.object({ id: z.string(), name: optional(z.string()), created: optional(z.number()) })),
});

type Where = Pick<SlackPlace, 'tenant' | 'team'>;

/** Pictures of panels as files of the bot's own, each sent to a workspace once for everybody who looks. */
export interface PanelPictures {
  /** Those that are there already. */
  there(place: Where, panel: Pick<Panel, 'pictures'>): PicturesThere;
  /** Those that are there once all have been sent that can be. Throws nothing. */
  load(place: SlackPlace, panel: Pick<Panel, 'pictures'>): Promise<PicturesThere>;
}

/** @param options.signal once it aborts nothing more is sent */
export const createPanelPictures = ({
  calls,
  uploads,
  tenants,
  blobs,
  clock,
  log,
  signal,
}: {
  readonly calls: SlackCalls;
  readonly uploads: Pick<Uploads, 'picture' | 'removeLater'>;
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
  readonly signal: AbortSignal;
}): PanelPictures => {
  /** By workspace and blob: Slack's id, and when it was sent. */
  const known = new QuickLRU<string, { readonly file: string; readonly sentAt: number }>({
    maxSize: mostFiles,
  });
  const sending = new Map<string, Promise<string | null>>();
  const looked = new QuickLRU<string, { readonly at: number; readonly done: Promise<void> }>({
    maxSize: mostTenants,
  });
  const lineLimit = createLineLimit(clock);
  const keyOf = ({ tenant }: Where, blob: BlobId): string => `${tenant} ${shortBlob(blob)}`;

  const fileOf = (place: Where, blob: BlobId): string | undefined => {
    const found = known.get(keyOf(place, blob));
    return found && found.sentAt + reusedMs > clock.wallTime() ? found.file : undefined;
  };

  /** Files of an earlier process: those that can be used still, and those whose time is over. */
  const lookThrough = async ({ tenant, team }: Where): Promise<void> => {
    const { installation } = await tenants.clients(tenant);
    const args = { user: installation.botUserId, count: 100, ...(tenant !== team && { team_id: team }) };
    const manner = { tenant, isDispensable: true, schema: list };
    const { files } = await calls.call('files.list', args, manner);
    const stale: string[] = [];
    for (const { id, name = '', created = 0 } of files) {
      const [, blob] = pictureName.exec(name) ?? [];
      if (blob === undefined) continue;
      const sentAt = created * 1000;
      if (sentAt + keptMs < clock.wallTime()) stale.push(id);
      else if (!known.has(`${tenant} ${blob}`)) known.set(`${tenant} ${blob}`, { file: id, sentAt });
    }
    uploads.removeLater({ tenant }, stale);
  };

  const lookHourly = (place: Where): Promise<void> => {
    const before = looked.get(place.tenant);
    if (before && before.at + lookEveryMs > clock.now()) return before.done;
    const done = lookThrough(place).catch((error: unknown) => {
      if (!signal.aborted && lineLimit('pictures') !== null)
        log.warn('slack: failed to look for pictures that were sent before', { error });
    });
    looked.set(place.tenant, { at: clock.now(), done });
    return done;
  };

  const send = async (place: SlackPlace, { attachment, alt }: PanelPicture, blob: BlobId) => {
    const bytes = await blobs.get(blob);
    if (!bytes) return null;
    const ending = blob === attachment.still ? 'png' : attachment.format;
    const subject = { kind: 'picture', id: shortBlob(blob) };
    const name = markedName(`picture.${ending}`, { subject, role: 'panel' });
    const file = await uploads.picture(place, { name, title: attachment.name, alt, bytes }, signal);
    if (file !== null) known.set(keyOf(place, blob), { file, sentAt: clock.wallTime() });
    return file;
  };

  /** The same picture is sent once, however many wait for it. */
  const sendOnce = (place: SlackPlace, picture: PanelPicture, blob: BlobId): Promise<string | null> => {
    const key = keyOf(place, blob);
    const before = sending.get(key);
    if (before !== undefined) return before;
    const work = send(place, picture, blob)
      .catch((error: unknown) => {
        if (lineLimit('picture') !== null) log.warn('slack: a picture could not be read', { error });
        return null;
      })
      .finally(() => sending.delete(key));
    sending.set(key, work);
    return work;
  };

  return {
    there: (place, panel) => {
      const found = new Map<BlobId, string>();
      for (const picture of panel.pictures) {
        for (const moves of [true, false]) {
          const blob = shownBlob(picture.attachment, { moves });
          const file = blob === null ? undefined : fileOf(place, blob);
          if (blob !== null && file !== undefined) found.set(blob, file);
        }
      }
      return found;
    },
    load: async (place, panel) => {
      const found = new Map<BlobId, string>();
      if (panel.pictures.length === 0) return found;
      await lookHourly(place);
      const moves = areMoving(panel);
      await Promise.all(
        panel.pictures.map(async (picture) => {
          const blob = shownBlob(picture.attachment, { moves });
          if (blob === null) return;
          const file = fileOf(place, blob) ?? (await sendOnce(place, picture, blob));
          if (file !== null) found.set(blob, file);
        }),
      );
      return found;
    },
  };
};
