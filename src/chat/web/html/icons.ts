import { html, raw } from 'hono/html';
import { actionTraits, type MessageAction } from '../../../domain/message.ts';

const drawings = {
  reroll:
    '<rect x="4" y="4" width="16" height="16" rx="4"/><circle cx="9" cy="9" r="1.1"/><circle cx="15" cy="9" r="1.1"/><circle cx="12" cy="12" r="1.1"/><circle cx="9" cy="15" r="1.1"/><circle cx="15" cy="15" r="1.1"/>',
  larger: '<path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7"/>',
  cancel: '<path d="M6 6l12 12M18 6L6 18"/>',
  delete: '<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5"/>',
  'delete-photo': '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="M9 9l6 6M15 9l-6 6"/>',
  download: '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
  photo:
    '<rect x="3" y="5" width="18" height="14" rx="3"/><circle cx="8.5" cy="10" r="1.6"/><path d="M4 17l5-4 3.5 2.5L16 12l5 4.5"/>',
  options:
    '<path d="M4 8h8M18 8h2M4 16h2M12 16h8"/><circle cx="15" cy="8" r="2.4"/><circle cx="9" cy="16" r="2.4"/>',
  send: '<path d="M5 12h13M12 5.5l6.5 6.5-6.5 6.5"/>',
  play: '<path d="M8 5.5v13l11-6.5z"/>',
  down: '<path d="M12 5v14M6 13l6 6 6-6"/>',
  person: '<circle cx="12" cy="8" r="3.6"/><path d="M5 20c.8-4 3.4-6 7-6s6.2 2 7 6"/>',
} as const;

export type Icon = keyof typeof drawings;

/** A drawing in the colour of the text around it. It says nothing by itself: whoever shows it adds words. */
export const icon = (name: Icon) =>
  html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentcolor" stroke-width="1.8" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true">${raw(drawings[name])}</svg>`;

/** Of a button; one that has no drawing shows its emoji. */
export const actionIcon = (action: MessageAction) =>
  Object.hasOwn(drawings, action)
    ? icon(action as Icon)
    : html`<span class="icon" aria-hidden="true">${actionTraits[action].emoji}</span>`;

/** The bot's face: a pumpkin with a spiral, which is what it does. */
export const botFace = () =>
  html`<svg class="face" viewBox="0 0 40 40" aria-hidden="true">${raw(
    '<path fill="none" stroke="#6f8a45" stroke-width="3" stroke-linecap="round" d="M20 10c-.4-3 .6-5 3-6"/><ellipse fill="#d3621a" cx="11" cy="22" rx="7" ry="10"/><ellipse fill="#d3621a" cx="29" cy="22" rx="7" ry="10"/><ellipse fill="#ee8a38" cx="20" cy="22" rx="10" ry="11.5"/><path fill="none" stroke="#4d2611" stroke-width="1.7" stroke-linecap="round" d="M20 22c0-1.6 2.6-1.6 2.6.6 0 3-5.4 3-5.4-.8 0-4.8 8.4-4.6 8.4 1 0 6-11 6.2-11-.6"/>',
  )}</svg>`;
