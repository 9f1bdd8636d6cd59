import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import type { Of } from '../wire/parameters.ts';
import { cancellationDetails } from './subscription-parameters.ts';

const parameters = { cancellation_details: cancellationDetails } satisfies Of<Stripe.SubscriptionCancelParams>;

/** Ends a subscription at once. One that has ended is not found, as at Stripe. */
export const cancelSubscription = operation(parameters, async (tx, input, id) => {
  const subscription = await tx.get('subscription', id!);
  if (subscription.ended_at) throw resourceMissing('subscription', subscription.id, 'id', 404);
  tx.update(subscription, {
    cancellation_details: { ...subscription.cancellation_details!, ...input.cancellation_details },
  });
  return cancelNow(tx, subscription, 'cancellation_requested');
});

/** Ends a subscription at the transaction's time. */
export function cancelNow(
  tx: AccountTransaction,
  subscription: Stored<'subscription'>,
  reason: NonNullable<Stored<'subscription'>['cancellation_details']>['reason'],
): Stored<'subscription'> {
  tx.update(subscription, {
    canceled_at: subscription.canceled_at ?? tx.now,
    cancellation_details: { ...subscription.cancellation_details!, reason },
    ended_at: tx.now,
    status: subscription.status === 'incomplete' ? 'incomplete_expired' : 'canceled',
  });
  tx.emit('customer.subscription.deleted', subscription);
  return subscription;
}
