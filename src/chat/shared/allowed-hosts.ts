/** Whether an address may be fetched. */
export type AllowedHosts = { readonly allows: (url: URL) => boolean };

/**
 * @param hosts names such as `files.example.org`, reached by https only; or whole origins such as
 * `http://127.0.0.1:1234`
 */
export const createAllowedHosts = (hosts: readonly string[]): AllowedHosts => {
  const origins = new Set(
    hosts.map((host) => new URL(host.includes('://') ? host : `https://${host}`).origin),
  );
  return { allows: (url) => url.username === '' && url.password === '' && origins.has(url.origin) };
};
