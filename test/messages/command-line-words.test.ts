import { describe, expect, it } from 'vitest';
import { summaryLine } from '../../src/messages/command-line-words.ts';

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
