import type { AnyBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { decodeButton } from '../../../src/chat/slack/button-id.ts';
import { draftMessage, fileName } from '../../../src/chat/slack/message-draft.ts';
import { isMarked } from '../../../src/chat/slack/message-marks.ts';
import type { BlobId, JobId } from '../../../src/domain/job.ts';
import { messageActions } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { problemsOfBlocks } from '../../support/block-kit.ts';
import { createMemoryFiles, filmOf, pictureOf, render, saying } from '../../support/contents.ts';
import { buttonsOf, wordsOf } from '../../support/slack/place.ts';

const now = Date.UTC(2026, 9, 31, 18, 30);
const files = createMemoryFiles();

const draftOf = (content: ReturnType<typeof saying>, { locale = 'en-US', role = 'answer' } = {}) =>
  draftMessage(content, { place: { user: 'U1', locale }, role, now });
const linesOf = (...parameters: Parameters<typeof draftOf>): readonly string[] =>
  wordsOf(draftOf(...parameters).blocks).split('\n');

const waiting = saying({ kind: 'waiting', position: 2, total: 5, etaSeconds: 600 });
const film = filmOf(files);
const failed = (received: string) =>
  saying({
    kind: 'failed',
    failure: {
      code: 'request-field',
      data: { field: 'size', expected: { kind: 'integer', min: 64, max: 512 }, received },
    },
  } as never);

/** Of a picture on the way. */
const jpeg = { typeOf: () => 'image/jpeg', surface: 'message' } as const;

describe('a message on Slack', () => {
  it('tells when it is done in everybody’s own time, and in words where that is not shown', () => {
    const at = now / 1000 + 600;
    expect(linesOf(waiting)).toEqual([`Number 2 of 5 in the queue, done at <!date^${at}^{time}|18:40 UTC>.`]);
    expect(draftOf(waiting).text).toBe('Number 2 of 5 in the queue, done at 18:40 UTC.');
  });

  it('is in the language of whoever asked', () => {
    const [english, german] = [draftOf(film), draftOf(film, { locale: 'de-DE' })];
    expect(german.text).not.toBe(english.text);
    expect(buttonsOf(english.blocks).map(({ label }) => label)).toEqual([
      '🎲 Re-roll',
      '🔍 Larger',
      '🗑️ Delete',
    ]);
    expect(buttonsOf(german.blocks)[2]?.label).toBe('🗑️ Löschen');
  });

  it('names whoever asked, once, where they shall hear of it', () => {
    const names = (content: typeof film): number =>
      JSON.stringify(draftOf(content)).split('<@U1>').length - 1;
    expect(names(film)).toBe(1);
    expect(names({ ...film, mentionsRequester: false })).toBe(0);
  });

  it('says whose it is in small letters, calling nobody', () => {
    const place = { user: 'U1', locale: 'en-US' };
    const { blocks } = draftMessage(waiting, { place, role: 'answer', now, askedBy: 'Ann <@U9>' });
    expect(wordsOf(blocks).split('\n')[1]).toBe('for Ann &lt;@U9&gt;');
    const german = { ...place, locale: 'de-DE' };
    const ready = draftMessage(film, { place: german, role: 'answer', now, askedBy: 'Ann' });
    expect(wordsOf(ready.blocks)).toMatch(/^für Ann · Seed 7 · /m);
  });

  it('says seed, network and parent in small letters under a film', () => {
    const again = filmOf(files, undefined, { parent: 'a1b2c3d4e5f6' as JobId });
    expect(linesOf(again)[1]).toBe('seed 7 · pocket · re-roll of a1b2c3d4 · aBcDeFgH');
  });

  it('says which film a notice is about', () => {
    expect(linesOf({ ...failed('huge'), actions: [], isNotice: true }).at(-1)).toBe('↳ aBcDeFgH');
  });

  it('calls nobody by what somebody typed', () => {
    const { text, blocks } = draftOf(failed('<!channel> <@U9> & <https://evil.example|me>'));
    expect(`${text} ${wordsOf(blocks)}`).not.toMatch(/<[!@h]/);
    expect(wordsOf(blocks)).toContain('&lt;!channel&gt;');
  });

  it('has buttons that say what they do years later', () => {
    const buttons = buttonsOf(draftOf(saying({ kind: 'fetching' }, { actions: messageActions })).blocks);
    // A film is saved without a button.
    const pressable = messageActions.filter((action) => action !== 'download');
    expect(buttons.map(({ actionId, value }) => decodeButton({ action_id: actionId, value }))).toEqual(
      pressable.map((action) => ({ action, subject: renderSubject(render), role: 'answer' })),
    );
  });

  it('shows a picture under a new id each time', () => {
    const idsWith = (file: string): readonly (string | undefined)[] =>
      draftMessage(pictureOf(files, 1), {
        ...{ place: { user: 'U1', locale: 'en-US' }, role: 'progress', now },
        pictures: [{ file, alt: 'frame 1', blob: 'a-blob' as BlobId }],
      }).blocks.flatMap(({ type, block_id }) => (type === 'image' ? [block_id] : []));
    expect(idsWith('F1')).toHaveLength(1);
    expect(idsWith('F1')).not.toEqual(idsWith('F2'));
  });

  it.each(['en-US', 'de-DE'])('keeps to the limits of Block Kit, in %s', (locale) => {
    const long = 'ä&<'.repeat(2000);
    const contents = [
      ...[waiting, film, failed(long), saying({ kind: 'fetching' }, { actions: messageActions })],
      saying({ kind: 'failed', failure: { code: 'photo-format', data: { found: long } } }),
    ];
    for (const content of contents) {
      const { text, blocks } = draftMessage(content, {
        ...{ place: { user: 'U1', locale }, role: 'final', now },
        pictures: [{ file: 'F1', alt: long, blob: 'a-blob' as BlobId }],
      });
      expect(problemsOfBlocks(blocks, jpeg)).toEqual([]);
      expect(text).not.toBe('');
    }
  });
});

describe('the mark of a message', () => {
  const marked = (blocks: readonly AnyBlock[]) => (sought: Parameters<typeof isMarked>[1]) =>
    isMarked({ blocks: blocks.map(({ block_id }) => ({ block_id })) }, sought);
  const subject = renderSubject(render);

  it('tells it by its blocks', () => {
    const isIt = marked(draftOf(film, { role: 'final' }).blocks);
    expect(isIt({ subject, role: 'final' })).toBe(true);
    expect(isIt({ subject: null, role: 'final' })).toBe(true);
    expect(isIt({ subject, role: 'answer' })).toBe(false);
    expect(isIt({ subject: renderSubject('another'), role: 'final' })).toBe(false);
    expect(isIt({ subject: { kind: 'poll', id: render }, role: 'final' })).toBe(false);
  });

  it('tells it by the names of its files where its blocks are gone', () => {
    const name = fileName(film, 'gramzoom-7.gif', 'final');
    expect(name).toBe(`gramzoom-7-${render}-final.gif`);
    const isIt = (sought: Parameters<typeof isMarked>[1]) =>
      isMarked({ files: [{ id: 'F1', name }] }, sought);
    expect(isIt({ subject, role: 'final' })).toBe(true);
    expect(isIt({ subject, role: 'copy-1' })).toBe(false);
    expect(isIt({ subject: renderSubject('another'), role: 'final' })).toBe(false);
  });

  it('is on nothing that others say', () => {
    expect(isMarked({ blocks: [{ block_id: 'xyz' }], files: [] }, { subject, role: 'final' })).toBe(false);
    expect(isMarked({}, { subject, role: 'final' })).toBe(false);
  });
});
