/** Where Discord keeps what people attach, and where its proxy shows what is elsewhere on the web. */
export const discordFileHosts: readonly string[] = [
  ...['cdn.discordapp.com', 'media.discordapp.net'],
  ...['images-ext-1.discordapp.net', 'images-ext-2.discordapp.net'],
];

/** Whether an address may be fetched. */
export type AllowedHosts = { readonly allows: (url: URL) => boolean };

/**
 * @param hosts names such as `cdn.discordapp.com`, reached by https only; or whole origins such as
 * `http://127.0.0.1:1234`
 */
export const createAllowedHosts = (hosts: readonly string[]): AllowedHosts => {
  const origins = new Set(
    hosts.map((host) => new URL(host.includes('://') ? host : `https://${host}`).origin),
  );
  return { allows: (url) => url.username === '' && url.password === '' && origins.has(url.origin) };
};
