import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { contestPanel } from '../../messages/contest-words.ts';
import type { Panel } from '../../messages/panel.ts';

/** What somebody gets to see, in words. @param options.now milliseconds since 1970 */
export const panelOf = (
  view: ContestView,
  { words }: { readonly words: ChatWords; readonly now: number },
): Panel => contestPanel(view, words.language);
