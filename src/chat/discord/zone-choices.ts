/** Discord shows so many suggestions. */
const mostChoices = 25;

const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, ' ');

/** Zones of the countries where a language is at home; newer engines have a method for that. */
const zonesOf = (locale: string): readonly string[] => {
  try {
    const home = new Intl.Locale(locale).maximize() as Intl.Locale & {
      getTimeZones?(): readonly string[];
      readonly timeZones?: readonly string[];
    };
    return home.getTimeZones?.() ?? home.timeZones ?? [];
  } catch {
    return [];
  }
};

/** `UTC+2, 17:05 now`: what tells zones apart by a look at a clock. */
const describe = (
  zone: string,
  { locale, now }: { readonly locale: string; readonly now: number },
): string => {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(now);
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${zone} (${[offset, part({ hour: '2-digit', minute: '2-digit' })].join(', ')})`;
};

/**
 * Time zones that somebody may mean by what they have typed so far.
 * @param options.locale Discord's name of their language: those of its countries come first
 * @param options.now milliseconds since 1970
 */
export const zoneChoices = (
  typed: string,
  { locale, now }: { readonly locale: string; readonly now: number },
): readonly { readonly name: string; readonly value: string }[] => {
  const sought = plain(typed.trim());
  const all = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  const near = zonesOf(locale);
  const begins = (zone: string): boolean => plain(zone.split('/').at(-1) ?? zone).startsWith(sought);
  const rank = (zone: string): number => (near.includes(zone) ? 0 : 2) + (begins(zone) ? 0 : 1);
  return all
    .filter((zone) => plain(zone).includes(sought))
    .map((zone, at) => ({ zone, at }))
    .sort((a, b) => rank(a.zone) - rank(b.zone) || a.at - b.at)
    .slice(0, mostChoices)
    .map(({ zone }) => ({ name: describe(zone, { locale, now }), value: zone }));
};
