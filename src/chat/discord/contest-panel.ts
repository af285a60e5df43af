import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Panel } from '../../messages/panel.ts';
import { publicNotation } from './words.ts';

/** What one person sees of a contest, in their language, for texts that `asText` finishes. */
export const panelOf = (view: ContestView, words: ChatWords): Panel => {
  const { moment, person } = publicNotation(words, 0);
  return words.contestPanel(view, { ...(moment && { moment }), ...(person && { person }) });
};
