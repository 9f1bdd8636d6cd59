import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { endSubscription } from '../subscriptions/end-subscription.ts';
import { operation } from '../wire/operation.ts';

export const deleteCustomer = operation({}, async (tx, _input, id) => {
  const customer = await tx.get('customer', id!);
  await removeCustomer(tx, customer);
  return { id: customer.id, object: 'customer', deleted: true };
});

/** Deletes a customer and cancels what it subscribes to. */
export async function removeCustomer(tx: AccountTransaction, customer: Stored<'customer'>): Promise<void> {
  for (const subscription of await tx.all('subscription', { customer: customer.id })) {
    if (!subscription.ended_at) await endSubscription(tx, subscription, 'cancellation_requested');
  }
  for (const taxId of await tx.all('tax_id', { customer: customer.id })) tx.remove(taxId);
  tx.emit('customer.deleted', customer);
  tx.remove(customer);
}
