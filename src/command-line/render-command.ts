import { randomInt } from 'node:crypto';
import { readConfig } from '../config.ts';
import type { PrecisionReason } from '../domain/engines.ts';
import { type KindName, kindOf, type RenderRequest } from '../domain/kinds.ts';
import { rawValue } from '../domain/request.ts';
import { commandLine, summaryLine } from '../messages/command-line-words.ts';
import { specAtDepth } from '../networks/description.ts';
import { describeNetwork } from '../networks/open.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';
import { ChildRenderer } from '../render/child-renderer.ts';
import { peakResidentBytes } from '../render/memory.ts';
import { chooseNetwork, fetchWithProgress } from './chosen-network.ts';
import { formatOf, prepareOutput, preparePoster, writeOutputs } from './output-file.ts';
import { readPhoto } from './photo-file.ts';
import { progressFor } from './progress.ts';
import { jsonReport } from './report.ts';

/** What commander hands over: every flag as it was typed. */
export type RenderFlags = {
  readonly out: string;
  readonly poster?: string;
  readonly network?: string;
  readonly json?: true;
  readonly verbose?: true;
};

type Done = Extract<RenderEvent, { kind: 'done' }>;

/** The output's extension says the format. */
const requestOf = (
  flags: RenderFlags,
  { kind, network }: { readonly kind: KindName; readonly network: string },
): RenderRequest => {
  const { fields, formats, parse } = kindOf({ kind });
  const given: Readonly<Record<string, unknown>> = {
    ...flags,
    network,
    format: formatOf(flags.out, formats),
  };
  const options = fields.flatMap((field) => {
    const text = given[field.name];
    return typeof text === 'string' ? [[field.name, rawValue(field, text)] as const] : [];
  });
  const request = parse(Object.fromEntries(options));
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
 * `gramzoom render`, `gramzoom texture`: everything that can be refused is refused before the render; its files appear whole or
 * not at all. Progress goes to standard error, the result to standard output.
 * @throws GramzoomError
 */
export const renderCommand = async (
  kind: KindName,
  photoPath: string,
  { flags, signal }: { readonly flags: RenderFlags; readonly signal: AbortSignal },
): Promise<void> => {
  const config = readConfig();
  const chosen = await chooseNetwork(flags.network, config);
  const { places } = chosen;
  const request = requestOf(flags, { kind, network: chosen.name });
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
    precision: config.precision,
    places,
    previewIntervalMs: null,
  });
  const view = progressFor(process.stderr, systemClock);
  let precisionReason: PrecisionReason | null = null;
  const onEvent = (event: RenderEvent): void => {
    if (event.kind === 'started') precisionReason = event.precisionReason;
    view.show(event);
  };
  try {
    const { files, report } = await show(renderer.render(request, photo, signal), { onEvent });
    const still = posterOutput ? [{ output: posterOutput, bytes: files.still }] : [];
    await writeOutputs([{ output, bytes: files.result }, ...still], { signal });
    view.end();
    const json = jsonReport(output.path, report, {
      totalSeconds: process.uptime(),
      ownPeakRssBytes: peakResidentBytes(),
    });
    if (flags.verbose) process.stderr.write(`${commandLine.details(json, precisionReason)}\n`);
    process.stdout.write(`${flags.json ? JSON.stringify(json) : summaryLine(json)}\n`);
  } finally {
    view.end();
    await renderer.close();
  }
};
