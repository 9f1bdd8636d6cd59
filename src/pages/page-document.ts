import { createHash } from 'node:crypto';
import { Html, html } from './html.ts';

/** A page as it is sent. */
export type Page = { text: string; headers: Record<string, string> };

/** A whole page: one style, which is the only one that the browser applies, and no script. */
export function pageDocument({ title, style, body }: { title: string; style: string; body: Html }, head?: Html): Page {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
  return { text, headers: headersFor(style) };
}

/** No script, nothing from elsewhere, in no frame. The address may hold a secret: no other site is told it, and nothing keeps it. */
function headersFor(style: string) {
  const styleHash = createHash('sha256').update(style).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    // Not `no-referrer`, with which browsers send `Origin: null` even to us.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}
