import type Stripe from 'stripe';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { resourceMissing } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { currency, integer, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, required, unsettable } from '../wire/parameters.ts';
import { newBalanceTransaction } from './new-balance-transaction.ts';

const parameters = {
  amount: required(integer()),
  currency: required(currency),
  description: text({ max: 350 }),
  metadata,
} satisfies Every<Stripe.CustomerCreateBalanceTransactionParams>;

/** Credits (below zero) or debits what a customer's next invoices in this currency are paid from. */
export const createBalanceEntry = operation(parameters, async (tx, input, id) => {
  const customer = await tx.get('customer', id!, 'customer');
  return newBalanceTransaction(tx, customer, {
    amount: input.amount,
    currency: input.currency,
    description: input.description ?? null,
    metadata: mergeMetadata({}, input.metadata),
    type: 'adjustment',
  });
});

const listed = {
  ...page,
  created: timeRange,
  invoice: text(),
} satisfies Every<Stripe.CustomerListBalanceTransactionsParams>;

export const listBalanceEntries = operation(listed, async (tx, input, id) => {
  const { id: customer } = await tx.get('customer', id!, 'customer');
  const url = `/v1/customers/${customer}/balance_transactions`;
  return tx.list('customer_balance_transaction', url, input, { customer, invoice: input.invoice });
});

export const retrieveBalanceEntry = operation({}, (tx, _input, customer, id) => entryOf(tx, customer!, id!));

const changed = { description: unsettable(text({ max: 350 })), metadata };

export const updateBalanceEntry = operation(changed, async (tx, { description, metadata }, customer, id) => {
  const entry = await entryOf(tx, customer!, id!);
  tx.update(entry, { description, metadata: mergeMetadata(entry.metadata, metadata) });
  return entry;
});

async function entryOf(tx: AccountTransaction, customer: string, id: string) {
  const entry = await tx.get('customer_balance_transaction', id);
  if (entry.customer !== customer) throw resourceMissing('customer_balance_transaction', id, 'id', 404);
  return entry;
}
