import { filledAddress } from '../customers/filled-address.ts';
import type { Stored } from '../objects.ts';
import { offerOf } from '../promotions/offer.ts';
import { newSetupIntent } from '../setup/new-setup-intent.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { refuseUnlocated } from '../tax/automatic-tax.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import type { Values } from '../wire/parameters.ts';
import type { CheckoutOrder } from './checkout-order.ts';
import { newSession } from './new-session.ts';
import { refuseMisplaced, refuseOddTimes } from './refuse-session.ts';
import { sessionCurrency, sessionLines } from './session-lines.ts';
import { sessionParameters } from './session-parameters.ts';

export type SessionInput = Values<typeof sessionParameters>;
type Lines = Awaited<ReturnType<typeof sessionLines>>;

/** A page on which a customer pays, subscribes or saves a card; open for a day unless `expires_at` says otherwise. */
export const createSession = operation(sessionParameters, async (tx, input) => {
  refuseMisplaced(input);
  const customer = input.customer ? await tx.refer('customer', input.customer, 'customer') : undefined;
  refuseOddTimes(tx.now, input);
  const lines = input.mode === 'setup' ? [] : await sessionLines(tx, input.mode, input.line_items);
  const currency = lines.length ? sessionCurrency(lines, input.currency, customer?.currency) : null;
  refuseUntaxable(input, lines, customer);
  const bare = orderOf(input, lines);
  const tax = bare.tax && { country: customer?.address?.country ?? null };
  const order = { ...bare, currency, tax, offer: await checkedOffer(tx, input, currency, customer) };
  const session = await newSession(tx, input, customer, order);
  if (input.mode === 'setup') {
    const { description = null, metadata } = input.setup_intent_data ?? {};
    const intent = newSetupIntent(tx, {
      customer: customer?.id ?? null,
      description,
      metadata: mergeMetadata({}, metadata),
      payment_method_types: session.payment_method_types,
    });
    tx.update(session, { setup_intent: intent.id });
  }
  tx.schedule('checkout.session.expire', session.id, session.expires_at);
  return session;
});

function refuseUntaxable(
  { automatic_tax, customer_update }: SessionInput,
  lines: Lines,
  customer: Stored<'customer'> | undefined,
): void {
  if (!automatic_tax?.enabled) return;
  if (customer && customer_update?.address !== 'auto') {
    refuseUnlocated(
      customer.address,
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
    );
  }
  if (lines.some(({ price }) => price.tax_behavior === 'inclusive')) {
    throw invalidRequest('The sandbox does not model automatic tax that is included in the price.', 'automatic_tax');
  }
}

async function checkedOffer(
  tx: AccountTransaction,
  { discounts }: SessionInput,
  currency: string | null,
  customer: Stored<'customer'> | undefined,
): Promise<CheckoutOrder['offer']> {
  const [wanted] = discounts ?? [];
  if (!wanted) return null;
  const { coupon, promotion } = await offerOf(tx, wanted, { customer, currency }, 'discounts[0]');
  return promotion ? { promotion_code: promotion.id } : { coupon: coupon.id };
}

function orderOf(input: SessionInput, lines: Lines): CheckoutOrder {
  const { metadata, description = null, trial_end, trial_period_days, trial_settings } = input.subscription_data ?? {};
  const { metadata: paymentMetadata, shipping, ...payment } = input.payment_intent_data ?? {};
  const onMissing = trial_settings?.end_behavior?.missing_payment_method;
  return {
    lines: lines.map(({ price, quantity, adjustable }) => ({ price: price.id, quantity, adjustable })),
    currency: null,
    offer: null,
    tax: input.automatic_tax?.enabled ? { country: null } : null,
    subscription: {
      metadata: mergeMetadata({}, metadata),
      description,
      trial: trial_period_days ? { days: trial_period_days } : trial_end ? { end: trial_end } : null,
      trialSettings: onMissing
        ? { end_behavior: { billing_cycle_anchor: null, missing_payment_method: onMissing } }
        : null,
    },
    payment: {
      ...payment,
      metadata: mergeMetadata({}, paymentMetadata),
      ...(shipping && {
        shipping: { ...shipping, address: filledAddress(shipping.address)! } as CheckoutOrder['payment']['shipping'],
      }),
    },
    customerUpdate: input.customer_update ?? {},
    intent: null,
    payer: null,
  };
}
