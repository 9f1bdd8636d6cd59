import { newCustomer } from '../customers/create-customer.ts';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payments/attach-payment-method.ts';
import type { CardInput } from '../payments/card-input.ts';
import { newCard } from '../payments/new-card.ts';
import { newPaymentIntent } from '../payments/new-payment-intent.ts';
import { newSetupIntent, setUp } from '../payments/new-setup-intent.ts';
import { pay } from '../payments/pay.ts';
import { type Decline, declineOf } from '../payments/test-cards.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { startSubscription } from '../subscriptions/start-subscription.ts';
import { payerDetails } from './new-session.ts';

type Session = Stored<'checkout.session'>;

/** What the payer fills in; no card where none is asked for. */
export interface Payer {
  email: string;
  name?: string;
  card?: CardInput;
}

/**
 * Does what an open session is for: takes the payment, starts the subscription or saves the card. Answers how the card refused,
 * if it did: the session then stays open, with a failed payment behind it.
 */
export async function completeSession(
  tx: AccountTransaction,
  session: Session,
  payer: Payer,
): Promise<Decline | undefined> {
  const isDue = (session.amount_total ?? 0) > 0;
  const method = payer.card && newCard(tx, payer.card, { email: payer.email, name: payer.name ?? null });
  const decline = payer.card && declineOf(payer.card.number, isDue ? 'charge' : 'setup');
  const customer = decline ? undefined : await payingCustomer(tx, session, payer);
  const customerId = customer?.id ?? session.customer;

  const payment = isDue ? await sessionPayment(tx, session, customerId) : undefined;
  const setup = isDue || !method ? undefined : await sessionSetup(tx, session, customerId);
  if (payment && method) pay(tx, payment, method);
  if (setup && method) setUp(tx, setup, method);
  if (decline) return decline;

  if (customer && method && savesCard(session)) attachPaymentMethod(tx, method, customer);
  const subscription =
    customer && session.mode === 'subscription' ? await subscribe(tx, session, customer, method, payment) : undefined;
  tx.update(session, {
    customer: customerId,
    customer_details: payerDetails(payer.email, customer ?? undefined),
    invoice: subscription?.latest_invoice ?? null,
    payment_intent: session.mode === 'payment' ? (payment?.id ?? null) : null,
    payment_status: isDue ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: subscription?.id ?? null,
    url: null,
  });
  tx.emit('checkout.session.completed', session);
  return undefined;
}

async function payingCustomer(tx: AccountTransaction, session: Session, payer: Payer) {
  if (session.customer) return tx.get('customer', session.customer);
  if (session.customer_creation !== 'always' && !session._sandbox.order.payment.setup_future_usage) return undefined;
  if (session.mode === 'setup') return undefined;
  const customer = newCustomer(tx, { email: payer.email, name: payer.name ?? null });
  tx.emit('customer.created', customer);
  return customer;
}

/** A card that is used again later is saved; a single payment saves it only when asked to. */
function savesCard({ mode, _sandbox }: Session): boolean {
  return mode !== 'payment' || Boolean(_sandbox.order.payment.setup_future_usage);
}

/** The session's payment: the one that a declined card left, or a new one. */
async function sessionPayment(tx: AccountTransaction, session: Session, customer: string | null) {
  const { order } = session._sandbox;
  const left = order.paymentIntent && (await tx.find('payment_intent', order.paymentIntent));
  if (left) {
    tx.update(left, { customer });
    return left;
  }
  const isSubscription = session.mode === 'subscription';
  const payment = newPaymentIntent(tx, {
    amount: session.amount_total!,
    currency: session.currency!,
    customer,
    ...order.payment,
    ...(isSubscription && { description: 'Subscription creation', setup_future_usage: 'off_session' as const }),
  });
  tx.update(session, { _sandbox: { order: { ...order, paymentIntent: payment.id } } });
  return payment;
}

async function sessionSetup(tx: AccountTransaction, session: Session, customer: string | null) {
  return session.setup_intent ? tx.get('setup_intent', session.setup_intent) : newSetupIntent(tx, { customer });
}

async function subscribe(
  tx: AccountTransaction,
  session: Session,
  customer: Stored<'customer'>,
  method: Stored<'payment_method'> | undefined,
  payment: Stored<'payment_intent'> | undefined,
) {
  const { lines, subscription: wanted } = session._sandbox.order;
  const purchases = [];
  for (const { price, quantity } of lines) purchases.push({ price: await tx.get('price', price), quantity });
  const { trial } = wanted;
  return startSubscription(tx, {
    customer,
    purchases,
    payment,
    trialEnd: trial ? ('end' in trial ? trial.end : tx.now + trial.days * 86_400) : undefined,
    given: {
      default_payment_method: method?.id ?? null,
      description: wanted.description,
      metadata: wanted.metadata,
      ...(wanted.trialSettings && { trial_settings: wanted.trialSettings }),
    },
  });
}
