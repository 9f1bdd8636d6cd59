import type Stripe from 'stripe';
import { operation } from '../wire/operation.ts';
import { oneOf, page, text, timeRange } from '../wire/parameter-kinds.ts';
import { type Every, notModelled } from '../wire/parameters.ts';

const open = ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'] as const;
const ended = ['canceled', 'incomplete_expired'] as const;

const parameters = {
  ...page,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  created: timeRange,
  customer: text(),
  ...notModelled('automatic_tax', 'current_period_end', 'current_period_start', 'customer_account'),
  plan: text(),
  price: text(),
  status: oneOf('all', 'ended', ...open, ...ended),
  test_clock: text(),
} satisfies Every<Stripe.SubscriptionListParams>;

/** Without a status, those that have not ended. */
export const listSubscriptions = operation(parameters, (tx, { status, ...input }) =>
  tx.list('subscription', '/v1/subscriptions', input, {
    collection_method: input.collection_method,
    customer: input.customer,
    'items.data': (input.price ?? input.plan) ? { contains: { price: { id: input.price ?? input.plan } } } : undefined,
    test_clock: input.test_clock,
    status: status === 'all' ? undefined : status === 'ended' ? ended : (status ?? open),
  }),
);
