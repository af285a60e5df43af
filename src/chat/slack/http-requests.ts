import { verifySlackRequest } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import type { SlackRequest } from './receiver.ts';

/** Slack's own largest, a form, is a quarter of it. */
const maxBytes = 1_000_000;
/** Before and after now, as Slack's own libraries have it. */
const windowSeconds = 300;

const object = z.record(z.string(), z.unknown());
type Body = z.output<typeof object>;

/** Now and then Slack looks whether anybody is there. */
const checked = z.object({ ssl_check: z.literal('1') });
const challenged = z.object({ type: z.literal('url_verification'), challenge: z.string() });

/** What Slack need not send again. */
const refuse = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, { status, headers: { 'x-slack-no-retry': '1' } });

/** All of a body as text; null where it is too long. */
const readText = async (request: Request): Promise<string | null> => {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

/** Events are JSON, commands a form, and what people press a form with JSON in it. Undefined for all else. */
const readBody = (text: string, contentType: string): Body | undefined => {
  const json = (part: string): Body | undefined => {
    try {
      return object.safeParse(JSON.parse(part)).data;
    } catch {
      return undefined;
    }
  };
  if (contentType.startsWith('application/json')) return json(text);
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return undefined;
  const fields = new URLSearchParams(text);
  const payload = fields.get('payload');
  return payload === null ? Object.fromEntries(fields) : json(payload);
};

/**
 * Slack's requests over HTTP. Each is answered once it has been acknowledged: for an event that is after it has been
 * noted, and with 503 where it cannot be, so that Slack sends it again.
 * @param options.take resolves once it has acknowledged the request, or never will
 */
export const createHttpRequests = ({
  signingSecret,
  take,
  clock,
  log,
}: {
  readonly signingSecret: string;
  readonly take: (request: SlackRequest) => Promise<void>;
  readonly clock: Clock;
  readonly log: AppLog;
}): ((request: Request) => Promise<Response>) => {
  const lineLimit = createLineLimit(clock);

  /** What is wrong with a request's signature; null: Slack has signed it, a moment ago. */
  const problemOf = (headers: Headers, body: string): string | null => {
    const seconds = Number(headers.get('x-slack-request-timestamp') ?? Number.NaN);
    const signature = headers.get('x-slack-signature');
    if (signature === null || !Number.isFinite(seconds)) return 'it is not signed';
    const nowMilliseconds = clock.wallTime();
    if (Math.abs(seconds - nowMilliseconds / 1000) > windowSeconds)
      return 'it was signed more than 5 minutes ago or ahead; one of the two clocks may be wrong';
    try {
      const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds };
      verifySlackRequest({ signingSecret, body, headers: signed, nowMilliseconds });
      return null;
    } catch {
      return 'it was not signed with SLACK_SIGNING_SECRET';
    }
  };

  return async (request) => {
    const { searchParams } = new URL(request.url);
    if (checked.safeParse(Object.fromEntries(searchParams)).success) return new Response(null);
    if (request.method !== 'POST') return refuse(405, 'Slack sends its requests here by POST.');
    const text = await readText(request);
    if (text === null) return refuse(413, `The request is longer than ${maxBytes} bytes.`);
    const contentType = request.headers.get('content-type') ?? '';
    const problem = problemOf(request.headers, text);
    if (problem !== null) {
      const others = lineLimit(problem);
      if (others !== null)
        log.warn('slack: refused a request over HTTP', { problem, ...(others > 0 && { others }) });
      return refuse(401, `This is no request of Slack's: ${problem}.`);
    }
    const body = readBody(text, contentType);
    if (!body) return refuse(400, 'The request is neither JSON nor a form.');
    const challenge = challenged.safeParse(body).data?.challenge;
    if (challenge !== undefined) return Response.json({ challenge });
    if (checked.safeParse(body).success) return new Response(null);
    const answers: Response[] = [];
    await take({
      body,
      acknowledge: async (response) =>
        void answers.push(response ? Response.json(response) : new Response(null)),
    });
    return answers[0] ?? new Response('It could not be accepted now.\n', { status: 503 });
  };
};
