import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { oneOf, text } from '../wire/parameter-kinds.ts';
import { type Every, nested, required } from '../wire/parameters.ts';
import { taxIdTypes } from './tax-id-types.ts';

type Customer = Stored<'customer'>;

export const taxIdParameters = {
  type: required(oneOf(...taxIdTypes)),
  value: required(text({ max: 255 })),
} satisfies Every<Stripe.CustomerCreateTaxIdParams>;

/** How some kinds are written; what is not here is taken as it is. */
const written: Record<string, RegExp> = {
  au_abn: /^\d{11}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} (MWST|TVA|IVA)$/,
  eu_vat: /^[A-Z]{2}[0-9A-Z+*]{2,12}$/,
  gb_vat: /^GB(\d{9}|\d{12})$/,
  us_ein: /^\d{2}-?\d{7}$/,
};

/** Kinds that Stripe asks the authorities for. */
const verifiable = new Set(['au_abn', 'eu_vat', 'gb_vat']);

/** Adds a tax id to a customer, and says so. Of those that can be verified, Stripe's test values say how that ends. */
export async function newTaxId(
  tx: AccountTransaction,
  customer: Customer,
  { type, value }: { type: string; value: string },
  param = '',
): Promise<Stored<'tax_id'>> {
  if (written[type] && !written[type].test(value))
    throw invalidRequest(`Invalid value for ${type}.`, nested(param, 'value'), 'tax_id_invalid');
  const isVerified = verifiable.has(type);
  const taxId = tx.add<Stored<'tax_id'>>({
    id: newId('txi_1'),
    object: 'tax_id',
    country: type === 'eu_vat' ? value.slice(0, 2) : type.slice(0, 2).toUpperCase(),
    created: tx.now,
    customer: customer.id,
    customer_account: null,
    livemode: false,
    owner: { type: 'customer', customer: customer.id, customer_account: null },
    type: type as Stored<'tax_id'>['type'],
    value,
    verification: { status: isVerified ? 'pending' : 'unavailable', verified_address: null, verified_name: null },
  });
  tx.emit('customer.tax_id.created', taxId);
  if (isVerified && !value.endsWith('222222222')) verify(tx, taxId);
  await listTaxIdsOn(tx, customer);
  return taxId;
}

function verify(tx: AccountTransaction, taxId: Stored<'tax_id'>): void {
  const known = !taxId.value.endsWith('111111111');
  const verification = {
    status: known ? ('verified' as const) : ('unverified' as const),
    verified_address: known ? '123 TEST STREET' : null,
    verified_name: known ? 'TEST NAME' : null,
  };
  tx.emit('customer.tax_id.updated', taxId, tx.update(taxId, { verification }));
}

/** What the customer shows to who expands it. */
export async function listTaxIdsOn(tx: AccountTransaction, customer: Customer): Promise<void> {
  const data = await tx.all('tax_id', { customer: customer.id });
  const url = `/v1/customers/${customer.id}/tax_ids`;
  tx.update(customer, { tax_ids: { object: 'list', data, has_more: false, url } as never });
}
