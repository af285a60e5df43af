import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Renders } from '../../app/renders.ts';
import { type GramzoomError, toFailure, toGramzoomError } from '../../domain/errors.ts';
import { asTold } from '../../domain/told.ts';
import { en } from '../../messages/en.ts';
import { onPage } from '../../messages/page-words.ts';
import type { AppLog } from '../../ports/log.ts';
import { type AssetLinks, problemPage } from './html/page.ts';
import { httpStatus } from './http-status.ts';
import { visitorWords } from './visitor-words.ts';

/** When nothing better is known. */
const retrySeconds = { usual: 30, most: 600 } as const;

/** Seconds after which it is worth trying again: for limits, when the render that runs should be done. */
const retryAfter = async (error: GramzoomError, renders: () => Renders): Promise<number> => {
  if (error.code !== 'user-limit' && error.code !== 'server-limit') return retrySeconds.usual;
  try {
    const { running, waiting } = await renders().queue();
    const eta = (running ?? waiting[0])?.etaSeconds ?? retrySeconds.usual;
    return Math.min(retrySeconds.most, Math.max(1, Math.ceil(eta)));
  } catch {
    return retrySeconds.usual;
  }
};

const isContestPath = /^\/rooms\/[^/]+\/contest(?:\/|$)/;

/** What the browser's htmx asks for, it wants as a fragment. */
export const isFragmentRequest = (c: Context): boolean => c.req.header('hx-request') === 'true';

/** An error near the place where it was caused. */
export const problemFragment = (sentence: string) => html`<p class="problem">${sentence}</p>`;

/**
 * Answers with an error: `{ code, message }` under /api, a sentence for the page's own requests, a small page
 * otherwise. What is a fault of this program is logged with its cause, and its details stay here.
 */
export const createErrorReply =
  ({
    renders,
    asset,
    log,
  }: {
    readonly renders: () => Renders;
    readonly asset: AssetLinks;
    readonly log: AppLog;
  }): ((thrown: unknown, c: Context) => Promise<Response>) =>
  async (thrown, c) => {
    const error = asTold(toGramzoomError(thrown));
    const status = httpStatus[error.code];
    if (status === 500) log.error('web: a request failed', { path: c.req.path, error: thrown });
    if (status === 429 || status === 503) c.header('Retry-After', String(await retryAfter(error, renders)));
    c.header('Cache-Control', 'no-store');
    c.status(status);
    // On the page of a contest all is in the language of whoever looks.
    const words = isContestPath.test(c.req.path) ? visitorWords(c) : en;
    const message = words.errorSentence(toFailure(error), onPage);
    if (c.req.path.startsWith('/api/')) return c.json({ code: error.code, message });
    return c.html(isFragmentRequest(c) ? problemFragment(message) : problemPage(message, asset));
  };
