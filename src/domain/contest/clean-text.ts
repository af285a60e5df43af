/**
 * What people type, made harmless where it comes in: one line, of letters that can be seen, that turns no other text
 * around. Markdown and mentions stay in it: only a platform knows what is one, and escapes them.
 */

/** How many marks one letter may carry; a few languages need two or three. */
const mostMarks = 3;
export const mostNameLetters = 64;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How long a text is, as `mostLetters` counts: in code points, of which an emoji can have several. */
export const countLetters = (text: string): number => [...text].length;

/** Cuts between what people see as letters. */
const cut = (text: string, mostLetters: number): string => {
  if (countLetters(text) <= mostLetters) return text;
  const kept: string[] = [];
  let left = mostLetters - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= countLetters(segment);
    if (left < 0) break;
    kept.push(segment);
  }
  return `${kept.join('').replace(/[ \u200c\u200d]+$/, '')}…`;
};

const space = /^[\t-\r\p{Z}\u0085\u2800]$/u;
/** Joiners of emoji and of some scripts, which stay between what they join. */
const joiner = /^(?:\u200c|\u200d)$/;
const joinsAfter = /^[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const joinsBefore = /^[\p{L}\p{Extended_Pictographic}]$/u;
const selector = /^(?:\ufe0e|\ufe0f)$/;
const mark = /^\p{M}$/u;
/** Controls, bidirectional and other format characters, fillers, halves of surrogates, private letters. */
const unseen = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]$/u;

/** One pass, in which nothing that is left out can bring together what would have been left out too. */
const withoutUnseen = (text: string): string => {
  let kept = '';
  let last = '';
  let marks = 0;
  let between = '';
  for (const letter of text) {
    if (space.test(letter)) {
      between = last === '' ? '' : ' ';
    } else if (joiner.test(letter)) {
      if (between === '' && joinsAfter.test(last)) between = letter;
    } else if (selector.test(letter)) {
      if (between !== '' || last === '' || mark.test(last)) continue;
      kept += letter;
      last = letter;
    } else if (unseen.test(letter)) {
    } else if (mark.test(letter)) {
      if (last === '' || between === ' ' || marks === mostMarks) continue;
      kept += letter;
      [last, between] = [letter, ''];
      marks += 1;
    } else {
      kept += between === ' ' || joinsBefore.test(letter) ? between + letter : letter;
      [last, between, marks] = [letter, '', 0];
    }
  }
  return kept;
};

/**
 * A text of somebody on one line, without what is not seen or turns text around (bidirectional overrides and isolates),
 * and with at most three marks on a letter.
 * @param options `mostLetters`: what is longer than so many code points is cut, and ends with `…`
 */
export const cleanText = (text: string, { mostLetters }: { readonly mostLetters: number }): string =>
  cut(withoutUnseen(text.normalize('NFC')).normalize('NFC'), mostLetters);

/** The name of somebody, cleaned; `otherwise` where nothing of it can be seen. */
export const cleanName = (name: string, { otherwise }: { readonly otherwise: string }): string =>
  cleanText(name, { mostLetters: mostNameLetters }) || otherwise;
