import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { StripeInMotion, StripeObject } from './stripe-in-motion.ts';

type Row = Record<string, unknown>;
type Comparison = { object: string; sql: string; expected(object: StripeObject): Row; gone?: Row };

const seconds = (column: string) => `extract(epoch from ${column})::float8`;
const withoutRouting = ({ billgraph_project_id: _, ...rest }: Record<string, string>) => rest;

/** What each row must say, field by field, written a second time: from Stripe's object, and not by the server's own code. */
const comparisons: Comparison[] = [
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
];

/**
 * Compares every row with its object as Stripe has it now.
 * @returns what is stale, missing or too many, a line each; and how many rows were compared.
 */
export async function compareRows(database: pg.Client, { objects, histories }: StripeInMotion) {
  const faults: string[] = [];
  const compared: Record<string, number> = {};
  for (const { object: type, sql, expected, gone } of comparisons) {
    const { rows } = await database.query(sql);
    const known = new Map(rows.map(({ stripe_id, ...row }) => [stripe_id as string, row as Row]));
    const wanted = [...objects.values()].filter(({ id, object }) => object === type && histories.has(id));
    compared[type] = rows.length;
    for (const object of wanted) {
      const row = known.get(object.id);
      known.delete(object.id);
      // One that was deleted before anybody heard of it leaves no row.
      if (object.deleted && !row) continue;
      const want = object.deleted ? gone! : expected(object);
      const have = row && Object.fromEntries(Object.keys(want).map((field) => [field, row[field]]));
      if (!isDeepStrictEqual(have, want))
        faults.push(`stale: ${object.id} is ${JSON.stringify(have)}, and in Stripe ${JSON.stringify(want)}`);
    }
    for (const id of known.keys()) faults.push(`too many: ${type} ${id} is not in Stripe`);
  }
  return { faults, compared };
}
