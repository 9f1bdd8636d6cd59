import type Stripe from 'stripe';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';

/** What Stripe leaves out of a customer unless it is asked for. */
const part = 'tax_ids';

/** The customer with its tax ids; without them where a restricted key may not read them, which the doctor says. */
export async function retrieveCustomer(stripe: Stripe, id: string) {
  return stripe.customers.retrieve(id, { expand: [part] }).catch((failure) => {
    if (isRightMissing(failure)) return stripe.customers.retrieve(id);
    throw failure;
  });
}

/** A page of a list of customers, as retrieveCustomer. */
export async function listCustomers(stripe: Stripe, params: Stripe.CustomerListParams) {
  return stripe.customers.list({ ...params, expand: [`data.${part}`] }).catch((failure) => {
    if (isRightMissing(failure)) return stripe.customers.list(params);
    throw failure;
  });
}
