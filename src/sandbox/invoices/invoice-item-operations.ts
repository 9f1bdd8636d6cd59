import type Stripe from 'stripe';
import { priceAmount } from '../catalog/price-amount.ts';
import { priceIn, refuseUnsoldIn, sharedCurrency } from '../catalog/price-in.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { itemPrice } from '../subscriptions/item-purchase.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, missingParameter, notModelled, type Values } from '../wire/parameters.ts';
import { itemCreateParameters, type itemParameters, itemUpdateParameters } from './invoice-item-parameters.ts';
import { itemOf, newInvoiceItem } from './new-invoice-item.ts';
import { recalculate } from './recalculate-invoice.ts';

type InvoiceItem = Stored<'invoiceitem'>;

/** Something to bill: on the draft that it names, or on the customer's next invoice. */
export const createInvoiceItem = operation(itemCreateParameters, async (tx, input) => {
  const customer = await tx.refer('customer', input.customer, 'customer');
  const invoice = input.invoice ? await draft(tx, input.invoice, customer.id) : undefined;
  const subscription = input.subscription
    ? await tx.refer('subscription', input.subscription, 'subscription')
    : undefined;
  const money = await amountOf(tx, input, { customer });
  const currency = money.currency ?? input.currency ?? customer.currency;
  if (!currency) throw missingParameter('currency');
  const item = newInvoiceItem(tx, customer, {
    ...money,
    currency,
    description: input.description ?? null,
    discountable: input.discountable ?? true,
    invoice: invoice?.id ?? null,
    metadata: mergeMetadata({}, input.metadata),
    parent: subscription ? itemOf(subscription.id) : null,
    ...(input.period && { period: input.period }),
  });
  if (invoice) await recalculate(tx, invoice);
  return item;
});

export const updateInvoiceItem = operation(itemUpdateParameters, async (tx, input, id) => {
  const item = await tx.get('invoiceitem', id!, 'invoiceitem');
  const invoice = item.invoice ? await draft(tx, item.invoice, item.customer) : undefined;
  const { amount, description, discountable, metadata, period, price_data, pricing, quantity, unit_amount_decimal } =
    input;
  const isPriced = [amount, price_data, pricing, quantity, unit_amount_decimal].some((given) => given !== undefined);
  const price = item.pricing?.price_details?.price;
  const repriced = {
    ...input,
    pricing: pricing ?? (quantity !== undefined && !price_data && price ? { price } : undefined),
  };
  tx.update(item, {
    ...(isPriced && (await amountOf(tx, repriced, { item }))),
    description,
    discountable,
    metadata: mergeMetadata(item.metadata, metadata),
    period,
  });
  if (invoice) await recalculate(tx, invoice);
  return item;
});

export const deleteInvoiceItem = operation({}, async (tx, _input, id) => {
  const item = await tx.get('invoiceitem', id!, 'invoiceitem');
  const invoice = item.invoice ? await draft(tx, item.invoice, item.customer) : undefined;
  tx.emit('invoiceitem.deleted', item);
  tx.remove(item);
  if (invoice) await recalculate(tx, invoice);
  return { id: item.id, object: 'invoiceitem', deleted: true };
});

const listParameters = {
  ...page,
  created: timeRange,
  customer: text(),
  invoice: text(),
  pending: boolean,
  ...notModelled('customer_account'),
} satisfies Every<Stripe.InvoiceItemListParams>;

export const listInvoiceItems = operation(listParameters, (tx, { pending, ...input }) =>
  tx.list('invoiceitem', '/v1/invoiceitems', input, {
    customer: input.customer,
    invoice: input.invoice ?? (pending === undefined ? undefined : { missing: pending }),
  }),
);

async function draft(tx: AccountTransaction, id: string, customer: string) {
  const invoice = await tx.refer('invoice', id, 'invoice');
  if (invoice.customer !== customer) throw invalidRequest(`The invoice ${id} belongs to another customer.`, 'invoice');
  if (invoice.status === 'draft') return invoice;
  throw invalidRequest('The invoice is no longer a draft: its items cannot change.', 'invoice', 'invoice_not_editable');
}

/** What an item costs: an amount, a price, or an amount for each unit, times a quantity. */
async function amountOf(
  tx: AccountTransaction,
  input: Values<typeof itemParameters> & { currency?: string },
  { item, customer }: { item?: InvoiceItem; customer?: Stored<'customer'> },
) {
  const quantity = input.quantity ?? item?.quantity ?? 1;
  const counted = { quantity, quantity_decimal: String(quantity) };
  if (input.amount !== undefined) {
    return {
      amount: input.amount,
      net_amount: input.amount,
      currency: undefined,
      ...counted,
      pricing: plain(String(input.amount)),
    };
  }
  if (input.unit_amount_decimal !== undefined) {
    const amount = Math.round(Number(input.unit_amount_decimal) * quantity);
    return { amount, net_amount: amount, currency: undefined, ...counted, pricing: plain(input.unit_amount_decimal) };
  }
  if (!input.pricing?.price && !input.price_data) throw missingParameter('amount');
  const named = await itemPrice(tx, { price: input.pricing?.price, price_data: input.price_data }, 'one_time', '');
  const wanted = input.currency ?? item?.currency;
  if (wanted) refuseUnsoldIn(named, wanted, 'pricing[price]');
  const price = priceIn(named, sharedCurrency([named], wanted ?? customer?.currency)!);
  const amount = priceAmount(price, quantity);
  const pricing: InvoiceItem['pricing'] = {
    price_details: { price: price.id, product: price.product },
    type: 'price_details',
    unit_amount_decimal: price.unit_amount_decimal,
  };
  return { amount, net_amount: amount, currency: price.currency, ...counted, pricing };
}

function plain(unit_amount_decimal: string): InvoiceItem['pricing'] {
  return { type: 'price_details', unit_amount_decimal };
}
