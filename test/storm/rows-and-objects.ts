import type { StripeObject } from './stripe-in-motion.ts';

export type Row = Record<string, unknown>;
type Comparison = { object: string; sql: string; expected(object: StripeObject): Row; gone?: Row };

const seconds = (column: string) => `extract(epoch from ${column})::float8`;
const withoutRouting = ({ billgraph_project_id: _, ...rest }: Record<string, string>) => rest;

/** What each row must say, field by field, written a second time: from Stripe's object, and not by the server's own code. */
export const comparisons: Comparison[] = [
  {
    object: 'customer',
    sql: `select stripe_customer_id as stripe_id, email, name, metadata, deleted_at is not null as deleted from customer`,
    expected: ({ email, name, metadata }) => ({
      email: email.toLowerCase(),
      name,
      metadata: withoutRouting(metadata),
      deleted: false,
    }),
    gone: { email: null, name: null, metadata: {}, deleted: true },
  },
  {
    object: 'product',
    sql: `select stripe_product_id as stripe_id, name, description, active, metadata from product`,
    expected: ({ name, description, active, metadata }) => ({
      name,
      description,
      active,
      metadata: withoutRouting(metadata),
    }),
    gone: { active: false },
  },
  {
    object: 'price',
    sql: `select stripe_price_id as stripe_id, stripe_product_id as product, type, currency, unit_amount::int as amount,
        recurring_interval as every, recurring_interval_count as times, lookup_key, nickname, price.active, price.metadata
      from price join product on product.id = product_id`,
    expected: ({ product, unit_amount, recurring, lookup_key, nickname, active, metadata }) => ({
      product,
      type: 'RECURRING',
      currency: 'USD',
      amount: unit_amount,
      every: recurring.interval.toUpperCase(),
      times: recurring.interval_count,
      lookup_key,
      nickname,
      active,
      metadata: withoutRouting(metadata),
    }),
  },
  {
    object: 'subscription',
    sql: `select stripe_subscription_id as stripe_id, stripe_customer_id as customer, stripe_status as status,
        status as our_status, stripe_price_id as price, subscription.quantity, cancel_at_period_end,
        ${[
          'current_period_start',
          'current_period_end',
          'trial_start',
          'trial_end',
          'cancel_at',
          'canceled_at',
          'ended_at',
        ]
          .map((column) => `${seconds(column.startsWith('current') ? `subscription.${column}` : column)} as ${column}`)
          .join(', ')},
        subscription.metadata,
        array(select stripe_subscription_item_id || ' ' || of.stripe_price_id || ' ' || item.quantity || ' '
            || ${seconds('item.current_period_start')} || ' ' || ${seconds('item.current_period_end')}
          from subscription_item item join price of on of.id = item.price_id
          where item.subscription_id = subscription.id order by 1) as items
      from subscription join customer on customer.id = customer_id join price on price.id = price_id`,
    expected: (object) => {
      const [first] = object.items.data;
      const { customer, status, cancel_at_period_end, trial_start, trial_end, cancel_at, canceled_at, ended_at } =
        object;
      return {
        customer,
        status,
        our_status: status.toUpperCase(),
        price: first.price.id,
        quantity: first.quantity,
        cancel_at_period_end,
        current_period_start: first.current_period_start,
        current_period_end: first.current_period_end,
        trial_start,
        trial_end,
        cancel_at,
        canceled_at,
        ended_at,
        metadata: withoutRouting(object.metadata),
        items: object.items.data
          .map((item: StripeObject) =>
            [item.id, item.price.id, item.quantity, item.current_period_start, item.current_period_end].join(' '),
          )
          .sort(),
      };
    },
  },
  {
    object: 'invoice',
    sql: `select stripe_invoice_id as stripe_id, stripe_customer_id as customer, stripe_subscription_id as subscription,
        number, invoice.stripe_status as status, invoice.currency, subtotal::int, total::int, amount_due::int, amount_paid::int,
        amount_remaining::int, attempt_count, ${seconds('next_payment_attempt')} as next, ${seconds('finalized_at')} as finalized_at,
        ${seconds('paid_at')} as paid_at, ${seconds('voided_at')} as voided_at,
        ${seconds('marked_uncollectible_at')} as marked_uncollectible_at, invoice.metadata,
        array(select stripe_line_id || ' ' || amount || ' ' || stripe_price_id
          from invoice_line line join price on price.id = price_id where invoice_id = invoice.id order by 1) as lines
      from invoice join customer on customer.id = invoice.customer_id
        left join subscription on subscription.id = invoice.subscription_id`,
    expected: ({
      customer,
      number,
      status,
      subtotal,
      total,
      amount_due,
      amount_paid,
      amount_remaining,
      ...object
    }) => ({
      ...object.status_transitions,
      customer,
      subscription: object.parent.subscription_details.subscription,
      number,
      status,
      currency: 'USD',
      subtotal,
      total,
      amount_due,
      amount_paid,
      amount_remaining,
      attempt_count: object.attempt_count,
      next: object.next_payment_attempt,
      metadata: withoutRouting(object.metadata),
      lines: object.lines.data.map(
        (line: StripeObject) => `${line.id} ${line.amount} ${line.pricing.price_details.price}`,
      ),
    }),
  },
  {
    object: 'payment_intent',
    sql: `select stripe_payment_intent_id as stripe_id, stripe_customer_id as customer, stripe_status as status, currency,
        amount::int, amount_received::int, stripe_latest_charge_id as charge, last_error_code as error,
        last_error_attempt as attempt, payment.metadata
      from payment join customer on customer.id = customer_id`,
    expected: ({ customer, status, amount, amount_received, latest_charge, last_payment_error: error, metadata }) => ({
      customer,
      status,
      currency: 'EUR',
      amount,
      amount_received,
      charge: latest_charge,
      error: error?.code ?? null,
      attempt: error?.charge ?? null,
      metadata: withoutRouting(metadata),
    }),
  },
  {
    object: 'charge',
    sql: `select stripe_charge_id as stripe_id, stripe_customer_id as customer, stripe_payment_intent_id as payment,
        charge.stripe_status as status, charge.amount::int, amount_captured::int, amount_refunded::int, refunded, disputed, paid,
        failure_code, payment_method_last4 as last4, charge.metadata
      from charge join customer on customer.id = charge.customer_id join payment on payment.id = payment_id`,
    expected: ({ customer, payment_intent, status, amount, amount_captured, amount_refunded, ...object }) => ({
      customer,
      payment: payment_intent,
      status,
      amount,
      amount_captured,
      amount_refunded,
      refunded: object.refunded,
      disputed: object.disputed,
      paid: object.paid,
      failure_code: object.failure_code,
      last4: object.payment_method_details.card.last4,
      metadata: withoutRouting(object.metadata),
    }),
  },
  {
    object: 'dispute',
    sql: `select stripe_dispute_id as stripe_id, stripe_charge_id as charge, stripe_customer_id as customer,
        dispute.stripe_status as status, dispute.amount::int, reason, dispute.metadata
      from dispute join charge on charge.id = charge_id join customer on customer.id = dispute.customer_id
      where charge.customer_id = dispute.customer_id`,
    expected: ({ charge, status, amount, reason, metadata }) => ({
      charge,
      status,
      amount,
      reason,
      metadata: withoutRouting(metadata),
    }),
  },
  {
    object: 'payment_method',
    sql: `select stripe_payment_method_id as stripe_id, stripe_customer_id as customer, detached_at is not null as detached,
        type, last4, expiry_month, payment_method.metadata
      from payment_method left join customer on customer.id = customer_id`,
    expected: ({ customer, type, card, metadata }) => ({
      customer,
      detached: customer === null,
      type,
      last4: card.last4,
      expiry_month: card.exp_month,
      metadata: withoutRouting(metadata),
    }),
  },
];
