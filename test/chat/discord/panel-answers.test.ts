import { describe, expect, it, onTestFinished } from 'vitest';
import { createAnswers } from '../../../src/chat/discord/answers.ts';
import { encodePanelId } from '../../../src/chat/discord/panel-id.ts';
import { createDiscordRest } from '../../../src/chat/discord/rest-options.ts';
import { createRateBudget } from '../../../src/chat/shared/rate-budget.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import { wordsFor } from '../../../src/messages/languages.ts';
import type { Panel, PanelPicture } from '../../../src/messages/panel.ts';
import { createMemoryFiles } from '../../support/contents.ts';
import type { InteractionContext } from '../../support/discord/driver/asked.ts';
import type { MessageView } from '../../support/discord/driver/message-view.ts';
import { registerCommands } from '../../support/discord/outgoing.ts';
import { startFake } from '../../support/discord/start-fake.ts';
import { quietTraffic } from '../../support/discord/traffic.ts';

const words = wordsFor('en-US');

/** Whoever answers interactions, and somebody who makes some. */
const scene = async () => {
  const fake = await startFake();
  registerCommands(fake);
  const ann = fake.person('ann');
  const place = fake.guild({ members: [ann] }).channel('art');
  const traffic = quietTraffic(fake);
  const { rest, close } = createDiscordRest({ token: fake.token, api: fake.restApi, traffic });
  onTestFinished(close);
  const files = createMemoryFiles();
  const log = { info: () => {}, warn: () => {}, error: () => {}, forJob: () => log };
  const { clock } = fake;
  const budget = createRateBudget({ clock, platform: 'Discord', most: 5, windowMs: 5_000 });
  const blobs = { get: files.get, size: async (id: BlobId) => (await files.get(id))?.length };
  const answers = createAnswers({ rest, blobs, budget, clock, log });

  const show = (
    asked: InteractionContext,
    panel: Panel,
    { within = null, maxBytes }: { readonly within?: MessageView | null; readonly maxBytes?: number } = {},
  ): Promise<void> =>
    answers.replyEphemeral(
      {
        id: asked.id,
        token: asked.token,
        application_id: fake.applicationId,
        attachment_size_limit: maxBytes,
      },
      {
        ...{ words, defers: 'late', work: async () => ({ panel }) },
        within: within && {
          id: within.id,
          attachments: within.files.map(({ id, name }) => ({ id, filename: name })),
        },
      },
    );

  const picture = (still: number, film: readonly number[]): PanelPicture => ({
    attachment: {
      ...{ blob: files.put(Uint8Array.from(film)), still: files.put(Uint8Array.of(still)) },
      ...{ name: 'film.gif', format: 'gif', alt: 'cat.jpg' },
    },
    ...{ alt: `Film ${still}`, caption: `No. ${still}` },
  });

  const opened = async (panel: Panel): Promise<MessageView> => {
    const asked = await ann.command('gramzoom', {}, { in: place });
    await show(asked, panel);
    return asked.reply!;
  };
  return { fake, ann, place, files, answers, show, picture, opened };
};

const button = (label: string, step = `status.contest1`) =>
  ({ kind: 'button', label, emoji: '📋', look: 'secondary', step }) as const;

const panel = (changes: Partial<Panel> = {}): Panel => ({
  title: 'Your vote',
  lines: ['Three films.', 'You can change it.'],
  pictures: [],
  controls: [[button('My part')]],
  ...changes,
});

