import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Panel } from '../../messages/panel.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { pageOf } from '../shared/contest-page.ts';
import type { PanelReply } from './answers.ts';
import type { InteractionEvent } from './events.ts';
import { usualFileBytes } from './permissions.ts';
import { publicNotation } from './words.ts';

/** What one person sees of a contest, in their language, for texts that `asText` finishes. */
export const panelOf = (view: ContestView, words: ChatWords): Panel => {
  const { moment, person } = publicNotation(words, 0);
  return words.contestPanel(view, { ...(moment && { moment }), ...(person && { person }) });
};

/** The same with the file that goes with it: the results as a page. */
export const contestReply = async (
  view: ContestView,
  {
    words,
    blobs,
    event,
  }: {
    readonly words: ChatWords;
    readonly blobs: Blobs;
    readonly event: Pick<InteractionEvent, 'locale' | 'attachment_size_limit'>;
  },
): Promise<PanelReply> => {
  const maxBytes = event.attachment_size_limit ?? usualFileBytes;
  const page = await pageOf(view, { blobs, locale: event.locale, maxBytes });
  const panel = panelOf(view, words);
  if (!page) return { panel };
  const { buffer, byteOffset, byteLength } = page.file;
  const data = Buffer.from(buffer, byteOffset, byteLength);
  return { panel, file: { name: page.name, description: panel.title, data } };
};
