import type { EntityManager } from '@mikro-orm/core';
import { checkEmail } from '../../check-input.ts';
import { badInput, conflict, Refusal } from '../../errors.ts';
import type { Tenant } from '../../tenant.ts';
import { Customer } from '../customers/customer.entity.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { PaymentMethod } from '../payment-methods/payment-method.entity.ts';
import type { NewCheckoutSession } from './new-checkout-session.ts';

/** A customer of the project, or a guest; `isGuest` also for a guest who named a customer's address: nobody knows whether it is his. */
export type Buyer =
  | { customer: Customer; email: null; isGuest: boolean }
  | { customer: null; email: string; isGuest: true };

/**
 * Who buys. An address is one customer's in a project: a guest who names that of a customer buys for the customer, as if the caller
 * had named him. Not where payment methods are saved for the customer, since Stripe's page may offer them to whoever opened it.
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT; CONFLICT where the address is that of a customer with saved payment methods, or of one
 * who is being made.
 */
export async function chooseBuyer(
  { em }: { em: EntityManager },
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { customerId, customerEmail }: Pick<NewCheckoutSession, 'customerId' | 'customerEmail'>,
): Promise<Buyer> {
  if (customerId != null)
    return {
      customer: await findCustomer({ em }, { projectId, environment }, customerId),
      email: null,
      isGuest: false,
    };
  if (customerEmail == null)
    throw badInput('Say who buys: a customer by customerId, `pc_…`, or a guest by customerEmail.', 'customerId');
  const email = checkEmail(customerEmail, 'customerEmail');
  const customer = await em.findOne(Customer, { projectId, environment, email });
  if (!customer) return { customer: null, email, isGuest: true };
  if (!customer.stripeCustomerId)
    throw new Refusal('CONFLICT', 'A customer with this address is being made. Try again in a moment.', {
      field: 'customerEmail',
      retryable: true,
      retryAfter: 1,
    });
  if (await em.count(PaymentMethod, { customer, detachedAt: null }))
    throw conflict(
      'A customer of this project has this address, and payment methods are saved for him. Let him sign in, and name him by customerId.',
      'customerEmail',
    );
  return { customer, email: null, isGuest: true };
}
