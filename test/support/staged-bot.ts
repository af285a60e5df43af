/** The whole bot in the process of a test, on fake platforms, with real store and queue. */
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openPlatforms } from '../../src/bot/platforms.ts';
import type { Environment } from '../../src/config/setting.ts';
import { readConfig } from '../../src/config.ts';
import { toRgbImage } from '../../src/domain/picture.ts';
import { encodePng } from '../../src/image/png.ts';
import { type Bot, startBot } from '../../src/main.ts';
import { createLog } from '../../src/ops/log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Addresses } from './bot-on-fake.ts';
import { temporaryFolder } from './command-line.ts';
import { createQuickRenderer } from './quick-renderer.ts';
import { wavyPicture } from './test-pictures.ts';

/** The smallest film, and the quickest. */
export const small = { size: 64, frames: 8, steps: 1, quality: 'draft', depth: 'texture' } as const;
/** A film that takes far longer than any test: others wait behind it. */
export const endless = { ...small, frames: 240, steps: 16 } as const;

const picture = encodePng(toRgbImage(wavyPicture(90, 70, 3)));

/** A real photo. */
export const photoNamed = async (name = 'cat.png') => ({ name, bytes: await picture });

/** What a film's file is, decoded. */
export const decodeGif = async (bytes: Uint8Array) => {
  const { pages = 1, width, pageHeight, format, loop } = await sharp(bytes, { pages: -1 }).metadata();
  return { frames: pages, width, height: pageHeight, format, loop, bytes: bytes.length };
};

type LogLine = { readonly level: string; readonly msg: string; readonly [field: string]: unknown };

/** That a render failed is said to whoever asked for it, and may be what a test is about. */
export const isTrouble = ({ level, msg }: LogLine): boolean =>
  ['error', 'fatal'].includes(level) && msg !== 'render: failed';

/**
 * A bot in a folder of its own that can be stopped and started again.
 * @param options.onLog called at each line of its log
 * @param options.hasEngine films come from the engine; otherwise from a quick renderer
 */
export const createStagedBot = ({
  environment,
  addresses,
  clock,
  onLog,
  hasEngine = false,
}: {
  readonly environment: () => Environment;
  readonly addresses: Addresses;
  readonly clock: Clock;
  readonly onLog: () => void;
  readonly hasEngine?: boolean | undefined;
}) => {
  const { path: folder, remove } = temporaryFolder();
  const lines: LogLine[] = [];
  const write = (line: string): void => {
    lines.push(JSON.parse(line));
    onLog();
  };
  const log = createLog({ level: 'debug', to: { write } });
  let bot: Bot | null = null;
  const stop = async (): Promise<void> => {
    await bot?.stop();
    bot = null;
  };
  return {
    folder,
    log: lines as readonly LogLine[],
    start: async (): Promise<Bot> => {
      const settings = { DATA_DIR: folder, PORT: '0', THREADS: '1', PRECISION: 'int8', GRACE_MS: '2000' };
      bot = await startBot(readConfig({ ...settings, ...environment() }), {
        ...{ log, clock, signal: new AbortController().signal },
        openPlatforms: (given, deps) => openPlatforms(given, deps, addresses),
        ...(!hasEngine && { renderer: createQuickRenderer() }),
      });
      return bot;
    },
    stop,
    close: async (): Promise<void> => {
      await stop();
      remove();
    },
  };
};

/** A bot on a fake platform, as a file of tests has it. */
type Staged = {
  readonly fake: { readonly violations: readonly unknown[] };
  readonly log: readonly LogLine[];
  start(): Promise<unknown>;
  close(): Promise<unknown>;
};

/**
 * One bot for all tests of a file. After each of them nothing may be wrong that the platform would complain of or that
 * the bot itself calls an error.
 */
export const oneForFile = <Stage extends Staged>(
  create: () => Promise<Stage>,
): { readonly current: Stage } => {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await create();
    await stage.start();
  });
  afterAll(async () => {
    await stage?.close();
  });
  afterEach(() => {
    expect(stage?.fake.violations).toEqual([]);
    expect(stage?.log.filter(isTrouble)).toEqual([]);
  });
  return {
    get current() {
      if (!stage) throw new Error('the bot has not been started');
      return stage;
    },
  };
};