describe('a panel on Discord', () => {
  it('is a message that one person sees, with its words and controls', async () => {
    const { opened } = await scene();
    const menu = {
      kind: 'menu',
      label: '1st place',
      options: [
        { label: 'No. 3', step: 'rank.contest1.entry3.1.0', isChosen: false },
        { label: 'No. 4', step: 'rank.contest1.entry4.1.0', isChosen: true },
      ],
    } as const;
    const reply = await opened(
      panel({ controls: [[menu], [button('A'), button('B')], [{ ...menu, options: [] }]] }),
    );
    expect(reply).toMatchObject({
      ephemeral: true,
      content: '**Your vote**\nThree films.\nYou can change it.',
    });
    expect(reply.buttons.map(({ label, customId }) => [label, customId])).toEqual([
      ['A', 'gzp:2:step:status.contest1'],
      ['B', 'gzp:3:step:status.contest1'],
    ]);
    expect(reply.menus).toMatchObject([
      {
        placeholder: '1st place',
        options: [
          { label: 'No. 3', value: '0:rank.contest1.entry3.1.0', isDefault: false },
          { label: 'No. 4', value: '1:rank.contest1.entry4.1.0', isDefault: true },
        ],
      },
    ]);
  });

  it('shows words as they are, whoever wrote them, and never more than Discord takes', async () => {
    const { opened } = await scene();
    const hostile = `**<@1> @everyone** [a](b) ${'x'.repeat(4000)}`;
    const reply = await opened(
      panel({ title: '# theme', lines: [hostile], controls: [[button('y'.repeat(300))]] }),
    );
    expect(reply.content.length).toBeLessThanOrEqual(2000);
    expect(reply.content).toContain('**\\# theme**\n\\*\\*\\<@\u200B1\\> @\u200Beveryone\\*\\* \\[a\\](b)');
    expect(reply.buttons[0]?.label).toHaveLength(80);
  });

  it('has films, and stills where all films together are larger than one file may be', async () => {
    const { fake, ann, place, show, picture } = await scene();
    const pictures = [picture(1, [1, 1, 1, 1]), picture(2, [2, 2, 2, 2])];
    for (const [maxBytes, ending] of [
      [8, '.gif'],
      [7, '.png'],
    ] as const) {
      const asked = await ann.command('gramzoom', {}, { in: place });
      await show(asked, panel({ pictures }), { maxBytes });
      expect(asked.reply?.files.map(({ name }) => name.slice(-4))).toEqual([ending, ending]);
      expect(asked.reply?.files.map(({ description }) => description)).toEqual(['Film 1', 'Film 2']);
      expect(asked.reply?.content).toContain('\n-# No. 1 · No. 2');
    }
    expect(fake.violations).toEqual([]);
  });

  it('has stills of several films that are large together, and the film of one alone', async () => {
    const { ann, place, show, picture } = await scene();
    const large = (number: number) =>
      picture(
        number,
        Array.from({ length: 600_000 }, () => number),
      );
    const endings = async (pictures: readonly ReturnType<typeof large>[]) => {
      const asked = await ann.command('gramzoom', {}, { in: place });
      await show(asked, panel({ pictures }), { maxBytes: 10_000_000 });
      return asked.reply?.files.map(({ name }) => name.slice(-4));
    };
    const [one, other] = [large(1), large(2)];
    expect(await endings([one, other])).toEqual(['.png', '.png']);
    expect(await endings([one])).toEqual(['.gif']);
  });

  it('is answered before its pictures are uploaded', async () => {
    const { fake, ann, place, show, picture } = await scene();
    const upload = fake.faults.hold('before', { method: 'PATCH' });
    const asked = await ann.command('gramzoom', {}, { in: place });
    const shown = show(asked, panel({ pictures: [picture(1, [1])] }));
    await upload.arrived;
    expect(asked.reply).toMatchObject({ loading: false, files: [] });
    expect(asked.reply?.content).toContain('Your vote');
    upload.release();
    await shown;
    expect(asked.reply?.files).toHaveLength(1);
  });

  it('has the still of a film that is not there any more, and leaves out what has none either', async () => {
    const { ann, place, show, picture } = await scene();
    const gone = 'f'.repeat(64) as BlobId;
    const without = (n: number, parts: object): PanelPicture => {
      const { attachment, ...rest } = picture(n, [n]);
      return { ...rest, attachment: { ...attachment, ...parts } };
    };
    const asked = await ann.command('gramzoom', {}, { in: place });
    const pictures = [
      without(1, { blob: gone }),
      without(2, { blob: gone, still: gone }),
      picture(3, [3, 3]),
    ];
    await show(asked, panel({ pictures }));
    expect(asked.reply?.files.map(({ name, description }) => [name.slice(-4), description])).toEqual([
      ['.png', 'Film 1'],
      ['.gif', 'Film 3'],
    ]);
  });
});

