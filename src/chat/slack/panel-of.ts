import type { ContestView } from '../../domain/contest/view.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Panel } from '../../messages/panel.ts';
import { slackNotation, slackWords } from './words.ts';

/** What somebody gets to see, in words. @param options.now milliseconds since 1970 */
export const panelOf = (
  view: ContestView,
  { words, now }: { readonly words: ChatWords; readonly now: number },
): Panel => {
  const panel = words.contestPanel(view, slackNotation(words, now));
  return view.kind === 'export'
    ? { ...panel, lines: [...panel.lines, slackWords(words).pageIsDirect] }
    : panel;
};
