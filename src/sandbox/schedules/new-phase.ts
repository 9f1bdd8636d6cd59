import type { Stored } from '../objects.ts';

export type Phase = Stored<'subscription_schedule'>['phases'][number];

/** What a phase bills: a price, by its id or as it is, and how many. */
type PhaseItem = { price: Stored<'price'>; quantity?: number; metadata?: Record<string, string> };

export function newPhase(
  { currency }: Pick<Stored<'subscription'>, 'currency'>,
  items: PhaseItem[],
  { start, end, discounts }: { start: number; end: number; discounts: Phase['discounts'] },
): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts,
    end_date: end,
    invoice_settings: null,
    items: items.map(({ price, quantity, metadata = {} }) => ({
      billing_thresholds: null,
      discounts: [],
      metadata,
      plan: price.id,
      price: price.id,
      ...(quantity !== undefined && { quantity }),
      tax_rates: [],
    })),
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: start,
    transfer_data: null,
    trial_end: null,
  };
}
