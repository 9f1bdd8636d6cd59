import type { Stored } from '../objects.ts';
import { newPaymentIntent } from '../payments/new-payment-intent.ts';
import { newSetupIntent } from '../setup/new-setup-intent.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Session = Stored<'checkout.session'>;

/** The session's payment: the one that a declined card or 3-D Secure left, or a new one. */
export async function sessionPayment(tx: AccountTransaction, session: Session, customer: string | null) {
  const { order } = session._sandbox;
  const left = order.intent && (await tx.find('payment_intent', order.intent));
  const amount = session.amount_total!;
  if (left) {
    tx.update(left, { amount, customer });
    return left;
  }
  const isSubscription = session.mode === 'subscription';
  const payment = newPaymentIntent(tx, {
    amount,
    currency: session.currency!,
    customer,
    allowed_payment_method_types: session.payment_method_types as ('card' | 'sepa_debit')[],
    payment_method_types: session.payment_method_types,
    ...order.payment,
    ...(isSubscription && { description: 'Subscription creation', setup_future_usage: 'off_session' as const }),
  });
  remember(tx, session, payment.id);
  return payment;
}

/** The session's setup: in mode `setup` the one it has shown from the start. */
export async function sessionSetup(tx: AccountTransaction, session: Session, customer: string | null) {
  const known = session.setup_intent ?? session._sandbox.order.intent;
  const left = known && (await tx.find('setup_intent', known));
  if (left) {
    tx.update(left, { customer });
    return left;
  }
  const setup = newSetupIntent(tx, { customer });
  remember(tx, session, setup.id);
  return setup;
}

/** The open session that an intent belongs to. */
export async function sessionOf(
  tx: AccountTransaction,
  intent: Stored<'payment_intent'> | Stored<'setup_intent'>,
): Promise<Session | undefined> {
  const [session] = await tx.all('checkout.session', { '_sandbox.order.intent': intent.id, status: 'open' });
  if (session || intent.object === 'payment_intent') return session;
  const [saving] = await tx.all('checkout.session', { setup_intent: intent.id, status: 'open' });
  return saving;
}

function remember(tx: AccountTransaction, session: Session, intent: string): void {
  tx.update(session, { _sandbox: { order: { ...session._sandbox.order, intent } } });
}
