import type { FastifyReply } from 'fastify';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** A page that says one thing. */
export function sendNotice(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  return sendPage(reply, status, `${title} (sandbox)`, html`<h1>${title}</h1><p>${text}</p>`);
}

export function sendForeign(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 403, 'This form came from another site', 'Open the page itself and try again.');
}
