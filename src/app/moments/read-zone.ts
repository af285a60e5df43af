import { GramzoomError } from '../../domain/errors.ts';

/**
 * What people call the clock on their wall. The IANA zones of such names, where there are any, know no summer time. `IST`
 * is left out: it is India's, Ireland's and Israel's.
 */
const known: Readonly<Record<string, string>> = {
  ...{ utc: 'UTC', gmt: 'UTC', z: 'UTC' },
  ...{ wet: 'Europe/Lisbon', west: 'Europe/Lisbon', bst: 'Europe/London' },
  ...{ cet: 'Europe/Berlin', cest: 'Europe/Berlin', mez: 'Europe/Berlin', mesz: 'Europe/Berlin' },
  ...{ eet: 'Europe/Athens', eest: 'Europe/Athens', msk: 'Europe/Moscow' },
  ...{ et: 'America/New_York', est: 'America/New_York', edt: 'America/New_York' },
  ...{ ct: 'America/Chicago', cst: 'America/Chicago', cdt: 'America/Chicago' },
  ...{ mt: 'America/Denver', mst: 'America/Denver', mdt: 'America/Denver' },
  ...{ pt: 'America/Los_Angeles', pst: 'America/Los_Angeles', pdt: 'America/Los_Angeles' },
  ...{ jst: 'Asia/Tokyo', aest: 'Australia/Sydney', aedt: 'Australia/Sydney' },
};

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** The zones whose last part is that: most are called after a city. */
const zonesOfCity = (city: string): readonly string[] =>
  Intl.supportedValuesOf('timeZone').filter((zone) => plain(zone.split('/').at(-1) ?? '') === city);

/** An IANA name as it is written; those without a slash are old and say little. The runtime knows older names of some zones only: theirs is kept as it was given. */
const zoneCalled = (name: string): string | undefined => {
  if (!/^[a-z]+(?:[/_-][a-z0-9]+)*$/i.test(name) || !name.includes('/')) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    if (timeZone.toLowerCase() === name.toLowerCase()) return timeZone;
    return name.toLowerCase().replace(/(?<=^|[/_-])[a-z]/g, (letter) => letter.toUpperCase());
  } catch {
    return undefined;
  }
};

/**
 * The IANA name of a time zone that somebody named: by that name (`europe/berlin`), a city (`New York`), or a usual
 * abbreviation (`CET`, which is taken for the clock on the wall there, summer time included). A difference to UTC is
 * none: it does not say when clocks change.
 * @param options `field`: the option that it was given in
 * @throws GramzoomError `request-field`
 */
export const readZone = (text: string, { field }: { readonly field: string }): string => {
  const name = plain(text);
  const abbreviated = Object.hasOwn(known, name) ? known[name] : undefined;
  const [city, ...others] = zonesOfCity(name);
  const zone =
    abbreviated ??
    (others.length === 0 ? city : undefined) ??
    zoneCalled(text.normalize('NFKC').trim().replace(/\s+/g, '_'));
  if (zone !== undefined) return zone;
  throw new GramzoomError('request-field', { field, expected: { kind: 'zone' }, received: text });
};
