import { describe, expect, it } from 'vitest';
import { contestPage, pageOf as pageOfView } from '../../../src/chat/shared/contest-page.ts';
import type { ContestId, EntryId } from '../../../src/domain/contest/contest.ts';
import type { ContestExport } from '../../../src/domain/contest/view.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import type { MessageAttachment } from '../../../src/domain/message.ts';
import type { Blobs } from '../../../src/ports/blobs.ts';

const film = (name: string, changes: Partial<MessageAttachment> = {}): MessageAttachment => ({
  ...{
    blob: `film-${name}` as BlobId,
    still: `still-${name}` as BlobId,
    name: `${name}.gif`,
    format: 'gif',
    alt: name,
  },
  ...changes,
});

const line = (
  number: number,
  changes: Partial<ContestExport['table'][number]> & { readonly name?: string } = {},
): ContestExport['table'][number] => {
  const { name = `Name ${number}`, ...others } = changes;
  return {
    ...{ entry: `e${number}` as EntryId, number, place: number, points: 10 - number, ranks: [3, 2, 1] },
    ...{ by: { user: `u${number}`, name }, picture: film(String(number)) },
    ...others,
  };
};

const moment = (wall: string) => ({ at: Date.parse(`${wall}:00-05:00`), wall });

const content = (
  changes: Partial<ContestExport> & { readonly theme?: string; readonly host?: string } = {},
): ContestExport => {
  const { theme = 'Scariest cat', host = 'Hanna', ...others } = changes;
  return {
    facts: {
      rules: {
        ...{ theme, entriesPerPerson: 1, needsApproval: false, isAnonymous: true, role: null, memberDays: 0 },
        ...{
          accountDays: 7,
          takesGuests: false,
          prize: null,
          fixed: { size: null, frames: null, network: null },
        },
      },
      ...{ phase: 'closed', hostName: host, zone: 'America/New_York', entries: 4, voters: 12 },
      enterFrom: moment('2026-10-24T00:00'),
      enterUntil: moment('2026-10-31T18:00'),
      voteUntil: moment('2026-11-01T18:00'),
    },
    finishedAt: Date.parse('2026-11-01T23:00:05Z'),
    table: [line(1), line(2), line(3), line(4)],
    poster: { blob: 'poster' as BlobId, name: 'contest-1.jpg', format: 'jpeg', alt: theme },
    reel: film('reel'),
    ...others,
  };
};

/** Every blob is its own id, written as often as it takes to be so many bytes long. */
const blobsOf = (sizes: Readonly<Record<string, number>> = {}, gone: readonly string[] = []): Blobs => {
  const bytesOf = (id: BlobId): Uint8Array | undefined =>
    gone.includes(id) ? undefined : Buffer.from(id.repeat(Math.ceil((sizes[id] ?? 20) / id.length)));
  const blobs: Partial<Blobs> = {
    get: (id) => Promise.resolve(bytesOf(id)),
    size: (id) => Promise.resolve(bytesOf(id)?.length),
  };
  return blobs as Blobs;
};

const pageOf = async (
  exported: ContestExport,
  { blobs = blobsOf(), locale = 'en', maxBytes = 1e6 } = {},
): Promise<string> =>
  new TextDecoder().decode((await contestPage(exported, { blobs, locale, maxBytes })).file);

const inlined = (id: string): string => Buffer.from(id.repeat(Math.ceil(20 / id.length))).toString('base64');

