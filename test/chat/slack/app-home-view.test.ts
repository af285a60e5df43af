import type { Button, HomeView, KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src/app/renders.ts';
import { type AppHomeContent, appHomeView } from '../../../src/chat/slack/app-home-view.ts';
import { decodeButton } from '../../../src/chat/slack/button-id.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { wordsFor } from '../../../src/messages/languages.ts';
import { problemsOfView } from '../../support/block-kit.ts';

const me = { platform: 'slack', server: 'T1', user: 'T1/U1' };
const other = { ...me, user: 'T1/U2' };

const row = (number: number, changes: Partial<JobView> = {}): JobView => ({
  ...{ id: `render-${number}-0123456789` as JobId, origin: me, state: 'done', parent: null, failure: null },
  ...{ kind: 'zoom', seed: 40 + number, network: 'pocket', depth: 'style', quality: 'standard' },
  ...{ format: 'gif', size: 256, position: null, waiting: 0, etaSeconds: null, share: 1 },
  ...{ progress: { done: 48, total: 48, unit: 'frame' }, sides: { width: 320, height: 208 } },
  ...{ photoOwner: me, waitsForSpace: false },
  ...changes,
});

const empty: AppHomeContent = {
  ...{ mine: [], queue: { running: null, waiting: [] }, notice: null, direct: null },
  erasable: { photos: 0, renders: 0, ofOthers: 0 },
};

const now = Date.UTC(2026, 0, 2, 18, 30);
const view = (content: Partial<AppHomeContent>, locale = 'en-US'): HomeView => {
  const made = appHomeView({ ...empty, ...content }, { words: wordsFor(locale), now });
  expect(problemsOfView(made, () => undefined)).toEqual([]);
  return made;
};

const textsOf = ({ blocks }: HomeView): readonly string[] =>
  (blocks as KnownBlock[]).flatMap((block) =>
    block.type === 'section' || block.type === 'header' ? (block.text?.text ?? []) : [],
  );
const rowsOf = ({ blocks }: HomeView): readonly (readonly Button[])[] =>
  (blocks as KnownBlock[]).flatMap((block) => (block.type === 'actions' ? [block.elements as Button[]] : []));
const actionsOf = (buttons: readonly Button[] = []) => buttons.map((button) => decodeButton(button)?.action);

describe('the App Home', () => {
  it('tells somebody new how to begin, that there is nothing yet, and that nothing is rendering', () => {
    const texts = textsOf(view({}));
    expect(texts).toEqual([
      expect.stringMatching(/^Send me a photo .*\/gramzoom/s),
      ...['My films', 'You have no renders yet: send a photo.'],
      ...['The queue', 'Nothing is rendering or waiting.'],
      ...['Your data', expect.stringContaining('delete everything of yours')],
    ]);
  });

  it('speaks German to whom it should', () => {
    const queue = { running: null, waiting: [row(3, { state: 'queued', position: 1, etaSeconds: 540 })] };
    const texts = textsOf(view({ mine: [{ render: row(1), link: 'https://x.test/1' }], queue }, 'de-DE'));
    expect(texts).toContain('Meine Filme');
    expect(texts.join('\n')).toMatch(/Endloser Zoom.*anzeigen/);
    expect(texts.join('\n')).toMatch(/1 wartet, fertig um <!date\^\d+\^\{time\}\|18:39 UTC>\./);
  });

  it('shows each render of theirs with its size, its seed, how it stands, and where it is', () => {
    const waiting = row(1, { state: 'queued', position: 2, waiting: 3, sides: null, etaSeconds: 540 });
    const film = row(2, { kind: 'texture' });
    const texts = textsOf(
      view({
        mine: [
          { render: waiting, link: null },
          { render: film, link: 'https://zoo.test/archives/C1/p17' },
        ],
      }),
    );
    expect(texts[2]).toBe(
      '*Endless zoom*, 256 px\nrender-1 (seed 41, pocket, style): number 2 of 3, done at <!date^1767379140^{time}|18:39 UTC>',
    );
    expect(texts[3]).toBe(
      '*Texture*, 320 × 208 · <https://zoo.test/archives/C1/p17|show it>\nrender-2 (Texture, seed 42, pocket, style): done',
    );
  });

  it.each([
    ['waits', { state: 'queued', position: 1 }, ['cancel']],
    ['runs', { state: 'running', position: 0 }, ['cancel']],
    ['is done', {}, ['reroll', 'larger', 'delete', 'delete-photo']],
    ['has the largest size', { size: 512 }, ['reroll', 'delete', 'delete-photo']],
    ["is of somebody else's photo", { photoOwner: other }, ['reroll', 'larger', 'delete']],
    ['was cancelled', { state: 'cancelled' }, ['reroll', 'delete', 'delete-photo']],
  ] as const)('has the buttons for a render that %s', (_, changes, actions) => {
    const render = row(1, changes);
    const [buttons] = rowsOf(view({ mine: [{ render, link: null }] }));
    expect(actionsOf(buttons)).toEqual(actions);
    for (const button of buttons ?? []) expect(decodeButton(button)?.subject.id).toBe(render.id);
  });

  it('asks before anything is deleted for good, and says what goes', () => {
    const erasable = { photos: 1234, renders: 5678, ofOthers: 4321 };
    for (const locale of ['en-US', 'de-DE']) {
      const rows = rowsOf(view({ mine: [{ render: row(1), link: null }], erasable }, locale));
      const [photo, everything] = [rows[0]?.at(-1), rows[1]?.[0]];
      for (const button of [photo, everything]) {
        expect(decodeButton(button)?.role).toBe('confirmed');
        expect(button?.confirm?.text.text).not.toContain('…');
      }
      expect(everything?.confirm?.text.text).toMatch(/1.?234/);
      expect(everything?.confirm?.text.text).toMatch(
        / \/gramzoom (?:forget confirm|vergessen bestätigen):yes\.$/,
      );
    }
  });

  it('tells how long the queue is, and nothing of whose renders these are', () => {
    const theirs = (number: number, changes: Partial<JobView>) =>
      row(number, { origin: other, photoOwner: other, sides: null, ...changes });
    const running = theirs(7, {
      ...{ state: 'running', position: 0, share: 0.1, etaSeconds: 60 },
      progress: { done: 3, total: 48, unit: 'frame' },
    });
    const waiting = [8, 9].map((number) => theirs(number, { state: 'queued', etaSeconds: 60 * number }));
    const made = view({ queue: { running, waiting } });
    expect(textsOf(made)[4]).toBe(
      'Rendering now: Frame 3 of 48, done at <!date^1767378660^{time}|18:31 UTC>.\n2 are waiting, the last one done at <!date^1767379140^{time}|18:39 UTC>.',
    );
    expect(JSON.stringify(made)).not.toMatch(/render-[789]|seed 4[789]|U2/);
  });

  it('has a button that opens the form for each kind of render, where what is asked for can be answered', () => {
    const [begin] = rowsOf(view({ direct: 'D1' }, 'de-DE'));
    expect(begin?.map(({ text, action_id, value }) => [text.text, action_id, value])).toEqual([
      ['Endloser Zoom', 'gramzoom_begin_zoom', 'D1'],
      ['Textur', 'gramzoom_begin_texture', 'D1'],
    ]);
    expect(rowsOf(view({}))).toHaveLength(1);
  });

  it('begins with what came of a button, as words and not as notation', () => {
    expect(textsOf(view({ notice: 'You may have 2 <!channel> & more.' }))[0]).toBe(
      'You may have 2 &lt;!channel&gt; &amp; more.',
    );
  });

  it('has room for as many renders as are listed', () => {
    const mine = Array.from({ length: 25 }, (_, index) => ({ render: row(index), link: null }));
    expect(view({ mine, notice: 'Deleted.' }).blocks.length).toBeLessThanOrEqual(100);
  });
});
