import { randomUUID } from 'node:crypto';
import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { onPage } from '../../messages/page-words.ts';
import { addresses } from './addresses.ts';
import type { ShownPanel } from './html/panel.ts';
import type { ShownAddress } from './shown-files.ts';

const idPattern = /^panel-[\w-]{1,40}$/;

/** What a panel of a page is called, as a form of it says; a new one where it says none. */
export const panelId = (text: string | undefined): string =>
  text !== undefined && idPattern.test(text) ? text : `panel-${randomUUID().slice(0, 8)}`;

/** Who sees a panel, where and how. */
export type PanelPlace = {
  readonly room: string;
  readonly words: ChatWords;
  /** See `ShownPanel.id`. */
  readonly id?: string | undefined;
};

/** What somebody sees of a contest as a panel of the page. */
export type ShowPanel = (view: ContestView, place: PanelPlace) => ShownPanel;

export const createShowPanel =
  (addressOf: ShownAddress): ShowPanel =>
  (view, { room, words, id }) => ({
    id: panelId(id),
    room,
    panel: words.contestPanel(view, onPage),
    language: words.contest.locale,
    addressOf,
    file: view.kind === 'export' ? addresses.contestFile(room, view.contest) : null,
  });
