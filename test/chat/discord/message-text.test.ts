import { describe, expect, it } from 'vitest';
import { decodeButtonId, encodeButtonId } from '../../../src/chat/discord/button-id.ts';
import { isMarked } from '../../../src/chat/discord/message-marks.ts';
import { messageText } from '../../../src/chat/discord/message-text.ts';
import { plainText } from '../../../src/chat/discord/plain-text.ts';
import type { ReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { markedName } from '../../../src/chat/shared/message-marks.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { messageActions } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { wordsFor } from '../../../src/messages/languages.ts';
import { render, saying } from '../../support/contents.ts';

const now = Date.UTC(2026, 9, 31);

const place: ReplyContext = {
  ...{ channel: '1', guild: '2', user: '3', locale: 'en-US', replyTo: null, interaction: null },
  ...{ isGuest: false, canOpenThread: true, canReact: true, isSpoiler: false, maxFileBytes: 1 },
};

const textOf = (
  content: ReturnType<typeof saying>,
  { locale = 'en-US', mentionsRequester = false } = {},
): string =>
  messageText(content, {
    place: { ...place, locale },
    role: 'answer',
    words: wordsFor(locale),
    mentionsRequester,
    now,
  });

const waiting = saying({ kind: 'waiting', position: 2, total: 5, etaSeconds: 90 });

describe('the words of a message', () => {
  it('tell the moment in the form that Discord keeps up to date', () => {
    expect(textOf(waiting)).toContain(`<t:${now / 1000 + 90}:R>`);
    expect(textOf(waiting)).toMatch(/^Number 2 of 5 in the queue/);
  });

  it('are in the language of whoever asked', () => {
    expect(textOf(waiting, { locale: 'de' })).not.toBe(textOf(waiting));
    expect(textOf(waiting, { locale: 'de' })).toContain(`<t:${now / 1000 + 90}:R>`);
  });

  it('say seed, network and parent in small letters under a film', () => {
    const film = saying({
      ...{
        kind: 'result',
        renderKind: 'zoom',
        seed: 7,
        network: 'pocket',
        depth: 'style',
        quality: 'draft',
        sides: null,
      },
      ...{ parent: 'a1b2c3d4e5f6' as JobId, bytes: 3, renderSeconds: 2 },
    });
    expect(textOf(film).split('\n')[1]).toBe('-# seed 7 · pocket · re-roll of a1b2c3d4 · aBcDeFgH');
  });

  it('never exceed what Discord takes', () => {
    const failed = saying({
      kind: 'failed',
      failure: { code: 'photo-missing', data: { path: '*'.repeat(5000) } },
    });
    expect(textOf({ ...failed, actions: [] }).length).toBeLessThanOrEqual(2000);
    expect(textOf({ ...failed, actions: [] })).toMatch(/-# aBcDeFgH$/);
  });

  it('hold no moment that somebody else has smuggled in', () => {
    const path = '<t:0:R> \uE0000\uE000';
    const failed = saying({ kind: 'failed', failure: { code: 'photo-missing', data: { path } } });
    expect(textOf(failed)).not.toMatch(/(?<!\\)<t:/);
  });
});

describe('a button', () => {
  it.each(messageActions)(
    'the id of the button %s names action and render, and Discord accepts it',
    (action) => {
      const id = encodeButtonId({ action, subject: renderSubject(render), role: 'answer' });
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decodeButtonId(id)).toEqual({ action, subject: renderSubject(render), role: 'answer' });
    },
  );

  it.each([
    '',
    'gz1',
    'gz1:reroll',
    'gz1:explode:abc:final',
    'gz2:reroll:abc:final',
    'gz1:reroll:a/b:final',
    'gz1:reroll:abc:final:x',
  ])('the id %s of another program is none of our buttons', (id) => {
    expect(decodeButtonId(id)).toBeUndefined();
  });
});

describe('a message', () => {
  const bare = { components: [], attachments: [], content: 'Done.' };
  const file = (filename: string) => ({ ...bare, attachments: [{ filename } as never] });
  const sought = { subject: renderSubject(render), role: 'progress' };

  it('is known by its files where it has no buttons', () => {
    const name = markedName('frame-001.jpg', { subject: renderSubject(render), role: 'progress' });
    expect(name).toMatch(/^frame-001-.*\.jpg$/);
    expect(isMarked(file(name), sought)).toBe(true);
    expect(isMarked(file(`SPOILER_${name}`), sought)).toBe(true);
    expect(isMarked(file(name), { ...sought, role: 'final' })).toBe(false);
    expect(isMarked(file('frame-001.jpg'), sought)).toBe(false);
  });

  it("is an answer where it has neither, and this render's where it says so", () => {
    const answer = { ...bare, content: 'Done.\n-# seed 7 · aBcDeFgH' };
    expect(isMarked(answer, { subject: renderSubject(render), role: 'answer' })).toBe(true);
    expect(isMarked(answer, { subject: renderSubject(render), role: 'final' })).toBe(false);
    expect(isMarked(answer, { subject: renderSubject('another'), role: 'answer' })).toBe(false);
    expect(isMarked(bare, { subject: renderSubject(render), role: 'answer' })).toBe(false);
  });
});

describe('plain text', () => {
  it.each([
    ['*bold* _it_ ~~no~~', '\\*bold\\* \\_it\\_ \\~\\~no\\~\\~'],
    ['`code`', '\\`code\\`'],
    ['# big', '\\# big'],
    ['-# small\n- one\n1. two', '\\-# small\n\\- one\n1\\. two'],
    ['\\*not bold*', '\\\\\\*not bold\\*'],
    ['my cat-2.png, 1.5 MB (a): "b"', 'my cat-2.png, 1.5 MB (a): "b"'],
  ])('plain text has no markup: %s', (given, expected) => {
    expect(plainText(given)).toBe(expected);
  });

  it('names nobody and links nothing behind other words', () => {
    expect(plainText('@everyone <@1> <#2> <:x:3>')).not.toMatch(/@everyone|(?<!\\)</);
    expect(plainText('[[a] [b](https://b.example)')).not.toMatch(/(?<!\\)[[\]]/);
  });
});
