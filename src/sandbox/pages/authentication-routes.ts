import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sessionOf } from '../checkout/session-intent.ts';
import type { Stored } from '../objects.ts';
import { authenticatePayment } from '../payments/authenticate-payment.ts';
import { authenticateSetup } from '../setup/authenticate-setup.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { authenticationPage } from './authentication-page.ts';
import { leave, show } from './checkout-routes.ts';
import { isForeign } from './is-foreign.ts';
import { sendPage } from './page.ts';
import { sendForeign, sendNotice } from './send-notice.ts';

type Intent = Stored<'payment_intent'> | Stored<'setup_intent'>;

/** The page of the payer's bank. Who knows the intent's id is taken for the payer. */
export function addAuthenticationPage(server: FastifyInstance, store: Store): void {
  server.get('/3d-secure/:id', async (request, reply) => {
    const caller = await callerOf(store, request);
    const intent = caller && (await find(store.read(caller), idOf(request)));
    return intent?.status === 'requires_action'
      ? sendPage(reply, 200, '3-D Secure (sandbox)', authenticationPage(intent))
      : nothingToDo(reply);
  });

  server.post('/3d-secure/:id', async (request, reply) => {
    if (isForeign(request)) return sendForeign(reply);
    const caller = await callerOf(store, request);
    if (!caller) return nothingToDo(reply);
    const { action } = (request.body ?? {}) as Record<string, unknown>;
    const answer = await store.write(caller, async (tx) => {
      const intent = await find(tx, idOf(request));
      if (intent?.status !== 'requires_action') return () => nothingToDo(reply);
      const back = intent.next_action?.redirect_to_url?.return_url;
      const session = await sessionOf(tx, intent);
      const passed = action === 'complete';
      const decline =
        intent.object === 'payment_intent'
          ? await authenticatePayment(tx, intent, session, passed)
          : await authenticateSetup(tx, intent, session, passed);
      if (session) return () => (decline ? show(reply, session, decline, 402) : leave(reply, session));
      return () => (back ? goBack(reply, intent, back, !decline) : sendNotice(reply, 200, 'Done', result(!decline)));
    });
    return answer();
  });
}

/** The merchant's page learns of the outcome by its query, as at Stripe. */
function goBack(reply: FastifyReply, intent: Intent, back: string, passed: boolean): FastifyReply {
  const url = new URL(back);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '');
  url.searchParams.set('redirect_status', passed ? 'succeeded' : 'failed');
  return reply.code(303).header('location', url.href).header('cache-control', 'no-store').send();
}

function result(passed: boolean): string {
  return passed ? 'Your bank agreed. You can close this page.' : 'Your bank did not agree. You can close this page.';
}

function nothingToDo(reply: FastifyReply): FastifyReply {
  return sendNotice(reply, 404, 'There is nothing to authenticate', 'It was done before, or the address is wrong.');
}

async function find(tx: AccountTransaction, id: string): Promise<Intent | undefined> {
  return id.startsWith('seti_') ? tx.find('setup_intent', id) : tx.find('payment_intent', id);
}

async function callerOf(store: Store, request: FastifyRequest) {
  const id = idOf(request);
  const account = await store.accountOf(id.startsWith('seti_') ? 'setup_intent' : 'payment_intent', id);
  return account === undefined ? undefined : { account, requestId: request.id, idempotencyKey: null };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id.replaceAll('\0', '');
}
