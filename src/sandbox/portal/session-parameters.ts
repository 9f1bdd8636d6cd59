import type Stripe from 'stripe';
import { integer, oneOf, text, webUrl } from '../wire/parameter-kinds.ts';
import { type Every, hash, list, notModelled, required } from '../wire/parameters.ts';

const subscription = required(text());

const flowData = {
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text({ max: 500 }) }),
    redirect: hash({ return_url: required(webUrl) }),
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
  }),
  subscription_cancel: hash({ subscription, ...notModelled('retention') }),
  subscription_update: hash({ subscription }),
  subscription_update_confirm: hash({
    items: required(list(hash({ id: required(text()), price: text(), quantity: integer({ min: 0 }) }), { max: 1 })),
    subscription,
    ...notModelled('discounts'),
  }),
  ...notModelled('subscription_pause'),
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
} satisfies Every<Stripe.BillingPortal.SessionCreateParams.FlowData>;

export const sessionParameters = {
  configuration: text(),
  customer: text(),
  flow_data: hash(flowData),
  locale: text({ max: 10 }),
  return_url: webUrl,
  ...notModelled('after_expiration', 'customer_account', 'on_behalf_of'),
} satisfies Every<Stripe.BillingPortal.SessionCreateParams>;
