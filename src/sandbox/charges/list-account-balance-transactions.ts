import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { currency, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  created: timeRange,
  currency,
  source: text(),
  type: text(),
  ...notModelled('payout'),
} satisfies Every<Stripe.BalanceTransactionListParams>;

export const listAccountBalanceTransactions = operation(parameters, (tx, input) =>
  tx.list('balance_transaction', '/v1/balance_transactions', input, {
    currency: input.currency,
    source: input.source,
    type: input.type,
  }),
);
