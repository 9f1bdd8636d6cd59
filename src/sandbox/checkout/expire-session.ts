import type { Stored } from '../objects.ts';
import { cancelPayment } from '../payments/cancel-payment-intent.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { recovery } from './recover-session.ts';

export const expireSession = operation({}, async (tx, _input, id) => {
  const session = await tx.get('checkout.session', id!, 'session');
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  await expire(tx, session);
  return session;
});

/** The session was open for as long as it may be. */
export async function expireByTime(tx: AccountTransaction, id: string): Promise<void> {
  const session = await tx.find('checkout.session', id);
  if (session?.status === 'open') await expire(tx, session);
}

async function expire(tx: AccountTransaction, session: Stored<'checkout.session'>): Promise<void> {
  const { intent } = session._sandbox.order;
  const payment = intent ? await tx.find('payment_intent', intent) : undefined;
  if (payment) await cancelPayment(tx, payment, 'expired');
  tx.update(session, { after_expiration: recovery(tx, session), status: 'expired', url: null });
  tx.schedule('checkout.session.expire', session.id, null);
  tx.emit('checkout.session.expired', session);
}
