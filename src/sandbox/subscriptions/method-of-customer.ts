import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';

/** The id of a payment method, once it is known to be the customer's; `param` is where the request names it. */
export async function methodOfCustomer(tx: AccountTransaction, customer: string, id: string, param: string) {
  const method = await tx.refer('payment_method', id, param);
  if (method.customer === customer) return method.id;
  const message = `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`;
  throw invalidRequest(message, param);
}
