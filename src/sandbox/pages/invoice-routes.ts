import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { payInvoice } from '../invoices/pay-invoice.ts';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payment-methods/attach-payment-method.ts';
import { newCard } from '../payment-methods/new-card.ts';
import type { AccountTransaction, Caller } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { ApiError, invalidRequest } from '../wire/api-error.ts';
import { perform } from '../wire/perform.ts';
import { authenticationPath } from './authentication-page.ts';
import { invoicePage } from './invoice-page.ts';
import { invoicePdf } from './invoice-pdf.ts';
import { isForeign } from './is-foreign.ts';
import { sendPage } from './page.ts';
import { readCard } from './payer-form.ts';
import { sendForeign, sendNotice } from './send-notice.ts';

/** The hosted page of an invoice and its PDF. Who knows the address may see it: the invoice's id is the secret. */
export function addInvoicePage(server: FastifyInstance, store: Store): void {
  server.get('/i/:id', async (request, reply) => {
    const invoice = await finalizedInvoice(store, request);
    return invoice ? sendPage(reply, 200, 'Invoice (sandbox)', invoicePage(invoice)) : unknown(reply);
  });

  server.post('/i/:id', async (request, reply) => {
    if (isForeign(request)) return sendForeign(reply);
    const invoice = await finalizedInvoice(store, request);
    if (!invoice) return unknown(reply);
    const caller = await callerOf(store, request);
    try {
      await store.write(caller!, (tx) => payByCard(tx, invoice.id, (request.body ?? {}) as Record<string, unknown>));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, message, param, payment_intent } = error.body;
      if (code === 'invoice_payment_intent_requires_action' && payment_intent) {
        return redirect(reply, authenticationPath(payment_intent.id));
      }
      const page = invoicePage(invoice, { message, field: param });
      return sendPage(reply, error.status, 'Invoice (sandbox)', page);
    }
    return redirect(reply, `/i/${invoice.id}`);
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

/** Saves the card with the customer, and pays with it. */
async function payByCard(tx: AccountTransaction, id: string, fields: Record<string, unknown>) {
  const invoice = await tx.get('invoice', id);
  const card = readCard(fields, tx.now);
  if ('message' in card) throw invalidRequest(card.message, card.field);
  const method = newCard(tx, card, { email: invoice.customer_email, name: invoice.customer_name });
  attachPaymentMethod(tx, method, await tx.get('customer', String(invoice.customer)));
  await perform(tx, payInvoice, { payment_method: method.id }, id);
}

async function finalizedInvoice(store: Store, request: FastifyRequest): Promise<Stored<'invoice'> | undefined> {
  const caller = await callerOf(store, request);
  const invoice = caller && (await store.read(caller).find('invoice', idOf(request)));
  return invoice?.status === 'draft' ? undefined : invoice;
}

async function callerOf(store: Store, request: FastifyRequest): Promise<Caller | undefined> {
  const account = await store.accountOf('invoice', idOf(request));
  return account === undefined ? undefined : { account, requestId: request.id, idempotencyKey: null };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id.replaceAll('\0', '');
}

function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(303).header('location', location).header('cache-control', 'no-store').send();
}

function unknown(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 404, 'There is no such invoice', 'Check the address.');
}
