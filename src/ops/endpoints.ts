import type { Health, Verdict } from './health.ts';
import type { Metrics } from './metrics.ts';

const text = (body: string, options: { readonly status: number; readonly type?: string }): Response =>
  new Response(body, {
    status: options.status,
    headers: { 'content-type': options.type ?? 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });

const healthAnswer = (verdict: Verdict): Response =>
  verdict === null ? text('ok\n', { status: 200 }) : text(`${verdict}\n`, { status: 503 });

/**
 * `/livez`, `/readyz`, `/healthz` (the same as `/readyz`) and `/metrics`.
 * @returns undefined for every other path
 */
export const createEndpoints = ({
  health,
  metrics,
}: {
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'scrape'>;
}): ((request: Request) => Promise<Response | undefined>) => {
  const answers: Readonly<Record<string, () => Promise<Response>>> = {
    '/livez': async () => healthAnswer(await health.live()),
    '/readyz': async () => healthAnswer(await health.ready()),
    '/healthz': async () => healthAnswer(await health.ready()),
    '/metrics': async () => {
      const { contentType, text: body } = await metrics.scrape();
      return text(body, { status: 200, type: contentType });
    },
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!Object.hasOwn(answers, pathname)) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text('only GET\n', { status: 405 });
    }
    return await answers[pathname]!();
  };
};
