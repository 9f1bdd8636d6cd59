import { balanceIn } from '../billing/balance-in.ts';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { discountLines } from '../promotions/discount-lines.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { taxLines } from '../tax/automatic-tax.ts';
import { type InvoiceLine, lineOfItem } from './invoice-line.ts';
import { invoiceTotals } from './invoice-totals.ts';

type Invoice = Stored<'invoice'>;

/** Adds a draft of `lines` and of invoice items for a customer, and says so by `invoice.created`. */
export function newInvoice(
  tx: AccountTransaction,
  customer: Stored<'customer'>,
  lines: InvoiceLine[],
  given: Pick<Invoice, 'currency' | 'billing_reason' | 'parent'> & Partial<Invoice>,
  { items = [], discounts = [] }: { items?: Stored<'invoiceitem'>[]; discounts?: Stored<'discount'>[] } = {},
): Invoice {
  const id = given.id ?? newId('in_1');
  const full = [...lines, ...items.map(lineOfItem)].map((line) => ({ ...line, invoice: id }));
  const discounted = discountLines(full, discounts);
  const data = given.automatic_tax?.enabled ? taxLines(discounted, customer.address?.country) : discounted;
  for (const item of items) tx.update(item, { invoice: id });
  const invoice = tx.add<Invoice>({
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Sandbox',
    account_tax_ids: null,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    collection_method: 'charge_automatically',
    created: tx.now,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: discounts.map((discount) => discount.id),
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data, has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    payments: { object: 'list', data: [], has_more: false, url: '/v1/invoice_payments' },
    period_end: tx.now,
    period_start: tx.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: customer.test_clock ?? null,
    webhooks_delivered_at: tx.now,
    _sandbox: { daysUntilDue: null },
    ...invoiceTotals(data, balanceIn(customer, given.currency)),
    ...given,
  });
  tx.emit('invoice.created', invoice);
  return invoice;
}
