import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Stored } from '../objects.ts';
import type { Store } from '../store/store.ts';
import { invoicePage } from './invoice-page.ts';
import { invoicePdf } from './invoice-pdf.ts';
import { sendPage } from './page.ts';
import { sendNotice } from './send-notice.ts';

/** The hosted page of an invoice and its PDF. Who knows the address may see it: the invoice's id is the secret. */
export function addInvoicePage(server: FastifyInstance, store: Store): void {
  server.get('/i/:id', async (request, reply) => {
    const invoice = await finalizedInvoice(store, request);
    return invoice ? sendPage(reply, 200, 'Invoice (sandbox)', invoicePage(invoice)) : unknown(reply);
  });

  server.get('/i/:id/pdf', async (request, reply) => {
    const invoice = await finalizedInvoice(store, request);
    if (!invoice) return unknown(reply);
    return reply
      .type('application/pdf')
      .headers({
        'cache-control': 'no-store',
        'content-disposition': `inline; filename="${invoice.number?.replaceAll(/[^\w-]/g, '')}.pdf"`,
        'x-content-type-options': 'nosniff',
      })
      .send(invoicePdf(invoice));
  });
}

async function finalizedInvoice(store: Store, request: FastifyRequest): Promise<Stored<'invoice'> | undefined> {
  const id = (request.params as { id: string }).id.replaceAll('\0', '');
  const account = await store.accountOf('invoice', id);
  if (!account) return undefined;
  const invoice = await store.read({ account, requestId: request.id, idempotencyKey: null }).find('invoice', id);
  return invoice?.status === 'draft' ? undefined : invoice;
}

function unknown(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 404, 'There is no such invoice', 'Check the address.');
}
