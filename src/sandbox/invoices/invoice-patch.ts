import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { methodOfCustomer } from '../subscriptions/method-of-customer.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { Values } from '../wire/parameters.ts';
import type { invoiceParameters } from './invoice-parameters.ts';

type Invoice = Stored<'invoice'>;

/** The fields that a request gives an invoice; `invoice` is missing while it is made. */
export async function invoicePatch(
  tx: AccountTransaction,
  customer: string,
  invoice: Invoice | undefined,
  input: Values<typeof invoiceParameters>,
): Promise<Partial<Invoice>> {
  const {
    automatic_tax,
    days_until_due: days,
    default_payment_method: method,
    metadata,
    payment_settings,
    ...rest
  } = input;
  const collection = rest.collection_method ?? invoice?.collection_method ?? 'charge_automatically';
  refuseOddDates(collection, input);
  const { auto_advance, collection_method, custom_fields, description, due_date, effective_at, footer, number } = rest;
  const patch: Partial<Invoice> = {
    auto_advance,
    collection_method,
    custom_fields,
    description,
    due_date,
    effective_at,
    footer,
    number,
    statement_descriptor: rest.statement_descriptor,
    default_payment_method: method && (await methodOfCustomer(tx, customer, method, 'default_payment_method')),
    metadata: mergeMetadata(invoice?.metadata ?? {}, metadata),
    automatic_tax: automatic_tax && { ...noTax, enabled: automatic_tax.enabled },
    payment_settings: payment_settings && ({ ...noSettings, ...payment_settings } as Invoice['payment_settings']),
    _sandbox: days === undefined ? invoice?._sandbox : { daysUntilDue: days },
  };
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

const noTax = { disabled_reason: null, liability: null, provider: null, status: null };
const noSettings = { default_mandate: null, payment_method_options: null, payment_method_types: null };

function refuseOddDates(collection: string, { days_until_due, due_date }: Values<typeof invoiceParameters>): void {
  if (collection === 'send_invoice') {
    if (days_until_due === undefined || due_date === undefined) return;
    throw invalidRequest('You may only specify one of these parameters: days_until_due, due_date.', 'due_date');
  }
  const name = days_until_due !== undefined ? 'days_until_due' : due_date !== undefined ? 'due_date' : undefined;
  if (name) {
    throw invalidRequest(`You can only set \`${name}\` on an invoice with \`collection_method=send_invoice\`.`, name);
  }
}
