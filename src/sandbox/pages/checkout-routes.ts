import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asksForCard } from '../checkout/asks-for-card.ts';
import { completeSession } from '../checkout/complete-session.ts';
import type { Stored } from '../objects.ts';
import type { Caller } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { type CheckoutFault, checkoutPage } from './checkout-page.ts';
import { html } from './html.ts';
import { sendPage } from './page.ts';
import { readPayer } from './payer-form.ts';

type Session = Stored<'checkout.session'>;

/** The hosted page of a Checkout Session. Who knows its address may pay: the session's id is the secret. */
export function addCheckoutPage(server: FastifyInstance, store: Store): void {
  server.get('/c/pay/:id', async (request, reply) => {
    const caller = await callerOf(store, request);
    const session = caller && (await store.read(caller).find('checkout.session', idOf(request)));
    return session ? show(reply, session) : unknown(reply);
  });

  server.post('/c/pay/:id', async (request, reply) => {
    if (request.headers['sec-fetch-site'] === 'cross-site') return foreign(reply);
    const caller = await callerOf(store, request);
    if (!caller) return unknown(reply);
    const form = (request.body ?? {}) as Record<string, unknown>;
    const answer = await store.write(caller, async (tx) => {
      const session = await tx.get('checkout.session', idOf(request));
      if (session.status !== 'open') return () => leave(reply, session);
      const { cancel_url } = session;
      if (form.action === 'cancel' && cancel_url) return () => redirect(reply, session, cancel_url);
      const payer = readPayer(form, asksForCard(session), tx.now);
      if ('message' in payer) return () => show(reply, session, payer, 400);
      const decline = await completeSession(tx, session, payer);
      return () => (decline ? show(reply, session, { ...decline, email: payer.email }, 402) : leave(reply, session));
    });
    // Only now: the payer must not arrive at the merchant before the payment is committed.
    return answer();
  });
}

function show(reply: FastifyReply, session: Session, fault?: CheckoutFault, status = 200): FastifyReply {
  if (session.status === 'open') return sendPage(reply, status, 'Checkout (sandbox)', checkoutPage(session, fault));
  if (session.status === 'complete')
    return sendPage(reply, 200, 'Done (sandbox)', html`<h1>All done</h1><p>This checkout is complete.</p>`);
  const text = html`<h1>This page has expired</h1><p>Go back to where you came from and start again.</p>`;
  return sendPage(reply, 410, 'Expired (sandbox)', text);
}

function leave(reply: FastifyReply, session: Session): FastifyReply {
  const { status, success_url } = session;
  return status === 'complete' && success_url ? redirect(reply, session, success_url) : show(reply, session);
}

/** `{CHECKOUT_SESSION_ID}` stands for the session's id; the rest of the address goes out as it came in, made plain ASCII. */
function redirect(reply: FastifyReply, session: Session, url: string): FastifyReply {
  const location = new URL(url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
  return reply.code(303).header('location', location).header('cache-control', 'no-store').send();
}

function unknown(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 404, 'Not found (sandbox)', html`<h1>There is no such checkout</h1><p>Check the address.</p>`);
}

function foreign(reply: FastifyReply): FastifyReply {
  const text = html`<h1>This form came from another site</h1><p>Open the checkout page itself and try again.</p>`;
  return sendPage(reply, 403, 'Refused (sandbox)', text);
}

async function callerOf(store: Store, request: FastifyRequest): Promise<Caller | undefined> {
  const account = await store.accountOf('checkout.session', idOf(request));
  return account === undefined ? undefined : { account, requestId: request.id, idempotencyKey: null };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id.replaceAll('\0', '');
}
