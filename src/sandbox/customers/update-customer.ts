import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import { setCustomerCoupon } from '../promotions/customer-discount.ts';
import { newSource } from '../sources/new-source.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { text } from '../wire/parameter-kinds.ts';
import type { Every, Values } from '../wire/parameters.ts';
import { customerParameters } from './customer-parameters.ts';
import { filledAddress } from './filled-address.ts';

type Customer = Stored<'customer'>;

const parameters = {
  ...customerParameters,
  default_source: text(),
} satisfies Every<Stripe.CustomerUpdateParams & { coupon: string }>;

export const updateCustomer = operation(parameters, async (tx, { coupon, default_source, source, ...input }, id) => {
  const customer = await tx.get('customer', id!);
  if (default_source && (await tx.refer('card', default_source, 'default_source')).customer !== customer.id) {
    throw resourceMissing('source', default_source, 'default_source', 400);
  }
  const card = source ? newSource(tx, customer, source) : undefined;
  if (card) tx.emit('customer.source.created', card);
  if (coupon !== undefined) await setCustomerCoupon(tx, customer, coupon);
  const patch = await customerPatch(tx, customer, input);
  const previous = tx.update(customer, { ...patch, default_source: card?.id ?? default_source });
  if (previous) tx.emit('customer.updated', customer, previous);
  return customer;
});

/** The fields that a request gives a customer; `customer` is missing while it is made. */
export async function customerPatch(
  tx: AccountTransaction,
  customer: Customer | undefined,
  input: Omit<Values<typeof customerParameters>, 'coupon' | 'source'>,
): Promise<Partial<Customer>> {
  const { address, invoice_settings, metadata, shipping, tax_exempt, ...plain } = input;
  const patch = { ...plain } as Partial<Customer>;
  if (address !== undefined) patch.address = filledAddress(address) ?? null;
  if (shipping !== undefined) {
    patch.shipping = shipping && ({ ...shipping, address: filledAddress(shipping.address)! } as Customer['shipping']);
  }
  if (tax_exempt !== undefined) patch.tax_exempt = tax_exempt ?? 'none';
  if (metadata !== undefined) patch.metadata = mergeMetadata(customer?.metadata ?? {}, metadata);
  if (invoice_settings) {
    const none = { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null };
    patch.invoice_settings = { ...(customer?.invoice_settings ?? none), ...invoice_settings };
    await refuseForeignMethod(tx, customer, invoice_settings.default_payment_method);
  }
  return patch;
}

async function refuseForeignMethod(tx: AccountTransaction, customer: Customer | undefined, id?: string | null) {
  if (!id) return;
  const param = 'invoice_settings[default_payment_method]';
  const method = await tx.refer('payment_method', id, param);
  if (customer && method.customer === customer.id) return;
  throw invalidRequest(
    'The customer does not have a payment method with the ID ' +
      `${id}. The payment method must be attached to the customer.`,
    param,
  );
}
