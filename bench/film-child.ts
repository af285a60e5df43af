/**
 * Makes one film and ends: a process of its own, so that its memory is the film's alone. Everything is the
 * product's but for the tuning, or the method, that it is asked to try.
 */

import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { renderZoom } from '../src/engine/kinds/zoom.ts';
import { systemClock } from '../src/ops/system-clock.ts';
import { createOpenFor, type Engine } from '../src/render/engine.ts';
import { createRunRender, defaultParts } from '../src/render/run-render.ts';
import { answerParent } from './child-answer.ts';
import { comparisonNetwork } from './comparison-networks.ts';
import { gramzoomLoss, gramzoomNetwork, renderGramzoom } from './film-gramzoom.ts';
import { type FilmAnswer, type FilmOrder, filmOrderSchema } from './film-order.ts';

const openFor = createOpenFor(systemClock);

/** As the product opens it, but for the network, which may be one to compare with. */
const openEngine = async ({ method, request, ...order }: FilmOrder): Promise<Engine> => {
  const { network: asked, networksFolder: folder, threads, precision } = order;
  const network = await comparisonNetwork(asked, { folder }).open(request.seed);
  if (!network) throw new Error(`the network ${asked} is not here`);
  if (method.kind === 'ours') return await openFor(network, { engine: 'auto', precision, threads });
  const backend = await openOnnxBackend(gramzoomNetwork(network), gramzoomLoss, { threads });
  return { backend, reason: null };
};

const methodOf = ({ method }: FilmOrder): typeof renderZoom =>
  method.kind === 'gramzoom'
    ? renderGramzoom
    : (request, photo, backend, options) =>
        renderZoom(request, photo, backend, { ...options, tuning: method.tuning });

const make = async (order: FilmOrder): Promise<FilmAnswer> => {
  const evaluations = { start: 0, total: 0 };
  const method = methodOf(order);
  async function* counted(...film: Parameters<typeof renderZoom>): ReturnType<typeof renderZoom> {
    for await (const event of method(...film)) {
      if (event.kind === 'step') evaluations.total = event.stepsDone;
      if (event.kind === 'step' && event.stage === 'start') evaluations.start = event.stepsDone;
      yield event;
    }
  }
  const run = createRunRender({
    ...defaultParts(systemClock),
    openEngine: () => openEngine(order),
    renderZoom: counted,
  });
  const { request, photo, threads, precision } = order;
  const job = { request, photo, threads, places: null, engine: 'auto', precision } as const;
  const rest = { previewIntervalMs: null, checkpoints: false, resume: null } as const;
  const { signal } = new AbortController();
  for await (const event of run({ ...job, ...rest, through: [] }, { signal })) {
    if (event.kind !== 'done' || event.report.kind !== 'zoom') continue;
    const { start, total } = evaluations;
    return { file: event.files.result, report: event.report, evaluations: { start, frames: total - start } };
  }
  throw new Error('the film ended without a file');
};

answerParent((order) => make(filmOrderSchema.parse(order)));
