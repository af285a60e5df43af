import { randomInt } from 'node:crypto';
import { gramzoom } from '../../commands/gramzoom.ts';
import { readConfig } from '../config.ts';
import type { RequestField } from '../domain/kinds.ts';
import { fieldRule } from '../domain/request.ts';
import { commandLine, summaryLine } from '../messages/command-line-words.ts';
import { specAtDepth } from '../networks/description.ts';
import { describeNetwork } from '../networks/open.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';
import { ChildRenderer } from '../render/child-renderer.ts';
import { chooseNetwork, fetchWithProgress } from './chosen-network.ts';
import { flagValue } from './flags.ts';
import { formatOf, prepareOutput, preparePoster, writeOutputs } from './output-file.ts';
import { readPhoto } from './photo-file.ts';
import { progressFor } from './progress.ts';
import { jsonReport } from './report.ts';

/** What commander hands over: every flag as it was typed. */
export type RenderFlags = {
  readonly out: string;
  readonly poster?: string;
  readonly json?: true;
  readonly verbose?: true;
} & { readonly [F in RequestField]?: string };

type Done = Extract<RenderEvent, { kind: 'done' }>;

const requestOf = (
  flags: RenderFlags,
  { network }: { readonly network: string },
): ReturnType<typeof gramzoom.parse> & { readonly seed: number } => {
  const given = gramzoom.flags.flatMap((name) => {
    const text = name === 'network' ? network : flags[name];
    return text === undefined ? [] : [[name, flagValue(fieldRule(gramzoom.fields, name), text)] as const];
  });
  const request = gramzoom.parse({ ...Object.fromEntries(given), format: formatOf(flags.out) });
  return { ...request, seed: request.seed ?? randomInt(2 ** 32) };
};

const show = async (
  events: AsyncIterable<RenderEvent>,
  { onEvent }: { readonly onEvent: (event: RenderEvent) => void },
): Promise<Done> => {
  for await (const event of events) {
    if (event.kind === 'done') return event;
    onEvent(event);
  }
  throw new Error('the render ended without a file');
};

/**
 * `gramzoom render`: everything that can be refused is refused before the render; its files appear whole or
 * not at all. Progress goes to standard error, the result to standard output.
 * @throws GramzoomError
 */
export const renderCommand = async (
  photoPath: string,
  flags: RenderFlags,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const config = readConfig();
  const chosen = await chooseNetwork(flags.network, config);
  const { places } = chosen;
  const request = requestOf(flags, { network: chosen.name });
  specAtDepth(await describeNetwork(request.network, { places }), request.depth);
  const output = await prepareOutput(flags.out, { photo: photoPath });
  const posterOutput =
    flags.poster === undefined
      ? undefined
      : await preparePoster(flags.poster, { photo: photoPath, film: output });
  const photo = await readPhoto(photoPath, { maxBytes: config.maxPhotoBytes, stdin: process.stdin, signal });
  signal.throwIfAborted();
  await fetchWithProgress(chosen, { config, signal });

  const renderer = new ChildRenderer({
    clock: systemClock,
    threads: config.threads,
    engine: config.engine,
    places,
    pictureIntervalMs: null,
  });
  const view = progressFor(process.stderr, systemClock, { request });
  try {
    const { file, poster, report } = await show(renderer.render(request, photo, signal), {
      onEvent: view.show,
    });
    const still = posterOutput ? [{ output: posterOutput, bytes: poster }] : [];
    await writeOutputs([{ output, bytes: file }, ...still], { signal });
    view.end();
    const json = jsonReport(output.path, report, {
      totalSeconds: process.uptime(),
      ownPeakRssBytes: process.resourceUsage().maxRSS * 1024,
    });
    if (flags.verbose) process.stderr.write(`${commandLine.details(json)}\n`);
    process.stdout.write(`${flags.json ? JSON.stringify(json) : summaryLine(json)}\n`);
  } finally {
    view.end();
    await renderer.close();
  }
};
