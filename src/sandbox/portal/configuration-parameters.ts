import type Stripe from 'stripe';
import { metadata } from '../wire/metadata.ts';
import { boolean, integer, oneOf, text, texts, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, type Parameter, required, unsettable } from '../wire/parameters.ts';

type Create = Stripe.BillingPortal.ConfigurationCreateParams;

const prorations = oneOf('always_invoice', 'create_prorations', 'none');

const reasons = oneOf(
  ...['customer_service', 'low_quality', 'missing_features', 'other', 'switched_service', 'too_complex'],
  ...['too_expensive', 'unused'],
);

const cancellationReason = hash({
  enabled: required(boolean),
  feedback_options: texts,
  options: required(list(reasons)),
});

const product = hash({
  adjustable_quantity: hash({ enabled: required(boolean), maximum: integer({ min: 1 }), minimum: integer({ min: 0 }) }),
  prices: required(texts),
  product: required(text()),
});

/** Creating wants `enabled` of each feature that is given; updating does not. */
function features(enabled: Parameter<boolean>) {
  return hash({
    customer_update: hash({
      allowed_updates: list(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
      enabled,
    }),
    invoice_history: hash({ enabled: required(boolean) }),
    payment_method_update: hash({ enabled: required(boolean), payment_method_configuration: unsettable(text()) }),
    subscription_cancel: hash({
      cancellation_reason: cancellationReason,
      enabled,
      mode: oneOf('at_period_end', 'immediately'),
      proration_behavior: prorations,
    }),
    subscription_pause: hash({
      duration: hash({
        interval_options: list(
          hash({ interval: required(oneOf('day', 'month', 'week', 'year')), interval_count: integer({ min: 1 }) }),
        ),
        type: required(oneOf('indefinite', 'interval_options')),
      }),
      enabled: boolean,
    }),
    subscription_update: hash({
      billing_cycle_anchor: oneOf('now', 'unchanged'),
      default_allowed_updates: list(oneOf('price', 'promotion_code', 'quantity')),
      enabled,
      products: list(product),
      proration_behavior: prorations,
      schedule_at_period_end: hash({
        conditions: list(hash({ type: required(oneOf('decreasing_item_amount', 'shortening_interval')) })),
      }),
      trial_update_behavior: oneOf('continue_trial', 'end_trial'),
    }),
  } satisfies Every<Create['features']>);
}

const common = {
  business_profile: hash({
    headline: unsettable(text({ max: 60 })),
    privacy_policy_url: unsettable(webUrl),
    terms_of_service_url: unsettable(webUrl),
  }),
  default_return_url: unsettable(webUrl),
  login_page: hash({ enabled: required(boolean) }),
  metadata,
  name: unsettable(text({ max: 100 })),
};

export const configurationCreateParameters = {
  ...common,
  features: required(features(required(boolean))),
} satisfies Every<Create>;

export const configurationUpdateParameters = {
  ...common,
  active: boolean,
  features: features(boolean),
} satisfies Every<Stripe.BillingPortal.ConfigurationUpdateParams>;
