type Json = Record<string, any>;

/** An object as Stripe showed it in its API version 2023-08-16, from how it shows it now. */
export function asOf2023(object: Json): Json {
  if (object.object === 'subscription') return oldSubscription(object);
  if (object.object === 'invoice') return oldInvoice(object);
  return object;
}

/** The period stood on the subscription. */
function oldSubscription({ items, ...subscription }: Json): Json {
  const { current_period_start, current_period_end } = items.data[0];
  const data = items.data.map(({ current_period_start: _s, current_period_end: _e, ...item }: Json) => item);
  return { ...subscription, current_period_start, current_period_end, discount: null, items: { ...items, data } };
}

/** It named its subscription itself, and what it taxed by amounts of taxes. */
function oldInvoice({ parent, total_taxes, lines, ...invoice }: Json): Json {
  return {
    ...invoice,
    ...{ charge: null, discount: null, payment_intent: null, quote: null },
    paid: invoice.status === 'paid',
    subscription: parent?.subscription_details?.subscription ?? null,
    subscription_details: { metadata: parent?.subscription_details?.metadata ?? null },
    tax: total_taxes.length ? sumOf(total_taxes) : null,
    total_tax_amounts: total_taxes.map(({ amount }: Json) => ({ amount, inclusive: false, tax_rate: 'txr_1' })),
    lines: { ...lines, data: lines.data.map(oldLine) },
  };
}

function oldLine({ parent, pricing, taxes, ...line }: Json): Json {
  const { subscription_item_details: recurring, invoice_item_details: once } = parent;
  const price = pricing?.price_details.price;
  return {
    ...line,
    ...(recurring && { subscription_item: recurring.subscription_item }),
    price: price ? { id: price, object: 'price', product: pricing.price_details.product } : null,
    proration: (recurring ?? once).proration,
    subscription: recurring?.subscription ?? null,
    tax_amounts: taxes.map(({ amount }: Json) => ({ amount, inclusive: false, tax_rate: 'txr_1' })),
    type: recurring ? 'subscription' : 'invoiceitem',
  };
}

const sumOf = (taxes: { amount: number }[]) => taxes.reduce((sum, { amount }) => sum + amount, 0);
