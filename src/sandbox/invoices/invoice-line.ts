import type Stripe from 'stripe';
import { priceAmount } from '../catalog/price-amount.ts';
import { newId } from '../ids.ts';
import type { Stored, Wire } from '../objects.ts';

export type InvoiceLine = Wire<Stripe.InvoiceLineItem>;

/** What is bought: `quantity` is missing for metered prices. */
export interface Purchase {
  price: Stored<'price'>;
  quantity: number | undefined;
}

interface LineContext {
  description: string;
  period: { start: number; end: number };
  subscription: string;
  /** The item of the subscription that is billed; missing for a one-time price. */
  item?: string;
  metadata?: Record<string, string>;
  /** In a trial, nothing is due. */
  free?: boolean;
}

/** A line of an invoice, before the invoice takes it. */
export function invoiceLine({ price, quantity }: Purchase, line: LineContext): InvoiceLine {
  const amount = line.free ? 0 : priceAmount(price, quantity ?? 0);
  const origin = { proration: false, proration_details: { credited_items: null }, subscription: line.subscription };
  const units = quantity ?? 0;
  return {
    id: newId('il_1'),
    object: 'line_item',
    amount,
    currency: price.currency,
    description: line.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: line.metadata ?? {},
    parent: line.item
      ? {
          invoice_item_details: null,
          subscription_item_details: { ...origin, invoice_item: null, subscription_item: line.item },
          type: 'subscription_item_details',
        }
      : {
          invoice_item_details: { ...origin, invoice_item: newId('ii_1') },
          subscription_item_details: null,
          type: 'invoice_item_details',
        },
    period: line.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: line.free ? '0' : price.unit_amount_decimal,
    },
    quantity: units,
    quantity_decimal: String(units),
    subscription: line.subscription,
    subtotal: amount,
    taxes: [],
  };
}
