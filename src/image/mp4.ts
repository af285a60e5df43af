import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GramzoomError } from '../domain/errors.ts';
import type { RgbImage } from '../domain/picture.ts';
import { delayCentiseconds } from '../domain/request.ts';
import { throwIfCancelled } from './cancellation.ts';

export type Mp4Options = {
  readonly fps: number;
  /** x264's constant rate factor: 18 hardly shows a loss, 38 plainly does. */
  readonly crf: number;
  readonly signal?: AbortSignal | undefined;
};

const quiet = ['-hide_banner', '-loglevel', 'error'];
const bt709 = '-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv'.split(' ');
// Without these flags the scaler halves chroma by shortcuts that cost twice the difference.
const careful = 'accurate_rnd+full_chroma_int';
const toEvenYuv = `scale=ceil(iw/2)*2:ceil(ih/2)*2:flags=lanczos+${careful}:out_color_matrix=bt709:out_range=tv`;
const toRgb = `scale=flags=bicubic+${careful}:in_color_matrix=bt709:in_range=tv`;

/**
 * Writes an H.264 film that plays anywhere (yuv420p, even sides, index in front) with the ffmpeg on the
 * PATH. MP4 has no loop of its own: players decide.
 * @param frames at least one, all of one size
 * @throws GramzoomError `ffmpeg-missing`, `ffmpeg-failed`, or `cancelled`, once ffmpeg has been killed
 */
export const encodeMp4 = async (
  frames: readonly RgbImage[],
  { fps, crf, signal }: Mp4Options,
): Promise<Uint8Array<ArrayBuffer>> =>
  await withFolder(async (folder) => {
    const path = join(folder, 'film.mp4');
    const { width, height } = frames[0]!;
    const size = ['-video_size', `${width}x${height}`, '-framerate', `100/${delayCentiseconds(fps)}`];
    const input = ['-f', 'rawvideo', '-pixel_format', 'rgb24', ...size, '-i', 'pipe:0'];
    const codec = [
      '-c:v',
      'libx264',
      '-preset',
      'medium',
      '-crf',
      String(crf),
      '-pix_fmt',
      'yuv420p',
      ...bt709,
    ];
    const container = [
      '-fflags',
      '+bitexact',
      '-flags:v',
      '+bitexact',
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
    ];
    await runFfmpeg([...quiet, ...input, '-vf', toEvenYuv, ...codec, ...container, path], signal, (ffmpeg) =>
      pipeline(Readable.from(frames.map((frame) => frame.data)), ffmpeg.stdin!),
    );
    return new Uint8Array(await readFile(path));
  });

/** Hands over the frames that a viewer shows, one after the other. */
export const decodeMp4 = async (
  bytes: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly signal?: AbortSignal | undefined },
  onFrame: (frame: RgbImage) => void,
): Promise<void> =>
  await withFolder(async (folder) => {
    const path = join(folder, 'film.mp4');
    await writeFile(path, bytes);
    const { width, height, signal } = size;
    const output = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
    await runFfmpeg([...quiet, '-i', path, '-vf', toRgb, ...output], signal, async (ffmpeg) => {
      let frame = new Uint8Array(3 * width * height);
      let filled = 0;
      for await (const chunk of ffmpeg.stdout! as AsyncIterable<Uint8Array>) {
        for (let at = 0; at < chunk.length; ) {
          const part = chunk.subarray(at, at + frame.length - filled);
          frame.set(part, filled);
          filled += part.length;
          at += part.length;
          if (filled < frame.length) continue;
          onFrame({ width, height, data: frame });
          frame = new Uint8Array(3 * width * height);
          filled = 0;
        }
      }
    });
  });

const withFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'gramzoom-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Runs ffmpeg while `converse` feeds or reads it; its exit status is what counts. */
const runFfmpeg = async (
  args: readonly string[],
  signal: AbortSignal | undefined,
  converse: (ffmpeg: ChildProcess) => Promise<void>,
): Promise<void> => {
  throwIfCancelled(signal);
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const kill = (): void => {
    ffmpeg.kill('SIGKILL');
  };
  signal?.addEventListener('abort', kill);
  try {
    const complaints = collectText(ffmpeg);
    const ended = exitOf(ffmpeg);
    // Where ffmpeg dies, its pipes break too: the exit status tells why.
    const talk = converse(ffmpeg).then(
      () => null,
      (error: unknown) => error,
    );
    const status = await ended;
    const broken = await talk;
    throwIfCancelled(signal);
    if (status !== 0 || broken) {
      const reason = (await complaints).trim().split('\n').at(-1) || `exit status ${status}`;
      throw new GramzoomError('ffmpeg-failed', { reason }, { cause: broken });
    }
  } finally {
    signal?.removeEventListener('abort', kill);
    kill();
  }
};

/** Its exit status, or the signal that ended it. */
const exitOf = async (ffmpeg: ChildProcess): Promise<number | string | null> => {
  const { promise, resolve, reject } = Promise.withResolvers<number | string | null>();
  ffmpeg.once('error', (error: NodeJS.ErrnoException) => {
    reject(
      error.code === 'ENOENT'
        ? new GramzoomError('ffmpeg-missing', {}, { cause: error })
        : new GramzoomError('ffmpeg-failed', { reason: error.message }, { cause: error }),
    );
  });
  ffmpeg.once('close', (status, signal) => resolve(status ?? signal));
  return await promise;
};

const collectText = async (ffmpeg: ChildProcess): Promise<string> => {
  let text = '';
  ffmpeg.stderr?.setEncoding('utf8');
  ffmpeg.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-2000);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  ffmpeg.once('close', () => resolve());
  ffmpeg.once('error', () => resolve());
  await promise;
  return text;
};