describe('a control of a panel', () => {
  it('changes the panel in its place, and its pictures stay without being uploaded again', async () => {
    const { fake, ann, place, show, picture, opened } = await scene();
    const pictures = [picture(1, [1]), picture(2, [2])];
    const reply = await opened(panel({ pictures }));
    const before = fake.requests.length;
    const asked = ann.press(reply, 'My part');
    await show(asked, panel({ lines: ['Saved.'], pictures }), { within: reply });
    const [changed, ...others] = place.messages({ as: ann.id });
    expect(others).toEqual([]);
    expect(changed).toMatchObject({ id: reply.id, ephemeral: true });
    expect(changed?.content).toContain('Saved.');
    expect(changed?.files.map(({ id }) => id)).toEqual(reply.files.map(({ id }) => id));
    expect(fake.requests.slice(before)).toHaveLength(1);
  });

  it('brings other pictures, in their order', async () => {
    const { ann, show, picture, opened } = await scene();
    const reply = await opened(panel({ pictures: [picture(1, [1]), picture(2, [2])] }));
    const asked = ann.press(reply, 'My part');
    await show(asked, panel({ pictures: [picture(2, [2]), picture(3, [3])] }), { within: reply });
    expect(asked.reply?.files.map(({ description }) => description)).toEqual(['Film 2', 'Film 3']);
    const last = ann.press(asked.reply!, 'My part');
    await show(last, panel(), { within: asked.reply });
    expect(last.reply).toMatchObject({ id: reply.id, files: [] });
  });

  it('leaves what was done last where it was used many times at once, in whichever order Discord takes it', async () => {
    const { fake, ann, show, opened } = await scene();
    const reply = await opened(panel());
    const late = fake.faults.hold('before', { method: 'POST' });
    const first = show(ann.press(reply, 'My part'), panel({ lines: ['first'] }), { within: reply });
    await late.arrived;
    const last = show(ann.press(reply, 'My part'), panel({ lines: ['last'] }), { within: reply });
    await last;
    late.release();
    await first;
    expect(fake.place(reply.channelId).message(reply.id)?.content).toBe('**Your vote**\nlast');
  });

  it('says what goes wrong beside the panel, which stays', async () => {
    const { fake, ann, place, answers, opened } = await scene();
    const reply = await opened(panel());
    const asked = ann.press(reply, 'My part');
    await answers.replyEphemeral(
      { id: asked.id, token: asked.token, application_id: fake.applicationId },
      {
        ...{ words, defers: 'late', work: async () => 'That is over.' },
        within: { id: reply.id, attachments: [] },
      },
    );
    expect(place.messages({ as: ann.id }).map(({ content }) => content)).toEqual([
      reply.content,
      'That is over.',
    ]);
  });

  it('is put off where it takes longer than two seconds, and changes the panel then', async () => {
    const { fake, ann, answers, opened } = await scene();
    const reply = await opened(panel());
    const asked = ann.press(reply, 'My part');
    const slow = Promise.withResolvers<{ readonly panel: Panel }>();
    const answered = answers.replyEphemeral(
      { id: asked.id, token: asked.token, application_id: fake.applicationId },
      { words, defers: 'late', work: () => slow.promise, within: { id: reply.id, attachments: [] } },
    );
    fake.clock.advance(2_000);
    await fake.waitFor('the deferral', () => asked.acknowledgedAfterMs !== null);
    expect(asked.reply).toMatchObject({ id: reply.id, loading: false, content: reply.content });
    slow.resolve({ panel: panel({ lines: ['late'] }) });
    await answered;
    expect(asked.reply).toMatchObject({ id: reply.id, content: '**Your vote**\nlate' });
  });
});

it('the longest step of a panel fits into a control, and so do all options of a photo', () => {
  const step = 'x'.repeat(80);
  expect(encodePanelId({ ...button('a', step), text: {} as never }, 25).length).toBeLessThanOrEqual(100);
  const options = { size: 1024, frames: 240, network: 'n'.repeat(32) };
  expect(encodePanelId({ kind: 'photo', label: 'a', options }, 25).length).toBeLessThanOrEqual(100);
});
