import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, text } from '../wire/parameter-kinds.ts';
import { type Of, unsettable } from '../wire/parameters.ts';
import { cancellationDetails } from './subscription-parameters.ts';

type Subscription = Stored<'subscription'>;

const parameters = {
  cancel_at_period_end: boolean,
  cancellation_details: cancellationDetails,
  default_payment_method: text(),
  description: unsettable(text({ max: 500 })),
  metadata,
} satisfies Of<Stripe.SubscriptionUpdateParams>;

export const updateSubscription = operation(parameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  const { cancel_at_period_end, cancellation_details, default_payment_method, description } = input;
  if (
    subscription.ended_at &&
    [cancel_at_period_end, default_payment_method, description].some((given) => given !== undefined)
  ) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
  }
  if (default_payment_method) await refuseForeignMethod(tx, subscription, default_payment_method);
  const details = { ...subscription.cancellation_details!, ...cancellation_details };
  const previous = tx.update(subscription, {
    cancellation_details: details,
    default_payment_method,
    description,
    metadata: mergeMetadata(subscription.metadata, input.metadata),
    ...(cancel_at_period_end !== undefined && cancellation(tx, subscription, cancel_at_period_end, details)),
  });
  if (previous) tx.emit('customer.subscription.updated', subscription, previous);
  return subscription;
});

/** Sets a subscription to end with its period, or takes that back. */
function cancellation(
  tx: AccountTransaction,
  subscription: Subscription,
  atPeriodEnd: boolean,
  details: NonNullable<Subscription['cancellation_details']>,
): Partial<Subscription> {
  if (atPeriodEnd === subscription.cancel_at_period_end) return {};
  const reason = atPeriodEnd ? 'cancellation_requested' : null;
  const periodEnd = Math.max(...subscription.items.data.map((item) => item.current_period_end));
  return {
    cancel_at: atPeriodEnd ? periodEnd : null,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: atPeriodEnd ? tx.now : null,
    cancellation_details: { ...details, reason },
  };
}

async function refuseForeignMethod(tx: AccountTransaction, subscription: Subscription, id: string) {
  const method = await tx.refer('payment_method', id, 'default_payment_method');
  if (method.customer === subscription.customer) return;
  const message = `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`;
  throw invalidRequest(message, 'default_payment_method');
}
