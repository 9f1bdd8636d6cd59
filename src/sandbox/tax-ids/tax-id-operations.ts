import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { page } from '../wire/parameter-kinds.ts';
import type { Every } from '../wire/parameters.ts';
import { listTaxIdsOn, newTaxId, taxIdParameters } from './new-tax-id.ts';

export const createTaxId = operation(taxIdParameters, async (tx, input, id) =>
  newTaxId(tx, await tx.get('customer', id!, 'customer'), input),
);

const listed = page satisfies Every<Stripe.CustomerListTaxIdsParams>;

export const listTaxIds = operation(listed, async (tx, input, id) => {
  const { id: customer } = await tx.get('customer', id!, 'customer');
  return tx.list('tax_id', `/v1/customers/${customer}/tax_ids`, input, { customer });
});

export const retrieveTaxIdOfCustomer = operation({}, (tx, _input, customer, id) => taxIdOf(tx, customer!, id!));

export const deleteTaxIdOfCustomer = operation({}, async (tx, _input, customer, id) =>
  remove(tx, await taxIdOf(tx, customer!, id!)),
);

export const deleteTaxId = operation({}, async (tx, _input, id) => remove(tx, await tx.get('tax_id', id!)));

async function remove(tx: AccountTransaction, taxId: Stored<'tax_id'>) {
  tx.emit('customer.tax_id.deleted', taxId);
  tx.remove(taxId);
  await listTaxIdsOn(tx, await tx.get('customer', taxId.customer!, 'customer'));
  return { id: taxId.id, object: 'tax_id', deleted: true };
}

async function taxIdOf(tx: AccountTransaction, customer: string, id: string): Promise<Stored<'tax_id'>> {
  const taxId = await tx.get('tax_id', id);
  if (taxId.customer !== customer) throw resourceMissing('tax_id', id, 'id', 404);
  return taxId;
}
