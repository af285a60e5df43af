import { describe, expect, it } from 'vitest';
import type { ErrorData, Failure } from '../../src/domain/errors.ts';
import { errorSentence, summaryLine } from '../../src/messages/en.ts';

/** One example for each code; the type sees to it that none is missing. */
const examples: ErrorData = {
  'photo-missing': { path: 'cat.jpg' },
  'photo-is-folder': { path: 'cats' },
  'photo-unreadable': { path: 'cat.jpg' },
  'photo-needed': {},
  'photo-empty': {},
  'photo-too-many-bytes': { bytes: 30e6, maxBytes: 26_214_400 },
  'photo-too-many-pixels': { width: 10_000, height: 9000, maxMegapixels: 50 },
  'photo-side-too-long': { width: 1, height: 4_000_000, maxSide: 12_000 },
  'photo-too-narrow': { width: 10, height: 1000, maxAspect: 20 },
  'photo-format': { found: 'svg' },
  'photo-heic': {},
  'photo-damaged': {},
  'photo-too-slow': { seconds: 10 },
  'request-field': { field: 'maxBytes', expected: 'a size such as 10MB', received: 'much' },
  'request-fields': { field: 'duration', other: 'frames' },
  usage: { problem: 'Say what to do.' },
  'output-extension': { path: 'zoom.avi', offered: ['gif', 'webp', 'mp4', 'png'] },
  'output-is-folder': { path: 'films' },
  'output-folder-missing': { folder: 'films' },
  'output-not-writable': { folder: 'films' },
  'output-failed': { path: 'zoom.gif', reason: 'i/o error' },
  'disk-full': { folder: 'films' },
  'budget-too-small': { maxBytes: 20_000, smallestBytes: 31_000 },
  'ffmpeg-missing': {},
  'ffmpeg-failed': { reason: 'exit status 1' },
  'network-unknown': { name: 'fishing', known: ['pocket', 'vgg19'] },
  'network-missing': { name: 'pocket', path: 'networks/pocket.safetensors' },
  'network-damaged': { name: 'pocket', problem: 'conv1_1.weight is missing' },
  'depth-not-offered': { network: 'pocket', depth: 'scene', offered: ['texture', 'style'] },
  'network-absent': {
    ...{ name: 'vgg19', bytes: 80_134_624, url: 'https://networks.example/vgg19.h5' },
    ...{ path: '/data/networks/vgg19.h5', reason: 'no answer' },
  },
  'network-fetching': { name: 'vgg19', bytes: 80_134_624, percent: 12 },
  'network-not-here': { name: 'vgg19' },
  'engine-unavailable': { engine: 'onnx:cuda', reason: 'no driver' },
  'engine-failed': { engine: 'onnx:cpu', reason: 'no kernel' },
  'out-of-memory': { size: 512 },
  'render-diverged': {},
  'render-crashed': { how: 'exit status 3' },
  'render-stalled': { silentSeconds: 30 },
  'protocol-mismatch': { expected: 1, received: 'version 2' },
  configuration: { key: 'THREADS', expected: 'a whole number from 1 to 256', received: 'two' },
  cancelled: {},
  'command-unknown': { name: '/gramzom', known: ['gramzoom', 'queue'] },
  'option-malformed': { text: 'size', example: 'size:256' },
  'option-twice': { option: 'size' },
  'user-limit': { limit: 2 },
  'server-limit': { limit: 6 },
  'not-found': {},
  'not-yours': {},
  'not-ready': {},
  'already-finished': {},
  'photo-expired': {},
  'result-expired': {},
  stopping: {},
  'checkpoint-unusable': { problem: 'it is of another version' },
  'blob-damaged': { blob: 'abc' },
  'data-folder-in-use': { folder: '/data' },
  'database-newer': { folder: '/data', version: 9, known: 1 },
  'database-damaged': { folder: '/data', problem: 'it is no database' },
  'record-damaged': { record: 'render abc', problem: 'request: it is no JSON' },
  'chat-unreachable': { platform: 'Discord', reason: 'no answer' },
  'chat-gone': { platform: 'Discord' },
  'foreign-host': { received: 'evil.example' },
  'foreign-origin': { received: 'https://evil.example' },
  'body-too-large': { maxBytes: 26_214_400 },
  'body-invalid': { problem: 'no photo in it' },
  'media-type': { expected: 'a multipart form', received: 'text/plain' },
  internal: { reason: 'no such thing' },
};

const failures = Object.entries(examples).map(([code, data]) => ({ code, data }) as Failure);

describe('the sentence of an error', () => {
  it.each(failures)('is one plain sentence for $code', (failure) => {
    const sentence = errorSentence(failure);
    expect(sentence).toMatch(/^[\p{Lu}\p{Ll}/]/u);
    expect(sentence).toMatch(/\.$/);
    expect(sentence).not.toMatch(/\n|undefined|null|NaN|\[object/);
    expect(sentence.slice(0, -1)).not.toMatch(/\.\s/);
    if (failure.code.includes('-')) expect(sentence).not.toContain(failure.code);
  });

  it('is a different one for each code', () => {
    expect(new Set(failures.map((failure) => errorSentence(failure))).size).toBe(failures.length);
  });

  it('calls fields as the place calls them', () => {
    const failure: Failure = { code: 'request-field', data: examples['request-field'] };
    expect(errorSentence(failure)).toBe('maxBytes takes a size such as 10MB, not much.');
    expect(errorSentence(failure, { nameField: () => '--max-bytes' })).toMatch(/^--max-bytes takes/);
  });

  it('says what to do with a HEIC photo', () => {
    expect(errorSentence({ code: 'photo-heic', data: {} })).toBe(
      'HEIC photos cannot be read here: send it as JPEG.',
    );
  });

  it('guesses that a renderer which was killed lacked memory', () => {
    expect(errorSentence({ code: 'render-crashed', data: { how: 'SIGKILL' } })).toContain('memory');
    expect(errorSentence({ code: 'render-crashed', data: { how: 'SIGSEGV' } })).toContain('SIGSEGV');
  });

  it('shows blank and endless input without breaking the line', () => {
    const about = (received: string) =>
      errorSentence({ code: 'request-field', data: { field: 'size', expected: 'a number', received } });
    expect(about('')).toBe('size takes a number, not "".');
    expect(about('a\nb')).toBe('size takes a number, not "a\\nb".');
    expect(about('x'.repeat(1000)).length).toBeLessThan(100);
  });
});

describe('the last line', () => {
  const film = {
    file: 'zoom.gif',
    width: 256,
    height: 256,
    frames: 48,
    fps: 20,
    bytes: 4_100_000,
    seed: 123,
    seconds: { total: 31.2 },
  };

  it('has all that matters of a film', () => {
    expect(summaryLine(film)).toBe('zoom.gif: 256 x 256, 48 frames, 2.4 s loop, 4.1 MB, seed 123 (31 s)');
  });

  it('does not call a picture a loop', () => {
    expect(summaryLine({ ...film, file: 'zoom.png', frames: 1 })).toBe(
      'zoom.png: 256 x 256, one frame, 4.1 MB, seed 123 (31 s)',
    );
  });
});
