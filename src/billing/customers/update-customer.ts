import type { Tenant } from '../../tenant.ts';
import { askForCustomer, type CustomerTools } from './ask-for-customer.ts';
import { type CustomerInput, checkCustomer } from './check-customer.ts';
import { findCustomer } from './find-customer.ts';

/**
 * Changes a customer here and in Stripe: what is undefined stays, null takes it away.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; NOT_FOUND; CONFLICT with the field for an email or external id that another customer has; STRIPE_ERROR.
 */
export async function updateCustomer(
  tools: CustomerTools,
  tenant: Tenant,
  { customerId, ...input }: CustomerInput & { customerId: string },
): Promise<string> {
  const find: Parameters<typeof askForCustomer>[2]['find'] = (em) => findCustomer({ em }, tenant, customerId);
  return askForCustomer(tools, tenant, { changes: checkCustomer(input), find });
}
