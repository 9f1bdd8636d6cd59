import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

const styleAddress = '/_sandbox/page.css';

/**
 * No script, no foreign part, no frame. `form-action` is left out on purpose: browsers apply it to where a form's answer
 * redirects to, which is the merchant's page.
 */
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Sends a page in the sandbox's clothes. */
export function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  main: Html,
  width: 'narrow' | 'wide' = 'narrow',
): FastifyReply {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${styleAddress}">
</head>
<body>
<p class="banner"><strong>Sandbox.</strong> No money moves here, and no real card works.</p>
<main class="${width}">${main}</main>
</body>
</html>`;
  return reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(page.text);
}

export function addPageStyle(server: FastifyInstance): void {
  server.get(styleAddress, (_request, reply) =>
    reply.header('cache-control', 'max-age=300').type('text/css; charset=utf-8').send(pageStyle),
  );
}
