import type Stripe from 'stripe';
import { isRightMissing } from '../../stripe/stripe-trouble.ts';
import { withCoupons } from './expand-coupons.ts';

/** What Stripe leaves out of a customer unless it is asked for. */
const part = 'tax_ids';

type Answer = Stripe.Response<Stripe.Customer | Stripe.DeletedCustomer>;

/** The customer with its tax ids and what its discount gives; without what a restricted key may not read, which the doctor says. */
export async function retrieveCustomer(stripe: Stripe, id: string): Promise<Answer> {
  const ask = (coupons: string[]) =>
    withTaxIds((parts) => stripe.customers.retrieve(id, { expand: [...parts, ...coupons] }));
  const customer = await ask([]);
  return customer.deleted || !customer.discount ? customer : withCoupons('discount', ask);
}

/** A page of a list of customers, as retrieveCustomer. */
export async function listCustomers(stripe: Stripe, params: Stripe.CustomerListParams) {
  const page = await withTaxIds((parts) =>
    stripe.customers.list({ ...params, expand: parts.map((part) => `data.${part}`) }),
  );
  for (const [index, { id, discount }] of page.data.entries())
    if (discount) page.data[index] = (await retrieveCustomer(stripe, id)) as Stripe.Customer;
  return page;
}

async function withTaxIds<Answer>(ask: (expand: string[]) => Promise<Answer>): Promise<Answer> {
  return ask([part]).catch((failure) => {
    if (isRightMissing(failure)) return ask([]);
    throw failure;
  });
}
