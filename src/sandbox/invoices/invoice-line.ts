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
  /** The item of the subscription that is billed. */
  item: string;
  metadata?: Record<string, string>;
  /** What is due, where it is not the price: nothing in a trial. */
  amount?: number;
}

/** The line for a period of a subscription's item, before an invoice takes it. */
export function invoiceLine({ price, quantity = 0 }: Purchase, line: LineContext): InvoiceLine {
  return newLine({
    amount: line.amount ?? priceAmount(price, quantity),
    currency: price.currency,
    description: line.description,
    metadata: line.metadata ?? {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: line.subscription,
        subscription_item: line.item,
      },
      type: 'subscription_item_details',
    },
    period: line.period,
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: line.amount === 0 ? '0' : price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: line.subscription,
  });
}

/** The line that bills an invoice item. */
export function lineOfItem(item: Stored<'invoiceitem'>): InvoiceLine {
  const { subscription = null, subscription_item } = item.parent?.subscription_details ?? {};
  const origin = {
    invoice_item: item.id,
    proration: item.proration,
    proration_details: { credited_items: null },
    subscription,
  };
  return newLine({
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    metadata: item.metadata ?? {},
    parent: subscription_item
      ? {
          invoice_item_details: null,
          subscription_item_details: { ...origin, subscription_item },
          type: 'subscription_item_details',
        }
      : { invoice_item_details: origin, subscription_item_details: null, type: 'invoice_item_details' },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription,
  });
}

function newLine(
  line: Omit<
    InvoiceLine,
    | 'id'
    | 'object'
    | 'discount_amounts'
    | 'discountable'
    | 'discounts'
    | 'invoice'
    | 'livemode'
    | 'pretax_credit_amounts'
    | 'subtotal'
    | 'taxes'
  > & { discountable?: boolean },
): InvoiceLine {
  return {
    id: newId('il_1'),
    object: 'line_item',
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    pretax_credit_amounts: [],
    subtotal: line.amount,
    taxes: [],
    ...line,
  };
}
