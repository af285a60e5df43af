import { html } from 'hono/html';
import type { LanguageName } from '../../messages/languages.ts';
import type { InstallPage } from './install-words.ts';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.6rem; line-height: 1.25 }
a { display: inline-block; margin-top: 0.5rem; padding: 0.6rem 1.1rem; border-radius: 0.5rem;
  background: #2b2140; color: #fff; text-decoration: none; font-weight: 600 }
a:focus-visible { outline: 3px solid #b48ead; outline-offset: 2px }
`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  // The address of the page that Slack sends people back to has a code in it.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** @param options.href where its link leads */
export const installPage = async (
  { title, text, link }: InstallPage,
  {
    language,
    href,
    status = 200,
  }: { readonly language: LanguageName; readonly href: string; readonly status?: number },
): Promise<Response> => {
  const page = await html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="${href}">${link}</a></p>
</body>
</html>`;
  return new Response(String(page), { status, headers });
};
