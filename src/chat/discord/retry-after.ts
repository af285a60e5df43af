import { z } from 'zod';

/** What a platform asked for beyond a day it did not mean. */
const longestBelievedMs = 86_400_000;

/** Only the names that are read; the text as it came. */
export type AnswerHeaders = { readonly get: (name: string) => string | null };

const limitBody = z.object({
  retry_after: z.number().optional().catch(undefined),
  global: z.boolean().optional().catch(undefined),
});

/** What Discord's own answer with status 429 says; null for a page of the network in front of it. */
export const readLimitBody = (text: string): z.output<typeof limitBody> | null => {
  try {
    return limitBody.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

const believed = (ms: number): number | null => (ms > 0 && ms <= longestBelievedMs ? ms : null);

/** Seconds as a number, or the moment as a date of HTTP. */
const headerMs = (value: string | null, date: string | null): number | null => {
  const text = value?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return believed(Number(text) * 1000);
  if (!/^[a-z]{3,9}, /i.test(text)) return null;
  return believed(Date.parse(text) - Date.parse(date ?? ''));
};

/** Seconds in a header, such as `x-ratelimit-reset-after`, as milliseconds; null for what makes no sense. */
export const secondsHeaderMs = (value: string | null): number | null => headerMs(value, null);

/**
 * How long an answer with status 429 asks to wait, in milliseconds: by its body, else by `retry-after`, else by the
 * limit's reset. Null where it says nothing that makes sense: nothing at all, zero, less, no number, more than a day.
 */
export const retryAfterMs = (headers: AnswerHeaders, text: string): number | null =>
  believed((readLimitBody(text)?.retry_after ?? Number.NaN) * 1000) ??
  headerMs(headers.get('retry-after'), headers.get('date')) ??
  secondsHeaderMs(headers.get('x-ratelimit-reset-after'));
