import { InteractionResponseType as Answer } from 'discord.js';
import type { Panel } from '../../messages/panel.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Answerable, InteractionCalls } from './interaction-calls.ts';
import { type PanelBody, panelBody } from './panel-body.ts';
import { choosePictures, type PanelFile, type PanelPictures } from './panel-pictures.ts';
import { usualFileBytes } from './permissions.ts';

/** A message that one person sees, whose control they have used. */
export type ShownPanel = {
  readonly id: string;
  readonly attachments: readonly { readonly id: string; readonly filename: string }[];
};

/** What is said first: a deferral is filled, all else is an answer. */
export type PanelTurn = {
  readonly isDeferred: boolean;
  /** The message that changes; null where it is a new one. */
  readonly within: ShownPanel | null;
  /** Goes with its pictures. */
  readonly file?: PanelFile | null;
};

/** One change of a message. */
type Change = {
  readonly asked: Answerable;
  readonly body: PanelBody;
  readonly pictures: PanelPictures;
  /** Whether the message has these pictures already. */
  readonly keeps: boolean;
};

/** A message that is being changed. */
type Changing = {
  /** How many changes are on their way. */
  pending: number;
  newest: Change;
  /** Whether several were on their way at the same time, and whether they have different pictures. */
  hasOverlapped: boolean;
  isSamePictures: boolean;
};

const hasThem = ({ attachments }: ShownPanel, names: readonly string[]): boolean =>
  attachments.length === names.length && attachments.every(({ filename }, at) => filename === names[at]);

const withFile = ({ names, read }: PanelPictures, file: PanelFile | null): PanelPictures =>
  file === null
    ? { names, read }
    : { names: [...names, file.name], read: async () => [...(await read()), file] };

const entries = (files: readonly PanelFile[]) =>
  files.map(({ name: filename, description }, index) => ({ id: String(index), filename, description }));

/**
 * Panels as messages that one person sees. Words and controls go first, pictures after them: uploads take time, and
 * an answer is due within three seconds. A press changes the message that it came from.
 */
export const createPanelAnswers = ({
  calls,
  blobs,
}: {
  readonly calls: InteractionCalls;
  readonly blobs: Pick<Blobs, 'get' | 'size'>;
}) => {
  const changing = new Map<string, Changing>();

  const picturesOf = (asked: Answerable, { pictures }: Panel): Promise<PanelPictures> =>
    choosePictures(pictures, { blobs, maxBytes: asked.attachment_size_limit ?? usualFileBytes });

  const upload = async (asked: Answerable, pictures: PanelPictures): Promise<void> => {
    const files = await pictures.read();
    if (files.length > 0) await calls.fill(asked, { attachments: entries(files) }, files);
  };

  const say = async (
    asked: Answerable,
    body: PanelBody & { readonly attachments?: readonly object[] },
    { isDeferred, within }: PanelTurn,
  ): Promise<boolean> => {
    if (isDeferred) return await calls.fill(asked, body);
    const type = within ? Answer.UpdateMessage : Answer.ChannelMessageWithSource;
    const acknowledged = await calls.acknowledge(asked, { type, data: body });
    // Something that everybody sees has answered: this is for one person besides.
    return acknowledged === 'done';
  };

  const begin = ({ id }: ShownPanel, change: Change): Changing => {
    const before = changing.get(id);
    if (before) {
      before.isSamePictures &&=
        change.keeps && before.newest.pictures.names.join() === change.pictures.names.join();
      before.hasOverlapped = true;
      before.newest = change;
      before.pending += 1;
      return before;
    }
    const now = { pending: 1, newest: change, hasOverlapped: false, isSamePictures: change.keeps };
    changing.set(id, now);
    return now;
  };

  /** Says the newest once more, since nobody knows in which order Discord took what was on its way together. */
  const reassert = async ({ newest, isSamePictures }: Changing): Promise<void> => {
    const { asked, body, pictures } = newest;
    if (isSamePictures) {
      await calls.fill(asked, body);
      return;
    }
    const files = await pictures.read();
    await calls.fill(asked, { ...body, attachments: entries(files) }, files);
  };

  const changeShown = async (change: Change, turn: PanelTurn & { readonly within: ShownPanel }) => {
    const { within } = turn;
    const { asked, body, pictures, keeps } = change;
    const now = begin(within, change);
    const attachments = keeps ? within.attachments.map(({ id }) => ({ id })) : [];
    await say(asked, { ...body, attachments }, turn);
    if (!keeps && now.newest === change) await upload(asked, pictures);
    now.pending -= 1;
    if (now.pending > 0) return;
    changing.delete(within.id);
    if (now.hasOverlapped) await reassert(now);
  };

  const show = async (asked: Answerable, panel: Panel, turn: PanelTurn): Promise<void> => {
    const body = panelBody(panel);
    const pictures = withFile(await picturesOf(asked, panel), turn.file ?? null);
    const { within } = turn;
    if (within) {
      const change = { asked, body, pictures, keeps: hasThem(within, pictures.names) };
      await changeShown(change, { ...turn, within });
    } else if (await say(asked, body, turn)) await upload(asked, pictures);
  };

  return {
    show,
    /** Beside an answer that everybody sees. */
    showBeside: async (asked: Answerable, panel: Panel): Promise<void> => {
      const files = await (await picturesOf(asked, panel)).read();
      await calls.followUp(asked, { ...panelBody(panel), attachments: entries(files) }, files);
    },
  };
};

export type PanelAnswers = ReturnType<typeof createPanelAnswers>;
