import { describe, expect, it } from 'vitest';
import { panelBlocks } from '../../../src/chat/slack/panel-blocks.ts';
import { buttonValue, choiceValue, readPanelValue } from '../../../src/chat/slack/panel-value.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import type { Panel, PanelPicture } from '../../../src/messages/panel.ts';
import { elementsOf, type Json, problemsOfBlocks } from '../../support/block-kit.ts';
import { wordsOf } from '../../support/slack/place.ts';

const [film, still] = ['a-film', 'a-still'] as [BlobId, BlobId];

const picture = (changes: Partial<PanelPicture> = {}): PanelPicture => ({
  attachment: { blob: film, still, name: 'entry-1.gif', format: 'gif', alt: '#1' },
  ...{ alt: 'Film 1', caption: 'Film 1, second on your ballot' },
  ...changes,
});

const text = { title: 'Why', label: 'The reason', mostLetters: 500, isRequired: true };
const panel = (changes: Partial<Panel> = {}): Panel => ({
  ...{ title: 'Your vote', lines: ['Choose up to three.'], pictures: [] },
  controls: [
    [
      { kind: 'button', label: 'Next', emoji: '▶️', look: 'primary', step: 'ballot.contest.1' },
      { kind: 'button', label: 'Reject', emoji: null, look: 'danger', step: 'reject.contest.entry', text },
      { kind: 'photo', label: 'Send a photo', options: { size: 128 } },
    ],
    [
      {
        kind: 'menu',
        label: 'First',
        options: [
          { label: 'none', step: 'rank.contest.entry.0.0', isChosen: false },
          { label: 'Film 1', step: 'rank.contest.entry.1.0', isChosen: true },
        ],
      },
    ],
  ],
  ...changes,
});

const draw = (given: Panel, { files = [] as readonly (readonly [BlobId, string])[], nonce = 'n' } = {}) =>
  panelBlocks(given, { pictures: new Map(files), nonce });
const gif = { typeOf: () => 'image/gif', surface: 'modal' } as const;
const imagesIn = (blocks: ReturnType<typeof draw>): readonly string[] =>
  blocks.flatMap((block) =>
    block.type === 'image' && 'slack_file' in block ? [JSON.stringify(block.slack_file)] : [],
  );

describe('a panel on Slack', () => {
  it('has its words, and controls that say what they do', () => {
    const blocks = draw(panel());
    expect(wordsOf(blocks)).toBe('Your vote\nChoose up to three.');
    const values = blocks
      .flatMap(elementsOf)
      .flatMap(({ value, options = [] }) => [
        ...(value === undefined ? [] : [value]),
        ...(options as readonly Json[]).map((one) => one['value']),
      ]);
    expect(values.map((value) => readPanelValue(String(value)))).toEqual([
      { step: 'ballot.contest.1' },
      { step: 'reject.contest.entry', text },
      { photo: { label: 'Send a photo', options: { size: 128 } } },
      { step: 'rank.contest.entry.0.0' },
      { step: 'rank.contest.entry.1.0' },
    ]);
  });

  it('shows what is chosen in a menu under another id each time, since Slack keeps what somebody chose', () => {
    const menuIn = (nonce: string) => draw(panel(), { nonce }).at(-1)!;
    expect(JSON.stringify(elementsOf(menuIn('a'))[0]?.['initial_option'])).toContain('Film 1');
    expect(menuIn('a').block_id).not.toBe(menuIn('b').block_id);
  });

  it('leaves a menu out that has nothing to choose', () => {
    expect(draw(panel({ controls: [[{ kind: 'menu', label: 'First', options: [] }]] }))).toHaveLength(2);
  });

  it.each([
    ['the film, where it is the only one', [picture()], [film], ['F-a-film']],
    ['its still, where the film is not there yet', [picture()], [still], ['F-a-still']],
    [
      'stills of several, since all would be loaded',
      [picture(), picture()],
      [film, still],
      ['F-a-still', 'F-a-still'],
    ],
    [
      'the still of what Slack does not show',
      [picture({ attachment: { ...picture().attachment, format: 'webp' } })],
      [film, still],
      ['F-a-still'],
    ],
  ])('shows %s', (_, pictures, blobs, shown) => {
    const blocks = draw(panel({ pictures }), { files: blobs.map((blob) => [blob, `F-${blob}`] as const) });
    expect(imagesIn(blocks)).toEqual(shown.map((id) => JSON.stringify({ id })));
  });

  it('says in words what a picture shows that is not there', () => {
    const blocks = draw(panel({ pictures: [picture()] }));
    expect(imagesIn(blocks)).toEqual([]);
    expect(wordsOf(blocks)).toContain('Film 1, second on your ballot');
  });

  it('keeps to the limits of Block Kit and calls nobody, whatever people typed', () => {
    const hostile = '<!channel> <@U123> *bold* & \u202E <https://example.org|here> \uE002U123\uE003 '.repeat(
      120,
    );
    const many = Array.from({ length: 40 }, () => hostile);
    const options = Array.from({ length: 30 }, (_, index) => ({
      ...{ label: hostile, step: 'rank.contest.entry.1.0', isChosen: index === 3 },
    }));
    const blocks = draw(
      panel({
        ...{ title: hostile, lines: many },
        pictures: [picture({ alt: hostile, caption: hostile }), picture({ alt: '', caption: '' })],
        controls: [
          [
            {
              kind: 'button',
              label: hostile,
              emoji: '🏆',
              look: 'secondary',
              step: 'x',
              text: { ...text, title: hostile.slice(0, 200) },
            },
          ],
          [{ kind: 'menu', label: hostile, options }],
        ],
      }),
      { files: [[still, 'F1']] },
    );
    expect(problemsOfBlocks(blocks, gif)).toEqual([]);
    const mrkdwn = JSON.stringify(blocks.filter(({ type }) => type === 'section'));
    expect(mrkdwn).not.toMatch(/<[@!h]/);
  });
});

describe('the value of a control', () => {
  it.each([
    ['', undefined],
    ['{}', undefined],
    ['{"step":3}', undefined],
    ['not json', undefined],
    [choiceValue('rank.c.e.1.0', 12), { step: 'rank.c.e.1.0' }],
    [buttonValue({ kind: 'photo', label: 'A photo' }), { photo: { label: 'A photo', options: {} } }],
  ])('is read where it is one of ours: %s', (value, read) => {
    expect(readPanelValue(value)).toEqual(read);
  });
});
