import type Stripe from 'stripe';
import { integer, oneOf, text, timestamp, webUrl } from '../wire/parameter-kinds.ts';
import { hash, list, type Of, required } from '../wire/parameters.ts';

const subscription = required(text());

const flowData = {
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text({ max: 500 }) }),
    redirect: hash({ return_url: required(webUrl) }),
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
  }),
  subscription_cancel: hash({
    retention: hash({
      coupon_offer: required(hash({ coupon: required(text()) })),
      type: required(oneOf('coupon_offer')),
    }),
    subscription,
  }),
  subscription_pause: hash({ subscription }),
  subscription_update: hash({ subscription }),
  subscription_update_confirm: hash({
    discounts: list(hash({ coupon: text(), promotion_code: text() }), { max: 1 }),
    items: required(list(hash({ id: required(text()), price: text(), quantity: integer({ min: 0 }) }), { max: 1 })),
    subscription,
  }),
  type: required(
    oneOf(
      'customer_update',
      'payment_method_update',
      'subscription_cancel',
      'subscription_pause',
      'subscription_update',
      'subscription_update_confirm',
    ),
  ),
} satisfies Of<Stripe.BillingPortal.SessionCreateParams.FlowData>;

export const sessionParameters = {
  after_expiration: hash({
    customer_login: hash({ expires_at: timestamp }),
    type: required(oneOf('customer_login')),
  }),
  configuration: text(),
  customer: text(),
  customer_account: text(),
  flow_data: hash(flowData),
  locale: text({ max: 10 }),
  on_behalf_of: text(),
  return_url: webUrl,
} satisfies Of<Stripe.BillingPortal.SessionCreateParams>;
