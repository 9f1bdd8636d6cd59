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
