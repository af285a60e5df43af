import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { contestPanel } from '../../messages/contest-words.ts';
import type { Panel } from '../../messages/panel.ts';

/** What one person sees of a contest, in their language. */
export const panelOf = (view: ContestView, words: ChatWords): Panel => contestPanel(view, words.language);
