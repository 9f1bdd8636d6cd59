/** Stripe's payments and what hangs on them, in the shape of our API version, as far as anybody here reads them. */

type Fields = Record<string, unknown>;

export const aPayment = (id: string, fields: Fields = {}) => ({
  id,
  object: 'payment_intent',
  created: 1_780_000_000,
  customer: 'cus_1',
  status: 'succeeded',
  amount: 2000,
  amount_received: 2000,
  currency: 'usd',
  description: null,
  receipt_email: null,
  last_payment_error: null,
  latest_charge: `ch_of_${id}`,
  payment_method: 'pm_1',
  canceled_at: null,
  cancellation_reason: null,
  metadata: {},
  livemode: false,
  ...fields,
});

/** As a card that is declined leaves it: `charge` is the attempt. */
export const aDeclinedPayment = (id: string, charge: string, fields: Fields = {}) =>
  aPayment(id, {
    status: 'requires_payment_method',
    amount_received: 0,
    latest_charge: charge,
    payment_method: null,
    last_payment_error: {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
      charge,
    },
    ...fields,
  });

export const aCharge = (id: string, fields: Fields = {}) => ({
  id,
  object: 'charge',
  created: 1_780_000_000,
  customer: 'cus_1',
  payment_intent: 'pi_1',
  status: 'succeeded',
  amount: 2000,
  amount_captured: 2000,
  amount_refunded: 0,
  currency: 'usd',
  captured: true,
  paid: true,
  refunded: false,
  disputed: false,
  failure_code: null,
  failure_message: null,
  receipt_url: 'https://pay.example.com/receipt',
  payment_method: 'pm_1',
  payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
  description: null,
  metadata: {},
  livemode: false,
  ...fields,
});

/** An attempt that a bank declined. */
export const aFailedCharge = (id: string, fields: Fields = {}) =>
  aCharge(id, {
    status: 'failed',
    amount_captured: 0,
    captured: false,
    paid: false,
    failure_code: 'card_declined',
    failure_message: 'Your card has insufficient funds.',
    outcome: { type: 'issuer_declined', reason: 'insufficient_funds' },
    ...fields,
  });

export const aDispute = (id: string, fields: Fields = {}) => ({
  id,
  object: 'dispute',
  created: 1_780_000_000,
  charge: 'ch_1',
  payment_intent: 'pi_1',
  status: 'needs_response',
  amount: 2000,
  currency: 'usd',
  reason: 'fraudulent',
  evidence_details: { due_by: 1_791_000_000, has_evidence: false },
  metadata: {},
  livemode: false,
  ...fields,
});

export const aPaymentMethod = (id: string, fields: Fields = {}) => ({
  id,
  object: 'payment_method',
  created: 1_780_000_000,
  customer: 'cus_1',
  type: 'card',
  card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2030, fingerprint: 'AOB934' },
  metadata: {},
  livemode: false,
  ...fields,
});

export const aSetup = (id: string, fields: Fields = {}) => ({
  id,
  object: 'setup_intent',
  created: 1_780_000_000,
  customer: 'cus_1',
  status: 'succeeded',
  payment_method: 'pm_1',
  usage: 'off_session',
  metadata: {},
  livemode: false,
  ...fields,
});

export const anEntitlement = (feature: string) => ({
  id: `ent_${feature}`,
  object: 'entitlements.active_entitlement',
  feature: `feat_${feature}`,
  lookup_key: feature,
  livemode: false,
});

/** What an event tells of a customer's entitlements: it has no id. */
export const anEntitlementSummary = (customer: string, features: string[], { has_more = false } = {}) => ({
  object: 'entitlements.active_entitlement_summary',
  customer,
  entitlements: { object: 'list', data: features.map(anEntitlement), has_more, url: '/v1/customer/entitlements' },
  livemode: false,
});
