import type { PageArgs } from '../../src/reader/page.ts';
import type { Scope } from '../../src/reader/print.ts';
import type { Row, Tables } from './tenants.ts';

/**
 * The truth that the reader is compared with: the same graph over the rows in memory, one field after the other, for graphql-js
 * to walk. Scalars are as they are on the wire.
 */
export function modelOf(tables: Tables, { projectId, environment, customerId }: Scope) {
  const mine = (table: keyof Tables) =>
    tables[table].filter(
      (row) =>
        row.project_id === projectId &&
        row.environment === environment &&
        (customerId === null || ownerOf(table, row) === undefined || ownerOf(table, row) === customerId),
    );
  const ownerOf = (table: keyof Tables, row: Row): string | undefined => {
    if (table === 'customer') return row.id;
    if (table === 'subscription') return row.customer_id;
    if (table === 'subscription_item')
      return tables.subscription.find(({ id }) => id === row.subscription_id)?.customer_id;
  };
  const one = (table: keyof Tables, id: string | null, publish: (row: Row) => unknown) => {
    const row = mine(table).find((row) => row.id === id);
    return row ? publish(row) : null;
  };
  const visible = () => mine('customer').filter((row) => row.stripe_customer_id !== null && row.deleted_at === null);

  const customer = (row: Row) => {
    const subscriptions = mine('subscription').filter(({ customer_id }) => customer_id === row.id);
    return {
      ...plain(row),
      externalId: row.external_id,
      stripeCustomerId: row.stripe_customer_id,
      subscription: () => {
        const [first] = subscriptions.toSorted((a, b) => Number(hasAccess(b)) - Number(hasAccess(a)) || byAge(b, a));
        return first ? subscription(first) : null;
      },
      subscriptions: (args: PageArgs) => connection(subscriptions, args, subscription),
    };
  };
  const subscription = (row: Row): object => ({
    ...plain(row),
    stripeStatus: row.stripe_status,
    stripeSubscriptionId: row.stripe_subscription_id,
    hasAccess: hasAccess(row),
    currentPeriodStart: instant(row.current_period_start),
    currentPeriodEnd: instant(row.current_period_end),
    trialStart: instant(row.trial_start),
    trialEnd: instant(row.trial_end),
    cancelAtPeriodEnd: row.cancel_at_period_end,
    cancelAt: instant(row.cancel_at),
    canceledAt: instant(row.canceled_at),
    endedAt: instant(row.ended_at),
    customer: () => one('customer', row.customer_id, customer),
    price: () => one('price', row.price_id, price),
    items: (args: PageArgs) =>
      connection(
        mine('subscription_item').filter(({ subscription_id }) => subscription_id === row.id),
        args,
        item,
      ),
  });
  const item = (row: Row) => ({
    ...plain(row),
    stripeSubscriptionItemId: row.stripe_subscription_item_id,
    currentPeriodStart: instant(row.current_period_start),
    currentPeriodEnd: instant(row.current_period_end),
    price: () => one('price', row.price_id, price),
  });
  const price = (row: Row) => ({
    ...plain(row),
    stripePriceId: row.stripe_price_id,
    lookupKey: row.lookup_key,
    unitAmount: row.unit_amount === null ? null : { amount: row.unit_amount, currency: row.currency },
    unitAmountDecimal: row.unit_amount_decimal === null ? null : decimals[row.unit_amount_decimal],
    recurring: row.recurring_interval && {
      interval: row.recurring_interval,
      intervalCount: row.recurring_interval_count,
    },
    product: () => one('product', row.product_id, product),
  });
  const product = (row: Row) => ({
    ...plain(row),
    stripeProductId: row.stripe_product_id,
    prices: (args: PageArgs) =>
      connection(
        mine('price').filter(({ product_id }) => product_id === row.id),
        args,
        price,
      ),
  });

  return {
    customer: ({ id }: { id: string }) => {
      const row = visible().find((row) => row.id === id);
      return row ? customer(row) : null;
    },
    customers: (args: PageArgs) => connection(visible(), args, customer),
    subscriptions: (args: PageArgs) => connection(mine('subscription'), args, subscription),
    subscriptionItems: (args: PageArgs) => connection(mine('subscription_item'), args, item),
    activeProducts: (args: PageArgs) =>
      connection(
        mine('product').filter(({ active }) => active),
        args,
        product,
      ),
  };
}

export const cursorOf = (row: Row) => Buffer.from(`${row.created_at} ${row.id}`).toString('base64url');

const decimals: Record<string, string> = {
  '0.500000000000': '0.5',
  '1990.000000000000': '1990',
  '123456789012345678.000000000001': '123456789012345678.000000000001',
};

const hasAccess = ({ status }: Row) => ['TRIALING', 'ACTIVE', 'PAST_DUE'].includes(status);
const key = (row: Row) => `${row.created_at.replace('+00', '').padEnd(26, '.')} ${row.id}`;
/** The order of every list: by instant, to the microsecond, and then by id. */
export const byAge = (a: Row, b: Row) => (key(a) < key(b) ? -1 : 1);

const instant = (text: string | null) => text && new Date(text.replace('+00', 'Z').replace(' ', 'T')).toISOString();

const plain = (row: Row) => ({ ...row, createdAt: instant(row.created_at), updatedAt: instant(row.updated_at) });

function connection(rows: Row[], { first, after, last, before }: PageArgs, publish: (row: Row) => unknown) {
  const all = rows.toSorted(byAge);
  const between = all.filter(
    (row) => (!after || isBeyond(row, after)) && (!before || (!isBeyond(row, before) && cursorOf(row) !== before)),
  );
  const page = last == null ? between.slice(0, first ?? 50) : between.slice(-last);
  const edges = page.map((row) => ({ cursor: cursorOf(row), node: publish(row) }));
  const isCut = page.length < between.length;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: last == null ? isCut : before != null,
      hasPreviousPage: last == null ? after != null : isCut,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: all.length,
  };
}

function isBeyond(row: Row, cursor: string): boolean {
  const [, created_at, id] = Buffer.from(cursor, 'base64url')
    .toString()
    .match(/^(.*) (.*)$/)!;
  return byAge(row, { ...row, created_at: created_at!, id: id! }) > 0 && cursorOf(row) !== cursor;
}
