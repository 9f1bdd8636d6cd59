import type { Tenant } from '../../tenant.ts';
import { askForCustomer, type CustomerTools } from './ask-for-customer.ts';
import { type CustomerInput, checkCustomer } from './check-customer.ts';

/**
 * Makes a customer here and in Stripe.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT; CONFLICT with the field for an email or external id that the project already has; STRIPE_ERROR.
 */
export async function createCustomer(
  tools: CustomerTools,
  tenant: Tenant,
  input: CustomerInput & { email: string },
): Promise<string> {
  return askForCustomer(tools, tenant, { changes: checkCustomer(input), find: async () => null });
}
