import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { startSubscription } from '../subscriptions/start-subscription.ts';
import { discountSubscription } from './redeem-offer.ts';

/** Starts the subscription of a session that was paid. */
export async function subscribe(
  tx: AccountTransaction,
  session: Stored<'checkout.session'>,
  customer: Stored<'customer'>,
  method: Stored<'payment_method'> | undefined,
  payment: Stored<'payment_intent'> | undefined,
) {
  const { lines, subscription: wanted } = session._sandbox.order;
  const purchases = [];
  for (const { price, quantity } of lines) purchases.push({ price: await tx.get('price', price), quantity });
  const { trial } = wanted;
  const id = newId('sub_1');
  return startSubscription(tx, {
    customer,
    purchases,
    payment,
    trialEnd: trial ? ('end' in trial ? trial.end : tx.now + trial.days * 86_400) : undefined,
    given: {
      id,
      automatic_tax: { disabled_reason: null, enabled: session.automatic_tax.enabled, liability: null },
      currency: session.currency!,
      default_payment_method: method?.id ?? null,
      description: wanted.description,
      discounts: await discountSubscription(tx, session, customer, id),
      metadata: wanted.metadata,
      ...(wanted.trialSettings && { trial_settings: wanted.trialSettings }),
    },
  });
}
