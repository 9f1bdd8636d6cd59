import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asksForCard } from '../checkout/asks-for-card.ts';
import { changeOrder } from '../checkout/change-order.ts';
import { completeSession } from '../checkout/complete-session.ts';
import { recoverSession } from '../checkout/recover-session.ts';
import type { Stored } from '../objects.ts';
import type { Caller } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { authenticationPath } from './authentication-page.ts';
import { type CheckoutFault, checkoutPage } from './checkout-page.ts';
import { isForeign } from './is-foreign.ts';
import { sendPage } from './page.ts';
import { readPayer, typedFields } from './payer-form.ts';
import { sendForeign, sendNotice } from './send-notice.ts';

type Session = Stored<'checkout.session'>;

/** The hosted page of a Checkout Session. Who knows its address may pay: the session's id is the secret. */
export function addCheckoutPage(server: FastifyInstance, store: Store): void {
  server.get('/c/pay/:id', async (request, reply) => {
    const caller = await callerOf(store, request);
    const session = caller && (await store.read(caller).find('checkout.session', idOf(request)));
    return session ? show(reply, session) : unknown(reply);
  });

  server.post('/c/pay/:id', async (request, reply) => {
    if (isForeign(request)) return sendForeign(reply);
    const caller = await callerOf(store, request);
    if (!caller) return unknown(reply);
    const form = typedFields(request.body);
    const answer = await store.write(caller, async (tx) => {
      const session = await tx.get('checkout.session', idOf(request));
      if (session.status !== 'open') return () => leave(reply, session);
      const { cancel_url } = session;
      if (form.action === 'cancel' && cancel_url) return () => redirect(reply, session, cancel_url);
      const fault = await changeOrder(tx, session, form);
      if (fault || form.action === 'apply' || form.action === 'quantity') {
        return () => show(reply, session, fault, fault ? 400 : 200);
      }
      const payer = readPayer(form, session, asksForCard(session), tx.now);
      if ('message' in payer) return () => show(reply, session, payer, 400);
      const decline = await completeSession(tx, session, payer);
      if (decline) return () => show(reply, session, { ...decline, typed: form }, 402);
      const { intent } = session._sandbox.order;
      if (session.status === 'open')
        return () => reply.redirect(authenticationPath(session.setup_intent ?? intent!), 303);
      return () => leave(reply, session);
    });
    // Only now: the payer must not arrive at the merchant before the payment is committed.
    return answer();
  });

  server.get('/c/recover/:id', async (request, reply) => {
    const caller = await callerOf(store, request);
    if (!caller) return unknown(reply);
    const url = await store.write(caller, async (tx) => {
      const expired = await tx.get('checkout.session', idOf(request));
      return (await recoverSession(tx, expired))?.url;
    });
    return url ? reply.redirect(url, 303) : unknown(reply);
  });
}

export function show(reply: FastifyReply, session: Session, fault?: CheckoutFault, status = 200): FastifyReply {
  if (session.status === 'open') return sendPage(reply, status, 'Checkout (sandbox)', checkoutPage(session, fault));
  if (session.status === 'complete') return sendNotice(reply, 200, 'All done', 'This checkout is complete.');
  return sendNotice(reply, 410, 'This page has expired', 'Go back to where you came from and start again.');
}

export function leave(reply: FastifyReply, session: Session): FastifyReply {
  const { status, success_url } = session;
  return status === 'complete' && success_url ? redirect(reply, session, success_url) : show(reply, session);
}

/** `{CHECKOUT_SESSION_ID}` stands for the session's id; the rest of the address goes out as it came in, made plain ASCII. */
function redirect(reply: FastifyReply, session: Session, url: string): FastifyReply {
  const location = new URL(url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
  return reply.code(303).header('location', location).header('cache-control', 'no-store').send();
}

function unknown(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 404, 'There is no such checkout', 'Check the address.');
}

async function callerOf(store: Store, request: FastifyRequest): Promise<Caller | undefined> {
  const account = await store.accountOf('checkout.session', idOf(request));
  return account === undefined ? undefined : { account, requestId: request.id, idempotencyKey: null };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id.replaceAll('\0', '');
}
