import type Stripe from 'stripe';
import { newId, randomText } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { attachPaymentMethod } from '../payment-methods/attach-payment-method.ts';
import { paymentMethodOf } from '../payment-methods/payment-method-of.ts';
import { setCustomerCoupon } from '../promotions/customer-discount.ts';
import { newSource } from '../sources/new-source.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newTaxId, taxIdParameters } from '../tax-ids/new-tax-id.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import { type Every, hash, list } from '../wire/parameters.ts';
import { customerParameters } from './customer-parameters.ts';
import { customerPatch } from './update-customer.ts';

const parameters = {
  ...customerParameters,
  payment_method: text(),
  test_clock: text(),
  tax_id_data: list(hash(taxIdParameters), { max: 5 }),
} satisfies Every<Stripe.CustomerCreateParams & { coupon: string }>;

export const createCustomer = operation(parameters, async (tx, input) => {
  const { coupon, invoice_settings, payment_method, source, tax_id_data = [], test_clock, ...given } = input;
  if (test_clock) tx.follow(await tx.refer('test_helpers.test_clock', test_clock, 'test_clock'));
  const customer = newCustomer(tx, { ...(await customerPatch(tx, undefined, given)), test_clock: test_clock ?? null });
  if (payment_method) {
    const method = await paymentMethodOf(tx, payment_method, 'payment_method');
    attachPaymentMethod(tx, method, customer);
    if (invoice_settings?.default_payment_method === payment_method) {
      invoice_settings.default_payment_method = method.id;
    }
  }
  if (invoice_settings) tx.update(customer, await customerPatch(tx, customer, { invoice_settings }));
  const card = source ? newSource(tx, customer, source) : undefined;
  if (card) tx.update(customer, { default_source: card.id });
  if (coupon) await setCustomerCoupon(tx, customer, coupon);
  tx.emit('customer.created', customer);
  if (card) tx.emit('customer.source.created', card);
  for (const [index, taxId] of tax_id_data.entries()) await newTaxId(tx, customer, taxId, `tax_id_data[${index}]`);
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
