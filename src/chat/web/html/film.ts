import { html } from 'hono/html';
import type { BlobId } from '../../../domain/job.ts';
import type { MessageAttachment } from '../../../domain/message.ts';
import type { Size } from '../../../domain/picture.ts';
import { webPage } from '../../../messages/page-words.ts';
import { filmSides } from '../shown-sides.ts';
import { icon } from './icons.ts';

/** So that nothing moves when it comes. */
export const sidesOf = (sides: Size | null) => sides && html`width="${sides.width}" height="${sides.height}"`;

export const sidesOfFilm = ({ sides }: MessageAttachment) => sidesOf(sides ? filmSides(sides) : null);

/**
 * A film that plays. Where someone wants nothing to move, the still is shown, and a button that plays the film.
 * @param options `addressOf`: where a file of it is found; `play`: what that button is called
 */
export const filmMarkup = (
  attachment: MessageAttachment,
  {
    alt,
    addressOf,
    play = webPage.film.play,
  }: {
    readonly alt: string;
    readonly addressOf: (blob: BlobId, format: MessageAttachment['format']) => string;
    readonly play?: string;
  },
) => {
  const { blob, still, format } = attachment;
  const source = addressOf(blob, format);
  const poster = still && addressOf(still, 'png');
  const sides = sidesOfFilm(attachment);
  if (format === 'mp4') {
    return html`<video class="picture" src="${source}" ${poster && html`poster="${poster}"`} ${sides} aria-label="${alt}"
      loop muted autoplay playsinline controls preload="metadata"></video>`;
  }
  return html`<span class="film"><picture>${
    poster && html`<source media="(prefers-reduced-motion: reduce)" srcset="${poster}">`
  }<img class="picture" src="${source}" alt="${alt}" ${sides} loading="lazy" decoding="async"></picture>${
    poster && html`<button type="button" class="play" aria-label="${play}">${icon('play')}</button>`
  }</span>`;
};
