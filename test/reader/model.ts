import type { PageArgs } from '../../src/reader/page.ts';
import type { Scope } from '../../src/reader/print.ts';
import { entitlementsOf, limitOf } from './entitlements-model.ts';
import { graceDays, type Row, type Tables } from './tenants.ts';

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
        (customerId === null || (ownersOf(table, row)?.includes(customerId) ?? true)),
    );
  /** Undefined for what belongs to no customer. */
  const ownersOf = (table: keyof Tables, row: Row): string[] | undefined => {
    if (table === 'referral') return [row.referrer_id, row.referee_id];
    const owner = ownerOf(table, row);
    return owner === undefined ? undefined : [owner];
  };
  const ownerOf = (table: keyof Tables, row: Row): string | undefined => {
    if (table === 'customer') return row.id;
    if (table === 'subscription') return row.customer_id;
    if (table === 'subscription_item')
      return tables.subscription.find(({ id }) => id === row.subscription_id)?.customer_id;
    if (table === 'invoice_line') return tables.invoice.find(({ id }) => id === row.invoice_id)?.customer_id;
    if (table !== 'product' && table !== 'price' && table !== 'feature' && table !== 'product_feature')
      return row.customer_id ?? 'a guest';
  };
  const one = (table: keyof Tables, id: string | null, publish: (row: Row) => unknown) => {
    const row = mine(table).find((row) => row.id === id);
    return row ? publish(row) : null;
  };
  const visible = () => mine('customer').filter((row) => row.stripe_customer_id !== null && row.deleted_at === null);

  const customer = (row: Row): object => {
    const subscriptions = mine('subscription').filter(({ customer_id }) => customer_id === row.id);
    return {
      ...plain(row),
      invoices: page('invoice', 'customer_id', row, invoice),
      payments: page('payment', 'customer_id', row, payment),
      taxIds: (args: PageArgs) =>
        connection(
          mine('tax_id').filter((one) => one.customer_id === row.id && one.value !== null && one.deleted_at === null),
          args,
          (one) => ({ ...plain(one), customer: () => customer(row) }),
        ),
      paymentMethods: page('payment_method', 'customer_id', row, paymentMethod),
      defaultPaymentMethod: () => {
        const theirs = mine('payment_method').filter(({ customer_id }) => customer_id === row.id);
        const id = row.stripe_default_payment_method_id;
        const found = theirs.find(({ stripe_payment_method_id }) => stripe_payment_method_id === id);
        return found ? paymentMethod(found) : null;
      },
      featureGrants: page('feature_grant', 'customer_id', row, grant),
      referralCodes: page('referral_code', 'customer_id', row, referralCode),
      referrals: page('referral', 'referrer_id', row, referral),
      referredBy: () => {
        const [found] = mine('referral')
          .filter(({ referee_id }) => referee_id === row.id)
          .toSorted((a, b) => Number(a.status === 'REJECTED') - Number(b.status === 'REJECTED') || byAge(b, a));
        return found ? referral(found) : null;
      },
      entitlements: (args: PageArgs) =>
        connection(entitlementsOf(tables, row, isLive), args, (one) => ({
          ...plain(one),
          limit: one.limit,
          feature: () => featureOf(one.feature_id),
        })),
      subscription: () => {
        const [first] = subscriptions.toSorted((a, b) => Number(hasAccess(b)) - Number(hasAccess(a)) || byAge(b, a));
        return first ? subscription(first) : null;
      },
      subscriptions: (args: PageArgs) => connection(subscriptions, args, subscription),
    };
  };
  const referralCode = (row: Row): object => ({
    ...plain(row),
    active: row.deactivated_at === null,
    customer: () => one('customer', row.customer_id, customer),
  });
  const referral = (row: Row): object => ({
    ...plain(row),
    code: () => one('referral_code', row.code_id, referralCode),
    referrer: () => one('customer', row.referrer_id, customer),
    referee: () => one('customer', row.referee_id, customer),
    rewards: page('referral_reward', 'referral_id', row, (reward) => ({
      ...plain(reward),
      ...moneys(reward, ['amount']),
      customer: () => one('customer', reward.customer_id, customer),
    })),
  });
  const featureOf = (id: string) => one('feature', id, (row) => ({ ...plain(row), meter: null }));
  const grant = (row: Row): object => {
    const now = new Date().toISOString();
    const [starts, expires] = [instant(row.starts_at)!, instant(row.expires_at)];
    return {
      ...plain(row),
      limit: limitOf(row.limit_value),
      unlimited: row.allowed && row.limit_value === null && typeOf(row) === 'LIMIT',
      active: !row.revoked_at && starts <= now && (!expires || expires > now),
      customer: () => one('customer', row.customer_id, customer),
      feature: () => featureOf(row.feature_id),
    };
  };
  const typeOf = ({ feature_id }: Row) => tables.feature.find(({ id }) => id === feature_id)!.type;
  const isLive = (row: Row) => hasAccess(row) && (row.status !== 'PAST_DUE' || isInGrace(row));
  const subscription = (row: Row): object => ({
    ...plain(row),
    hasAccess: isLive(row),
    isTrialing: row.status === 'TRIALING',
    inGracePeriod: row.status === 'PAST_DUE' && isInGrace(row),
    graceEndsAt: graceEndsAt(row),
    willRenew: hasAccess(row) && !row.cancel_at_period_end,
    currency: row.currency ?? null,
    discounts: [],
    latestInvoice: () => newest('invoice', 'subscription_id', row, invoice),
    invoices: page('invoice', 'subscription_id', row, invoice),
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
    discounts: [],
    price: () => one('price', row.price_id, price),
  });
  const price = (row: Row): object => ({
    ...plain(row),
    billingScheme: row.tiers_mode ? 'TIERED' : 'PER_UNIT',
    tiers: tiersOf(row.tiers, row.currency),
    currencyOptions: row.currency_options.map((option: any) => ({
      ...option,
      unitAmount: wholeOf(option.unitAmountDecimal, option.currency),
      tiers: tiersOf(option.tiers, option.currency),
    })),
    replacedBy: () => one('price', row.replaced_by_id, price),
    unitAmount: row.unit_amount === null ? null : { amount: row.unit_amount, currency: row.currency },
    unitAmountDecimal: row.unit_amount_decimal === null ? null : decimals[row.unit_amount_decimal],
    recurring: row.recurring_interval && {
      interval: row.recurring_interval,
      intervalCount: row.recurring_interval_count,
    },
    product: () => one('product', row.product_id, product),
  });
  const product = (row: Row): object => ({
    ...plain(row),
    prices: (args: PageArgs) =>
      connection(
        mine('price').filter(({ product_id }) => product_id === row.id),
        args,
        price,
      ),
    features: (args: PageArgs) =>
      connection(
        mine('product_feature').filter((one) => one.product_id === row.id && one.ended_at === null),
        args,
        (one) => ({
          ...plain(one),
          limit: limitOf(one.limit_value),
          unlimited: one.limit_value === null && typeOf(one) === 'LIMIT',
          feature: () => featureOf(one.feature_id),
        }),
      ),
  });

  const page =
    (table: keyof Tables, column: string, { id }: Row, publish: (row: Row) => unknown) =>
    (args: PageArgs) =>
      connection(
        mine(table).filter((row) => row[column] === id),
        args,
        publish,
      );
  const newest = (table: keyof Tables, column: string, { id }: Row, publish: (row: Row) => unknown) => {
    const [first] = mine(table)
      .filter((row) => row[column] === id)
      .toSorted((a, b) => byAge(b, a));
    return first ? publish(first) : null;
  };
  const graceEndsAt = (row: Row): string | null => {
    const days = graceDays({ projectId, environment });
    if (row.status !== 'PAST_DUE' || days === null) return null;
    const open = tables.invoice.filter((one) => one.subscription_id === row.id && one.status === 'OPEN');
    const due = open.flatMap((one) => instant(one.due_date ?? one.finalized_at) ?? []).toSorted();
    const from = due[0] ?? instant(row.current_period_start) ?? instant(row.created_at)!;
    return new Date(Date.parse(from) + days * 86_400_000).toISOString();
  };
  const isInGrace = (row: Row) => (graceEndsAt(row) ?? '9') > new Date().toISOString();
  const invoice = (row: Row): object => ({
    ...plain(row),
    ...moneys(row, ['subtotal', 'tax', 'total', 'amountDue', 'amountPaid', 'amountRemaining']),
    customer: () => one('customer', row.customer_id, customer),
    subscription: () => one('subscription', row.subscription_id, subscription),
    payments: page('payment', 'invoice_id', row, payment),
    lines: page('invoice_line', 'invoice_id', row, (line) => ({
      ...plain(line),
      ...moneys(line, ['amount', 'tax']),
      price: () => one('price', line.price_id, price),
    })),
  });
  const payment = (row: Row): object => ({
    ...plain(row),
    ...moneys({ ...row, amount_refunded: String(refundedOf(row)) }, ['amount', 'amountReceived', 'amountRefunded']),
    lastError:
      row.last_error_code === null && row.last_error_message === null
        ? null
        : { code: row.last_error_code, declineCode: null, message: row.last_error_message },
    customer: () => one('customer', row.customer_id, customer),
    invoice: () => one('invoice', row.invoice_id, invoice),
    latestCharge: () => {
      const { stripe_latest_charge_id: id } = row;
      const latest = mine('charge').find(({ stripe_charge_id }) => stripe_charge_id === id);
      return latest ? charge(latest) : null;
    },
    charges: page('charge', 'payment_id', row, charge),
  });
  const refundedOf = ({ id }: Row) =>
    tables.charge
      .filter(({ payment_id }) => payment_id === id)
      .reduce((sum, { amount_refunded }) => sum + BigInt(amount_refunded), 0n);
  const charge = (row: Row): object => ({
    ...plain(row),
    ...moneys(row, ['amount', 'amountCaptured', 'amountRefunded']),
    customer: () => one('customer', row.customer_id, customer),
    payment: () => one('payment', row.payment_id, payment),
    disputes: page('dispute', 'charge_id', row, (dispute) => ({
      ...plain(dispute),
      ...moneys(dispute, ['amount']),
      charge: () => charge(row),
    })),
  });
  const paymentMethod = (row: Row): object => ({
    ...plain(row),
    isDefault: tables.customer.some(
      (one) => one.id === row.customer_id && one.stripe_default_payment_method_id === row.stripe_payment_method_id,
    ),
    customer: () => one('customer', row.customer_id, customer),
  });

  return {
    invoices: (args: PageArgs) => connection(mine('invoice'), args, invoice),
    payments: (args: PageArgs) => connection(mine('payment'), args, payment),
    paymentMethods: (args: PageArgs) => connection(mine('payment_method'), args, paymentMethod),
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

const wholeOf = (amount: string | null, currency: string) =>
  amount && !amount.includes('.') ? { amount, currency } : null;
const tiersOf = (tiers: any[] | null, currency: string) =>
  (tiers ?? []).map(({ upTo, unitAmountDecimal, flatAmountDecimal }) => ({
    upTo: upTo && String(upTo),
    unitAmountDecimal,
    flatAmountDecimal,
    unitAmount: wholeOf(unitAmountDecimal, currency),
    flatAmount: wholeOf(flatAmountDecimal, currency),
  }));

const hasAccess = ({ status }: Row) => ['TRIALING', 'ACTIVE', 'PAST_DUE'].includes(status);
const key = (row: Row) => `${row.created_at.replace('+00', '').padEnd(26, '.')} ${row.id}`;
/** The order of every list: by instant, to the microsecond, and then by id. */
export const byAge = (a: Row, b: Row) => (key(a) < key(b) ? -1 : 1);

const instant = (text: string | null) => text && new Date(text.replace('+00', 'Z').replace(' ', 'T')).toISOString();

/** Every column by its published name, instants as they are on the wire. */
const plain = (row: Row): Record<string, any> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
      typeof value === 'string' && /^\d{4}-\d\d-\d\d .*\+00$/.test(value) ? instant(value) : value,
    ]),
  );

const moneys = (row: Row, names: string[]) => {
  const { currency, ...values } = plain(row);
  return Object.fromEntries(names.map((name) => [name, { amount: values[name], currency }]));
};

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
