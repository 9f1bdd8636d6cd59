import { cancelNow } from '../subscriptions/cancel-subscription.ts';
import { operation } from '../wire/operation.ts';

/** Deletes a customer and cancels what it subscribes to. */
export const deleteCustomer = operation({}, async (tx, _input, id) => {
  const customer = await tx.get('customer', id!);
  for (const subscription of await tx.all('subscription', { customer: customer.id })) {
    if (!subscription.ended_at) cancelNow(tx, subscription, 'cancellation_requested');
  }
  tx.emit('customer.deleted', customer);
  tx.remove(customer);
  return { id: customer.id, object: 'customer', deleted: true };
});