describe('the page of a contest', () => {
  it('has everything inside, and neither loads nor runs anything', async () => {
    const page = await pageOf(content());
    const addresses = [...page.matchAll(/(?:src|srcset|href|poster)="([^"]*)"/g)].map(
      ([, address]) => address,
    );
    expect(addresses.length).toBeGreaterThan(8);
    for (const address of addresses) expect(address).toMatch(/^data:(?:image|video)\/\w+;base64,[\w+/=]+$/);
    expect(page).not.toMatch(/<script|<link|<iframe|url\(|@import|\son\w+=/i);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).toContain(`data:image/jpeg;base64,${inlined('poster')}`);
    for (const id of ['film-1', 'film-4', 'still-1', 'film-reel']) expect(page).toContain(inlined(id));
  });

  it('tells who won with what, who voted how often, and when it ended by the clock of its zone', async () => {
    const page = await pageOf(content({ table: [line(1), line(2), line(3, { place: 2 }), line(4)] }));
    for (const text of [
      ...['1st place, 9 points', '2nd place, 8 points', '2nd place, 7 points'],
      ...['4 films, 12 voters', '1 November 2026 at 18:00 (America/New_York)', 'Hanna', '3 / 2 / 1'],
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('4th place');
  });

  it('is in the language of whoever asks for it', async () => {
    const page = await pageOf(content(), { locale: 'de-AT' });
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('1. Platz, 9 Punkte');
    expect(page).toContain('1. November 2026 um 18:00 (America/New_York)');
    expect(await pageOf(content(), { locale: 'xx' })).toContain('<html lang="en">');
  });

  it('shows stills in the place of films that do not fit, the last ones first', async () => {
    const blobs = blobsOf({ 'film-1': 60_000, 'film-2': 60_000, 'film-3': 60_000, 'film-4': 60_000 });
    const { file } = await contestPage(content({ reel: null }), { blobs, locale: 'en', maxBytes: 250_000 });
    expect(file.length).toBeLessThanOrEqual(250_000);
    const page = new TextDecoder().decode(file);
    expect(page).toContain(Buffer.from('film-1'.repeat(3)).toString('base64'));
    expect(page).not.toContain(Buffer.from('film-4'.repeat(3)).toString('base64'));
    for (const number of [1, 2, 3, 4]) expect(page).toContain(inlined(`still-${number}`));
    expect(page.match(/One picture of the film/g)).toHaveLength(2);
  });

  it('says so where not even stills fit, and where a film is gone', async () => {
    const stills = Object.fromEntries([1, 2, 3, 4].map((number) => [`still-${number}`, 1e6]));
    const films = Object.fromEntries([1, 2, 3, 4].map((number) => [`film-${number}`, 1e6]));
    const small = await pageOf(content({ reel: null }), { blobs: blobsOf({ ...stills, ...films }) });
    expect(small.match(/This film is too large for this page\./g)).toHaveLength(4);
    const gone = blobsOf({}, ['film-2', 'still-2']);
    expect((await pageOf(content(), { blobs: gone })).match(/This film was deleted\./g)).toHaveLength(1);
    const noPicture = await pageOf(content({ table: [line(1, { picture: null, by: null })] }));
    expect(noPicture).toContain('This film was deleted.');
    expect(noPicture).toContain('>deleted<');
  });

  it('leaves out poster and reel where there are none, or where they are gone', async () => {
    for (const page of [
      await pageOf(content({ poster: null, reel: null })),
      await pageOf(content(), { blobs: blobsOf({}, ['poster', 'film-reel', 'still-reel']) }),
    ]) {
      expect(page).not.toContain('Poster');
      expect(page).not.toContain('in one film');
    }
  });

  it.each([
    ['nobody entered', [], 'Nobody entered a film.'],
    ['too few voted', [line(1, { place: 0, points: 0 })], 'Too few people voted'],
    ['nobody has a point', [line(1, { points: 0 })], 'No film got a point.'],
  ])('says that there is no winner where %s, and has no table then', async (_, table, verdict) => {
    const page = await pageOf(content({ table, reel: null, poster: null }));
    expect(page).toContain(verdict);
    expect(page).not.toContain('<table>');
    expect(page).not.toContain('Winners');
  });

  it('shows a video as one, with its still before it plays', async () => {
    const page = await pageOf(
      content({ table: [line(1, { picture: film('1', { format: 'mp4' }) })], reel: null }),
    );
    expect(page).toMatch(
      /<video controls loop muted playsinline poster="data:image\/png;base64,[^"]+" src="data:video\/mp4/,
    );
  });

  it('shows the still to whoever wants nothing to move', async () => {
    expect(await pageOf(content())).toContain(
      `<source media="(prefers-reduced-motion: reduce)" srcset="data:image/png;base64,${inlined('still-1')}">`,
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></style></main>',
    '&lt;b&gt;',
    '\u202eright to left\u202c',
    'x'.repeat(4000),
  ])('writes what people typed as text: %j', async (text) => {
    const page = await pageOf(content({ theme: text, host: text, table: [line(1, { name: text })] }));
    const escaped = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;');
    expect(page).toContain(`<h1 dir="auto">${escaped}</h1>`);
    expect(page).toContain(`<bdi dir="auto">${escaped}</bdi>`);
    expect(page).not.toMatch(/<script|<img src=x|<\/style><\/main>/);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
  });

  it('is called after the theme and the day on which it ended', async () => {
    const nameOf = async (theme: string): Promise<string> =>
      (await contestPage(content({ theme }), { blobs: blobsOf(), locale: 'en', maxBytes: 1e6 })).name;
    expect(await nameOf('Scariest cat: Élodie & co.')).toBe('contest-scariest-cat-elodie-co-2026-11-01.html');
    expect(await nameOf('最も怖い猫')).toBe('contest-2026-11-01.html');
    expect((await nameOf('../../etc/passwd '.repeat(9))).length).toBeLessThan(80);
  });

  it('goes with the answer to an export and with no other', async () => {
    const options = { blobs: blobsOf(), locale: 'en', maxBytes: 1e6 };
    const { facts } = content();
    const shown = { contest: 'c' as ContestId, facts };
    const page = await pageOfView({ kind: 'export', ...shown, content: content() }, options);
    expect(page).toEqual(await contestPage(content(), options));
    expect(await pageOfView({ kind: 'reported', ...shown, number: 1 }, options)).toBeNull();
  });
});
