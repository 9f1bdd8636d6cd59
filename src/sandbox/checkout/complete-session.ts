import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payment-methods/attach-payment-method.ts';
import type { Decline } from '../payment-methods/test-cards.ts';
import { attemptPayment } from '../payments/attempt-payment.ts';
import { attemptSetup } from '../setup/attempt-setup.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { filledFields } from './custom-fields.ts';
import { payerDetails } from './new-session.ts';
import type { Payer } from './payer.ts';
import { isObstructed, payersMethod } from './payers-method.ts';
import { payingCustomer } from './paying-customer.ts';
import { redeemOffer } from './redeem-offer.ts';
import { reorder } from './session-amounts.ts';
import { sessionPayment, sessionSetup } from './session-intent.ts';
import { automaticTax } from './session-settings.ts';
import { subscribe } from './subscribe.ts';

type Session = Stored<'checkout.session'>;

/**
 * Does what an open session is for: takes the payment, starts the subscription or saves the card. Answers how the card refused, if it
 * did: the session then stays open, with a failed payment behind it. It also stays open where the payer's bank asks for 3-D Secure:
 * completing goes on from there.
 */
export async function completeSession(
  tx: AccountTransaction,
  session: Session,
  payer: Payer,
): Promise<Decline | undefined> {
  await taxPayer(tx, session, payer);
  const isDue = (session.amount_total ?? 0) > 0;
  const method = await payersMethod(tx, session, payer);
  const customer =
    method && isObstructed(session, method, payer) ? undefined : await payingCustomer(tx, session, payer);
  const customerId = customer?.id ?? session.customer;

  const payment = isDue ? await sessionPayment(tx, session, customerId) : undefined;
  const setup = isDue || !method ? undefined : await sessionSetup(tx, session, customerId);
  const how = { authenticated: payer.authenticated, returnUrl: session.url ?? undefined };
  const decline =
    (payment && method && (await attemptPayment(tx, payment, method, how))) ??
    (setup && method && attemptSetup(tx, setup, method, how));
  if (decline) return decline;
  if ((payment ?? setup)?.status === 'requires_action') {
    waitFor(tx, session, { ...payer, card: undefined, iban: undefined, method: method!.id });
    return undefined;
  }

  if (customer && method && savesMethod(session)) attachPaymentMethod(tx, method, customer);
  const subscription =
    customer && session.mode === 'subscription' ? await subscribe(tx, session, customer, method, payment) : undefined;
  if (!subscription) await redeemOffer(tx, session);
  tx.update(session, {
    consent: givenConsent(session, payer),
    custom_fields: filledFields(session.custom_fields, payer.fields),
    customer: customerId,
    customer_details: payerDetails(payer.email, { ...customer, ...payer }),
    invoice: subscription?.latest_invoice ?? null,
    payment_intent: session.mode === 'payment' ? (payment?.id ?? null) : null,
    payment_status: isDue ? (payment?.status === 'succeeded' ? 'paid' : 'unpaid') : 'no_payment_required',
    status: 'complete',
    subscription: subscription?.id ?? null,
    url: null,
  });
  tx.schedule('checkout.session.expire', session.id, null);
  tx.emit('checkout.session.completed', session);
  return undefined;
}

/** Where the payer is decides on the tax, at last: where he says, unless the customer's own address counts. */
async function taxPayer(tx: AccountTransaction, session: Session, { address }: Payer): Promise<void> {
  const { order } = session._sandbox;
  if (!order.tax) return;
  const customer = session.customer ? await tx.get('customer', session.customer) : undefined;
  const counts = !customer || order.customerUpdate.address === 'auto';
  const country = (counts ? address?.country : null) ?? customer?.address?.country ?? null;
  await reorder(tx, session, { tax: { country } });
  tx.update(session, { automatic_tax: automaticTax({ tax: { country } }) });
}

function givenConsent({ consent_collection: asked }: Session, { consent }: Payer): Session['consent'] {
  if (!asked) return null;
  const opted = consent?.promotions ? 'opt_in' : 'opt_out';
  return {
    promotions: asked.promotions === 'auto' ? opted : null,
    terms_of_service: consent?.terms ? 'accepted' : null,
  };
}

function waitFor(tx: AccountTransaction, session: Session, payer: Payer): void {
  tx.update(session, { _sandbox: { order: { ...session._sandbox.order, payer } } });
}

/** A payment method that is used again later is saved; a single payment saves it only when asked to. */
function savesMethod({ mode, _sandbox }: Session): boolean {
  return mode !== 'payment' || Boolean(_sandbox.order.payment.setup_future_usage);
}
