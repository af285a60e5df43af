import type { Random } from '../../src/domain/random.ts';

/** Shadows, lights and surfaces that leaves and things share. */
export const fixtures = `
<filter id="shadow" x="-20%" y="-20%" width="150%" height="150%"><feDropShadow dx="2.5" dy="3.5" stdDeviation="3" flood-color="#120400" flood-opacity=".75"/></filter>
<linearGradient id="fold"><stop stop-color="#200800" stop-opacity=".34"/><stop offset="1" stop-color="#200800" stop-opacity=".08"/></linearGradient>
<radialGradient id="rust"><stop stop-color="#6e2208" stop-opacity=".55"/><stop offset="1" stop-color="#6e2208" stop-opacity="0"/></radialGradient>
<radialGradient id="sun"><stop stop-color="#ffd75a" stop-opacity=".5"/><stop offset="1" stop-color="#ffd75a" stop-opacity="0"/></radialGradient>
<radialGradient id="moss"><stop stop-color="#74852a" stop-opacity=".45"/><stop offset="1" stop-color="#74852a" stop-opacity="0"/></radialGradient>
<radialGradient id="nut" cx=".36" cy=".3" r=".75"><stop stop-color="#d9944a"/><stop offset=".45" stop-color="#8c4a17"/><stop offset="1" stop-color="#3a1806"/></radialGradient>
<radialGradient id="conker" cx=".36" cy=".3" r=".8"><stop stop-color="#b5622b"/><stop offset=".4" stop-color="#70280d"/><stop offset="1" stop-color="#270a03"/></radialGradient>
<radialGradient id="berry" cx=".36" cy=".3" r=".8"><stop stop-color="#ff8a5c"/><stop offset=".4" stop-color="#d3201a"/><stop offset="1" stop-color="#5c0410"/></radialGradient>
<pattern id="scales" width="3.4" height="3.4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path fill="#7d5a35" d="M0 0h3.4v3.4H0z"/><circle cx="1.5" cy="1.5" r="1.3" fill="#b08a58"/></pattern>
<linearGradient id="light" x2="1" y2="1"><stop stop-color="#fff3c4" stop-opacity=".16"/><stop offset=".5" stop-color="#fff3c4" stop-opacity="0"/><stop offset="1" stop-color="#1a0614" stop-opacity=".22"/></linearGradient>`;

const at = (x: number, y: number, scale: number, random: Random, body: string): string => {
  const turn = (360 * random.uniform()).toFixed(0);
  return `<g filter="url(#shadow)"><g transform="translate(${x.toFixed(0)} ${y.toFixed(0)})rotate(${turn})scale(${scale.toFixed(2)})">${body}</g></g>`;
};

export const acorn = (x: number, y: number, random: Random): string =>
  at(
    x,
    y,
    0.9 + 0.3 * random.uniform(),
    random,
    `<path d="M-9-2C-10 12-4 20 0 23C4 20 10 12 9-2z" fill="url(#nut)"/>` +
      `<path d="M-5 1C-6 9-4 14-2 17" fill="none" stroke="#ffe3ae" stroke-width="1.6" stroke-linecap="round" opacity=".6"/>` +
      `<path d="M-11-1C-12-12 12-12 11-1C5 2-5 2-11-1z" fill="url(#scales)" stroke="#4b2f14" stroke-width=".8"/>` +
      `<path d="M0-9C0-13 2-15 4-17" fill="none" stroke="#5b3516" stroke-width="2.4" stroke-linecap="round"/>`,
  );

export const chestnut = (x: number, y: number, random: Random): string =>
  at(
    x,
    y,
    0.9 + 0.35 * random.uniform(),
    random,
    `<path d="M-15 2C-16-9-7-15 1-14C11-14 16-6 15 2C14 11 7 14-1 14C-9 14-14 10-15 2z" fill="url(#conker)"/>` +
      `<ellipse cx="5" cy="8" rx="6" ry="3.6" transform="rotate(-24 5 8)" fill="#cdb08a"/>` +
      `<ellipse cx="-5" cy="-6" rx="4" ry="2.2" transform="rotate(-35 -5 -6)" fill="#fff" opacity=".55"/>`,
  );

export const berries = (x: number, y: number, random: Random): string => {
  const spots = Array.from({ length: 7 }, (_, i) => {
    const angle = (i * 2 * Math.PI) / 7 + 0.5 * random.uniform();
    const reach = i === 0 ? 2 : 8 + 6 * random.uniform();
    return [reach * Math.cos(angle), reach * Math.sin(angle)] as const;
  });
  const stalks = spots.map(([bx, by]) => `M0 24Q0 8 ${bx.toFixed(1)} ${by.toFixed(1)}`).join('');
  const balls = spots
    .map(([bx, by]) => {
      const [cx, cy] = [bx.toFixed(1), by.toFixed(1)];
      return `<circle cx="${cx}" cy="${cy}" r="5.4" fill="url(#berry)"/><circle cx="${(bx - 1.7).toFixed(1)}" cy="${(by - 2).toFixed(1)}" r="1.2" fill="#fff" opacity=".7"/>`;
    })
    .join('');
  return at(
    x,
    y,
    0.85,
    random,
    `<path d="${stalks}" fill="none" stroke="#5b3516" stroke-width="1.3"/>${balls}`,
  );
};

export const twig = (x: number, y: number, random: Random): string => {
  const sway = (): string => (14 * (random.uniform() - 0.5)).toFixed(0);
  const branch = `M-75 ${sway()}C-40 ${sway()}-10 ${sway()} 75 ${sway()}M-12 0L18-22M22 0L46 17M18-22L30-26`;
  return at(
    x,
    y,
    0.9 + 0.4 * random.uniform(),
    random,
    `<g fill="none" stroke-linecap="round"><path d="${branch}" stroke="#2f1a0c" stroke-width="5"/>` +
      `<path d="${branch}" stroke="#7a5230" stroke-width="3"/><path d="${branch}" stroke="#b48a5c" stroke-width="1" transform="translate(-.5 -.8)"/></g>`,
  );
};
