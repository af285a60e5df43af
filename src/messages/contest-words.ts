import type { ContestPost } from '../domain/contest/post.ts';
import type { ContestView } from '../domain/contest/view.ts';
import type { Panel } from './panel.ts';

/** What the bot says about a contest to everybody there. */
export const contestSentence = (post: ContestPost, _language: string): string =>
  `${post.contest.rules.theme}: ${post.kind}`;

/** What one person sees of it. */
export const contestPanel = (view: ContestView, _language: string): Panel => ({
  title: view.kind,
  lines: [],
  pictures: [],
  controls: [],
});
