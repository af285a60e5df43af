import { describe, expect, it } from 'vitest';
import { discordFileHosts } from '../../../src/chat/discord/attachment-ref.ts';
import { readAnsweredMessage, readMessage } from '../../../src/chat/discord/events.ts';
import { picturesIn } from '../../../src/chat/discord/pictures.ts';
import { createAllowedHosts } from '../../../src/chat/shared/allowed-hosts.ts';

const hosts = createAllowedHosts(discordFileHosts);
const found = (message: object) => picturesIn(readAnsweredMessage(message), hosts);
const names = (message: object) => found(message).map(({ name }) => name);

const cdn = 'https://cdn.discordapp.com/attachments/1092/1128';
const proxy = 'https://images-ext-1.discordapp.net/external/AbC-123/https';

const attachment = (filename: string, more: object = {}) => ({
  id: '1128032532165300244',
  filename,
  size: 512_000,
  url: `${cdn}/${filename}?ex=65d903de&is=65c68ede&hm=2481f30d`,
  proxy_url: `https://media.discordapp.net/attachments/1092/1128/${filename}?ex=65d903de`,
  width: 1920,
  height: 1080,
  content_type: 'image/png',
  placeholder: 'gykGDQIXi5mDd4hX',
  placeholder_version: 1,
  ...more,
});

const mediaItem = (file: string, more: object = {}) => ({
  id: '1365093471232495707',
  url: `https://websitewithopensourceimages.example/${file}`,
  proxy_url: `${proxy}/websitewithopensourceimages.example/${file}`,
  width: 100,
  height: 100,
  content_type: 'image/webp',
  loading_state: 2,
  flags: 0,
  ...more,
});

