/** Stripe's objects in the shape of our API version, as far as anybody here reads them. */

type Fields = Record<string, unknown>;

export const aCustomer = (id: string, fields: Fields = {}) => ({
  id,
  object: 'customer',
  created: 1_780_000_000,
  email: `${id}@example.com`,
  name: null,
  metadata: {},
  livemode: false,
  test_clock: null,
  ...fields,
});

export const aProduct = (id: string, fields: Fields = {}) => ({
  id,
  object: 'product',
  created: 1_780_000_000,
  name: `Product ${id}`,
  description: null,
  active: true,
  metadata: {},
  livemode: false,
  ...fields,
});

export const aPrice = (id: string, fields: Fields = {}) => ({
  id,
  object: 'price',
  created: 1_780_000_000,
  product: 'prod_1',
  type: 'recurring',
  currency: 'usd',
  unit_amount: 1500,
  unit_amount_decimal: '1500',
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed', meter: null },
  lookup_key: null,
  nickname: null,
  active: true,
  metadata: {},
  livemode: false,
  ...fields,
});

export const anItem = (id: string, price: string, fields: Fields = {}) => ({
  id,
  object: 'subscription_item',
  created: 1_780_000_000,
  price: aPrice(price),
  quantity: 1,
  current_period_start: 1_790_000_000,
  current_period_end: 1_792_600_000,
  metadata: {},
  ...fields,
});

export const aSubscription = (id: string, fields: Fields = {}) => ({
  id,
  object: 'subscription',
  currency: 'usd',
  created: 1_780_000_000,
  customer: 'cus_1',
  status: 'active',
  items: { object: 'list', data: [anItem(`si_${id}`, 'price_1')], has_more: false, url: '/v1/subscription_items' },
  trial_start: null,
  trial_end: null,
  cancel_at_period_end: false,
  cancel_at: null,
  canceled_at: null,
  ended_at: null,
  metadata: {},
  livemode: false,
  test_clock: null,
  ...fields,
});

export const itemsOf = (...data: object[]) => ({
  object: 'list',
  data,
  has_more: false,
  url: '/v1/subscription_items',
});

export const linesOf = (...data: object[]) => ({ object: 'list', data, has_more: false, url: '/v1/invoices/lines' });

export const aLine = (id: string, fields: Fields = {}) => ({
  id,
  object: 'line_item',
  amount: 1500,
  currency: 'usd',
  description: '1 × Pro (at $15.00 / month)',
  quantity: 1,
  period: { start: 1_790_000_000, end: 1_792_600_000 },
  metadata: {},
  taxes: [],
  parent: {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: false,
      subscription: 'sub_1',
      subscription_item: 'si_1',
    },
  },
  pricing: {
    type: 'price_details',
    price_details: { price: 'price_1', product: 'prod_1' },
    unit_amount_decimal: '1500',
  },
  ...fields,
});

/** A line of what is billed once, by no price. */
export const aSingleLine = (id: string, fields: Fields = {}) =>
  aLine(id, {
    description: 'Setting up',
    parent: {
      type: 'invoice_item_details',
      subscription_item_details: null,
      invoice_item_details: { invoice_item: 'ii_1', proration: false, subscription: null },
    },
    pricing: null,
    ...fields,
  });

export const anInvoice = (id: string, fields: Fields = {}) => ({
  id,
  object: 'invoice',
  created: 1_780_000_000,
  customer: 'cus_1',
  parent: {
    type: 'subscription_details',
    quote_details: null,
    subscription_details: { subscription: 'sub_1', metadata: {} },
  },
  number: 'ACME-0001',
  status: 'open',
  billing_reason: 'subscription_cycle',
  collection_method: 'charge_automatically',
  currency: 'usd',
  subtotal: 1500,
  total: 1500,
  total_taxes: [],
  amount_due: 1500,
  amount_paid: 0,
  amount_remaining: 1500,
  attempt_count: 0,
  next_payment_attempt: null,
  period_start: 1_787_400_000,
  period_end: 1_790_000_000,
  due_date: null,
  status_transitions: { finalized_at: 1_790_000_000, paid_at: null, voided_at: null, marked_uncollectible_at: null },
  hosted_invoice_url: `https://invoice.stripe.com/i/${id}`,
  invoice_pdf: `https://pay.stripe.com/invoice/${id}/pdf`,
  description: null,
  metadata: {},
  lines: linesOf(aLine(`il_${id}`)),
  livemode: false,
  test_clock: null,
  ...fields,
});

export const aCheckoutSession = (id: string, fields: Fields = {}) => ({
  id,
  object: 'checkout.session',
  created: 1_780_000_000,
  expires_at: 1_790_086_400,
  mode: 'subscription',
  status: 'complete',
  customer: 'cus_1',
  metadata: {},
  livemode: false,
  ...fields,
});
