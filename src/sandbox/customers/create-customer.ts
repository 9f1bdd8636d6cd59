import type Stripe from 'stripe';
import { newId, randomText } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payments/attach-payment-method.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import type { Of } from '../wire/parameters.ts';
import { customerParameters } from './customer-parameters.ts';
import { customerPatch } from './update-customer.ts';

const parameters = { ...customerParameters, payment_method: text() } satisfies Of<Stripe.CustomerCreateParams>;

export const createCustomer = operation(parameters, async (tx, { payment_method, ...input }) => {
  const customer = newCustomer(tx, await customerPatch(tx, undefined, input));
  if (payment_method) {
    const method = await tx.refer('payment_method', payment_method, 'payment_method');
    await attachPaymentMethod(tx, method, customer);
  }
  tx.emit('customer.created', customer);
  return customer;
});

/** Adds a customer; the caller says so by `customer.created`. */
export function newCustomer(tx: AccountTransaction, given: Partial<Stored<'customer'>>): Stored<'customer'> {
  return tx.add<Stored<'customer'>>({
    id: newId('cus_', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: tx.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
  });
}