describe('the pictures in a message', () => {
  it('are its attachments, fetched by their own address', () => {
    expect(found({ content: 'look', attachments: [attachment('cat.png')] })).toEqual([
      {
        url: `${cdn}/cat.png?ex=65d903de&is=65c68ede&hm=2481f30d`,
        bytes: 512_000,
        name: 'cat.png',
        isSpoiler: false,
      },
    ]);
  });

  it.each([
    'IMG_1.JPG',
    'a.jfif',
    'b.jpe',
    'c.webp',
    'd.avif',
    'e.gif',
    'f.tif',
    'g.HEIC',
    'h.heif',
    'i.apng',
  ])('are attachments whose kind Discord does not tell, by their name: %s', (filename) => {
    const { content_type: _, ...untold } = attachment(filename);
    expect(names({ attachments: [untold, { ...untold, content_type: null }] })).toEqual([filename]);
  });

  it('are no videos, texts or drawings', () => {
    const others = [
      attachment('film.mp4', { content_type: 'video/mp4' }),
      attachment('notes.txt', { content_type: 'text/plain; charset=utf-8' }),
      attachment('logo.svg', { content_type: 'image/svg+xml' }),
      attachment('voice-message.ogg', { content_type: 'audio/ogg', duration_secs: 2, waveform: 'AA==' }),
    ];
    const gallery = {
      type: 12,
      items: [
        { media: mediaItem('bunny.mp4', { content_type: 'video/mp4' }) },
        { media: mediaItem('bunny.webm', { content_type: undefined }) },
      ],
    };
    expect(names({ attachments: others, components: [gallery] })).toEqual([]);
  });

  it('are those of a forwarded message, whichever place they have there', () => {
    const forward = {
      id: '1255957733279273083',
      type: 0,
      content: '',
      attachments: [],
      embeds: [],
      flags: 16_384,
      components: [],
      message_reference: { type: 1, channel_id: '1002', message_id: '1255957700000000000' },
      message_snapshots: [
        {
          message: {
            type: 0,
            content: 'cats',
            timestamp: '2024-06-27T17:22:43.396000+00:00',
            edited_timestamp: null,
            flags: 0,
            mentions: [],
            mention_roles: [],
            attachments: [attachment('forwarded.png')],
            embeds: [{ type: 'image', url: 'https://a.example/b.jpg', thumbnail: mediaItem('b.jpg') }],
            components: [{ type: 12, id: 1, items: [{ media: mediaItem('c.webp'), spoiler: false }] }],
            sticker_items: [{ id: '749054660769218631', name: 'Wave', format_type: 1 }],
          },
        },
      ],
    };
    expect(names(forward)).toEqual(['forwarded.png', 'c.webp', 'b.jpg', 'Wave']);
  });

  it('are in galleries, sections, files and containers, in the order in which they are seen', () => {
    const components = [
      { type: 10, id: 1, content: 'words' },
      {
        type: 9,
        id: 2,
        components: [{ type: 10, id: 3, content: 'beside it' }],
        accessory: { type: 11, id: 4, media: mediaItem('thumb.png'), description: null, spoiler: false },
      },
      { type: 1, id: 5, components: [{ type: 2, id: 6, style: 1, custom_id: 'x', label: 'press' }] },
      {
        type: 17,
        id: 7,
        accent_color: null,
        spoiler: false,
        components: [
          { type: 12, id: 8, items: [{ media: mediaItem('one.webp') }, { media: mediaItem('two.webp') }] },
          { type: 14, id: 9, divider: true, spacing: 1 },
          {
            type: 9,
            id: 10,
            components: [],
            accessory: { type: 11, id: 11, media: mediaItem('inner.png') },
          },
          {
            type: 13,
            id: 12,
            name: 'scan.tiff',
            size: 4242,
            file: mediaItem('x', {
              url: `${cdn}/scan.tiff?ex=1`,
              proxy_url: 'https://media.discordapp.net/attachments/1092/1128/scan.tiff?ex=1',
              content_type: 'image/tiff',
            }),
          },
        ],
      },
    ];
    const pictures = found({ content: '', flags: 1 << 15, components });
    expect(pictures.map(({ name }) => name)).toEqual([
      'thumb.png',
      'one.webp',
      'two.webp',
      'inner.png',
      'scan.tiff',
    ]);
    expect(pictures.at(-1)).toMatchObject({ url: `${cdn}/scan.tiff?ex=1`, bytes: 4242 });
  });

  it('are the previews of links, and come from Discord alone', () => {
    const embeds = [
      {
        type: 'image',
        url: 'https://web.example/cat.jpg',
        thumbnail: {
          url: 'https://web.example/cat.jpg',
          proxy_url: `${proxy}/web.example/cat.jpg`,
          width: 4000,
          height: 3000,
        },
      },
      {
        type: 'gifv',
        url: 'https://tenor.com/view/cat',
        provider: { name: 'Tenor', url: 'https://tenor.co' },
        thumbnail: {
          url: 'https://media.tenor.com/abc/cat.png',
          proxy_url: 'https://images-ext-2.discordapp.net/external/x/https/media.tenor.com/abc/cat.png',
        },
        video: { url: 'https://media.tenor.com/abc/cat.mp4', width: 1, height: 1 },
      },
      { type: 'rich', image: { url: 'https://web.example/unproxied.png' } },
      {
        type: 'rich',
        image: { url: 'https://web.example/a.png', proxy_url: 'https://evil.example/a.png' },
        footer: { text: 'f', icon_url: 'https://web.example/i.png', proxy_icon_url: `${proxy}/i.png` },
      },
      { type: 'rich', image: { url: `${cdn}/own.png?ex=2`, proxy_url: `${proxy}/own.png` } },
    ];
    expect(found({ embeds }).map(({ url }) => url)).toEqual([
      `${proxy}/web.example/cat.jpg`,
      'https://images-ext-2.discordapp.net/external/x/https/media.tenor.com/abc/cat.png',
      `${cdn}/own.png?ex=2`,
    ]);
  });

  it('are stickers that are pictures; those that are drawn have none', () => {
    const sticker_items = [
      { id: '749054660769218631', name: 'Wave', format_type: 3 },
      { id: '1', name: 'still', format_type: 1 },
      { id: '2', name: 'moving', format_type: 2 },
      { id: '3', name: 'gif', format_type: 4 },
      { id: '4', name: 'of tomorrow', format_type: 9 },
    ];
    expect(found({ sticker_items }).map(({ url }) => url)).toEqual([
      'https://cdn.discordapp.com/stickers/1.png',
      'https://cdn.discordapp.com/stickers/2.png',
      'https://media.discordapp.net/stickers/3.gif',
    ]);
  });

  it('are each there once, however often they are shown', () => {
    const media = mediaItem('x', { url: `${cdn}/cat.png?ex=9`, content_type: 'image/png' });
    const components = [{ type: 12, items: [{ media, spoiler: true }, { media }] }];
    const message = { attachments: [attachment('cat.png')], components };
    expect(found(message)).toMatchObject([{ name: 'cat.png', isSpoiler: true }]);
  });

  it.each([
    ['a name', { attachments: [attachment('SPOILER_cat.png')] }],
    ['a flag', { attachments: [attachment('cat.png', { flags: 8 })] }],
    ['a gallery', { components: [{ type: 12, items: [{ media: mediaItem('cat.png'), spoiler: true }] }] }],
    [
      'a container',
      {
        components: [
          { type: 17, spoiler: true, components: [{ type: 12, items: [{ media: mediaItem('cat.png') }] }] },
        ],
      },
    ],
    [
      'a thumbnail',
      { components: [{ type: 9, accessory: { type: 11, media: mediaItem('cat.png'), spoiler: true } }] },
    ],
    [
      'a file',
      {
        components: [
          { type: 13, spoiler: true, name: 'cat.png', file: mediaItem('x', { url: `${cdn}/cat.png` }) },
        ],
      },
    ],
    [
      'a link',
      { content: 'see ||https://a.example/cat.png||', embeds: [{ thumbnail: mediaItem('cat.png') }] },
    ],
  ])('stay out of sight where they are hidden by %s', (_, message) => {
    expect(found(message)).toMatchObject([{ name: 'cat.png', isSpoiler: true }]);
    expect(found({ message_snapshots: [{ message }] })).toMatchObject([{ isSpoiler: true }]);
  });

  it('do not hide each other', () => {
    const message = {
      content: '||a|| https://a.example/cat.png ||b||',
      attachments: [attachment('SPOILER_dog.png')],
      embeds: [{ thumbnail: mediaItem('cat.png') }],
    };
    expect(found(message).map(({ isSpoiler }) => isSpoiler)).toEqual([true, false]);
  });

  it('are found beside whatever cannot be read', () => {
    const message = {
      content: 7,
      attachments: [null, 'x', { url: 5 }, attachment('cat.png', { size: -1, flags: 'x', id: 4 })],
      embeds: 'none',
      components: [{ type: 99, components: { a: 1 }, items: [null, { media: 1 }] }],
      sticker_items: [{ id: '../../x', format_type: 1 }],
      message_snapshots: [{}, { message: null }, null],
    };
    expect(found(message)).toMatchObject([{ name: 'cat.png', bytes: 0 }]);
  });

  it('are read of messages as of those that they answer', () => {
    const answered = { id: '3', author: { id: '4' }, embeds: [{ image: mediaItem('cat.png') }] };
    const event = { id: '1', channel_id: '2', type: 19, author: { id: '5' }, referenced_message: answered };
    const read = readMessage({ ...event, message_reference: { message_id: '3' } });
    expect(read.referenced_message && picturesIn(read.referenced_message, hosts)).toHaveLength(1);
  });
});
