import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const parameters = {
  ...page,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  created: timeRange,
  customer: text(),
  ...notModelled('customer_account', 'due_date'),
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text(),
} satisfies Every<Stripe.InvoiceListParams>;

export const listInvoices = operation(parameters, (tx, input) =>
  tx.list('invoice', '/v1/invoices', input, {
    collection_method: input.collection_method,
    customer: input.customer,
    status: input.status,
    'parent.subscription_details.subscription': input.subscription,
  }),
);
