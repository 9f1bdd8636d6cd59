import type { Json, LookUp } from './look-up.ts';
import { oldDiscount, oldPrice } from './old-objects.ts';
import { without } from './without.ts';

const newFields = [
  ...['amount_overpaid', 'automatically_finalizes_at', 'customer_account', 'issuer', 'parent', 'payments'],
  ...['rendering', 'total_pretax_credit_amounts', 'total_taxes'],
];

/** An invoice named its subscription, its payment intent and its charge, and said itself whether it was paid. */
export async function oldInvoice(invoice: Json, look: LookUp): Promise<Json> {
  const { subscription_details: details } = invoice.parent ?? {};
  const payment = invoice.id ? await look.paymentOfInvoice(invoice.id) : null;
  const intent = await look.byId(payment?.payment.payment_intent);
  const isPaid = invoice.status === 'paid';
  return {
    ...without(invoice, ...newFields),
    application_fee_amount: null,
    charge: intent?.latest_charge ?? null,
    discount: await oldDiscount(invoice.discounts?.[0], look),
    lines: { ...invoice.lines, data: await Promise.all(invoice.lines.data.map((line: Json) => oldLine(line, look))) },
    paid: isPaid,
    paid_out_of_band: isPaid && invoice.amount_due > 0 && !intent,
    payment_intent: intent?.id ?? null,
    quote: null,
    rendering_options: null,
    subscription: details?.subscription ?? null,
    subscription_details: { metadata: details?.metadata ?? null },
    tax: invoice.total_taxes?.length
      ? oldTaxes(invoice.total_taxes).reduce((sum, { amount }) => sum + amount, 0)
      : null,
    total_tax_amounts: oldTaxes(invoice.total_taxes),
    transfer_data: null,
  };
}

/** What is said to have been before, in the same shape. */
export function oldInvoicePrevious(previous: Json): Json {
  const older = without(previous, ...newFields, 'lines');
  return previous.status === undefined ? older : { ...older, paid: previous.status === 'paid' };
}

async function oldLine(line: Json, look: LookUp): Promise<Json> {
  const { invoice_item_details: once, subscription_item_details: recurring } = line.parent ?? {};
  const price = await look.byId(line.pricing?.price_details?.price);
  const origin = recurring ?? once;
  return {
    ...without(
      line,
      ...['invoice', 'parent', 'pretax_credit_amounts', 'pricing', 'quantity_decimal', 'subtotal', 'taxes'],
    ),
    amount_excluding_tax: line.amount,
    ...(origin?.invoice_item && { invoice_item: origin.invoice_item }),
    price: price && oldPrice(price),
    proration: origin?.proration ?? false,
    proration_details: { credited_items: origin?.proration_details?.credited_items ?? null },
    subscription: origin?.subscription ?? null,
    ...(recurring && { subscription_item: recurring.subscription_item }),
    tax_amounts: oldTaxes(line.taxes),
    tax_rates: [],
    type: recurring ? 'subscription' : 'invoiceitem',
    unit_amount_excluding_tax: line.pricing?.unit_amount_decimal ?? null,
  };
}

const oldTaxes = (taxes: Json[] | null | undefined) =>
  (taxes ?? []).map(({ amount, tax_behavior, tax_rate_details, taxability_reason, taxable_amount }) => ({
    amount: Number(amount),
    inclusive: tax_behavior === 'inclusive',
    tax_rate: tax_rate_details?.tax_rate ?? null,
    taxability_reason,
    taxable_amount,
  }));
