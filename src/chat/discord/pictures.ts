import { StickerFormatType } from 'discord.js';
import type { AllowedHosts } from '../shared/allowed-hosts.ts';
import type { Attachment, Component, Embed, Media, PictureHolder, Shown, Sticker } from './picture-places.ts';

/** A picture that people see in a message. */
export type Picture = {
  /** Where it is fetched: on a host of Discord's. */
  readonly url: string;
  /** As Discord said; 0 where it did not. */
  readonly bytes: number;
  /** What people call it. */
  readonly name: string;
  /** It is out of sight until somebody wants to see it. */
  readonly isSpoiler: boolean;
};

const pictureName = /\.(?:a?png|jpe?g|jpe|jfif|webp|avif|gif|tiff?|hei[cf])$/i;
const otherName = /\.(?:mp4|m4v|mov|webm|mkv|avi|mp3|m4a|ogg|wav|flac|txt|pdf|zip|json|svg)$/i;
const spoilerName = /^SPOILER_/;
/** Discord's flag for what its sender wants hidden. */
const spoilerFlag = 1 << 3;
const longestName = 80;

/** The address of Discord's by which something can be fetched: its own, else that of the proxy. */
const addressOf = ({ url, proxy_url }: Media, hosts: AllowedHosts): string | undefined =>
  [url, proxy_url].find((address) => {
    const parsed = address === undefined ? null : URL.parse(address);
    return parsed !== null && hosts.allows(parsed);
  });

/** The last part of an address that says anything. */
const nameIn = (address: string | undefined): string => {
  const last =
    URL.parse(address ?? '')
      ?.pathname.split('/')
      .at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
};

const isImageType = (type: string): boolean => /^image\/(?!svg)/i.test(type);

/** What somebody attached: by what Discord says, or by its name. */
const isPictureFile = ({ content_type: type = '' }: Media, name: string): boolean =>
  isImageType(type) || pictureName.test(name);

/** What is shown as a picture or a video: of some Discord does not say which. */
const isShownPicture = ({ content_type: type }: Media, name: string): boolean =>
  type === undefined ? !otherName.test(name) : isImageType(type);

const asPicture = (
  { media, name, bytes = 0, isSpoiler }: Omit<Partial<Picture>, 'url'> & { readonly media: Media },
  hosts: AllowedHosts,
): readonly Picture[] => {
  const url = addressOf(media, hosts);
  const called = name || nameIn(media.url) || 'photo';
  const picture = {
    bytes,
    name: called.replace(spoilerName, '').slice(0, longestName) || 'photo',
    isSpoiler: isSpoiler === true || spoilerName.test(called) || spoilerName.test(nameIn(media.url)),
  };
  return url === undefined ? [] : [{ url, ...picture }];
};

/** Whether what is attached is kept out of sight. */
export const isSpoiler = ({ filename = '', flags = 0 }: Pick<Attachment, 'filename' | 'flags'>): boolean =>
  spoilerName.test(filename) || (flags & spoilerFlag) !== 0;

/** A file that somebody attached, whatever it is; undefined where it is not with Discord. */
export const fileOf = (attachment: Attachment, hosts: AllowedHosts): Picture | undefined =>
  asPicture(
    {
      media: attachment,
      name: attachment.filename ?? '',
      bytes: attachment.size ?? 0,
      isSpoiler: isSpoiler(attachment),
    },
    hosts,
  )[0];

const inAttachment = (attachment: Attachment, hosts: AllowedHosts): readonly Picture[] => {
  const file = fileOf(attachment, hosts);
  const name = attachment.filename ?? nameIn(attachment.url);
  return file && isPictureFile(attachment, name) ? [file] : [];
};

const inMedia = (
  media: Media | undefined,
  { hosts, isSpoiler }: { readonly hosts: AllowedHosts; readonly isSpoiler: boolean },
): readonly Picture[] =>
  media && isShownPicture(media, nameIn(media.url)) ? asPicture({ media, isSpoiler }, hosts) : [];

const inComponent = (
  { spoiler, media, file, name, size, items, components, accessory }: Component,
  { hosts, isHidden }: { readonly hosts: AllowedHosts; readonly isHidden: boolean },
): readonly Picture[] => {
  const isSpoiler = isHidden || spoiler === true;
  const named = name || nameIn(file?.url);
  const inner = accessory ? [...components, accessory] : components;
  return [
    ...inMedia(media, { hosts, isSpoiler }),
    ...items.flatMap((item) => inMedia(item.media, { hosts, isSpoiler: isSpoiler || item.spoiler === true })),
    ...(file && isPictureFile(file, named)
      ? asPicture({ media: file, name: named, bytes: size ?? 0, isSpoiler }, hosts)
      : []),
    ...inner.flatMap((each) => inComponent(each, { hosts, isHidden: isSpoiler })),
  ];
};

const inEmbed = (
  { image, thumbnail }: Embed,
  options: { readonly hosts: AllowedHosts; readonly isSpoiler: boolean },
): readonly Picture[] => [...inMedia(image, options), ...inMedia(thumbnail, options)];

/** Where Discord keeps stickers; those of the format Lottie are drawings without a picture. */
const stickerAddress = ({ id, format_type: format }: Sticker): string | undefined => {
  switch (format) {
    case StickerFormatType.PNG:
    case StickerFormatType.APNG:
      return `https://cdn.discordapp.com/stickers/${id}.png`;
    case StickerFormatType.GIF:
      return `https://media.discordapp.net/stickers/${id}.gif`;
    default:
      return undefined;
  }
};

const inSticker = (sticker: Sticker): readonly Picture[] => {
  const url = stickerAddress(sticker);
  return url === undefined ? [] : [{ url, bytes: 0, name: sticker.name || 'sticker', isSpoiler: false }];
};

/** Between `||` a text is hidden, and with it the previews of the links in it. */
const hidesLinks = (content: string): boolean =>
  [...content.matchAll(/\|\|([\s\S]*?)\|\|/g)].some(([, hidden = '']) => hidden.includes('://'));

const inShown = (shown: Shown, hosts: AllowedHosts): readonly Picture[] => [
  ...shown.attachments.flatMap((each) => inAttachment(each, hosts)),
  ...shown.components.flatMap((each) => inComponent(each, { hosts, isHidden: false })),
  ...shown.embeds.flatMap((each) => inEmbed(each, { hosts, isSpoiler: hidesLinks(shown.content) })),
  ...shown.sticker_items.flatMap(inSticker),
];

/** The same picture has the same path, whichever of Discord's hosts and signatures it is shown with. */
const identityOf = ({ url }: Picture): string => URL.parse(url)?.pathname ?? url;

/** Each once; hidden if it is anywhere. */
const eachOnce = (pictures: readonly Picture[]): readonly Picture[] => {
  const found = new Map<string, Picture>();
  for (const picture of pictures) {
    const identity = identityOf(picture);
    const before = found.get(identity);
    found.set(identity, before ? { ...before, isSpoiler: before.isSpoiler || picture.isSpoiler } : picture);
  }
  return [...found.values()];
};

/**
 * All pictures in a message, in the order in which people see them: attached, in galleries, sections and containers,
 * in previews of links, stickers, and the same of messages that it forwards. Of a picture elsewhere on the web there
 * is only what Discord's proxy shows of it.
 */
export const picturesIn = (message: PictureHolder, hosts: AllowedHosts): readonly Picture[] =>
  eachOnce(
    [message, ...message.message_snapshots.map((snapshot) => snapshot.message)].flatMap((shown) =>
      inShown(shown, hosts),
    ),
  );
