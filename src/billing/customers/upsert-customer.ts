import { badInput } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { askForCustomer, type CustomerTools } from './ask-for-customer.ts';
import { type CustomerInput, checkCustomer } from './check-customer.ts';
import { Customer } from './customer.entity.ts';

/**
 * Makes the customer of an external id, or changes it where there is one.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT, also where there is none yet and no email is given; CONFLICT with the field for an email that
 * another customer has; STRIPE_ERROR.
 */
export async function upsertCustomer(
  tools: CustomerTools,
  tenant: Tenant,
  input: CustomerInput & { externalId: string },
): Promise<string> {
  const changes = checkCustomer(input);
  const { projectId, environment } = tenant;
  return askForCustomer(tools, tenant, {
    changes,
    async find(em) {
      const { externalId } = changes;
      const known = await em.findOne(Customer, { projectId, environment, externalId, stripeCustomerId: { $ne: null } });
      if (!known && changes.email === undefined)
        throw badInput('There is no customer with this external id yet: a new one needs an email address.', 'email');
      return known;
    },
  });
}
