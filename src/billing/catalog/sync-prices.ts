import { isDeepStrictEqual } from 'node:util';
import type Stripe from 'stripe';
import { revenueLaneOf } from '../../analytics/revenue/revenue-lane.ts';
import { newId } from '../../ids.ts';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import { withoutRouting } from '../../ingestion/mirror/routing.ts';
import { idOf, instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { readCurrencyOptions, readTiers } from '../pricing/read-amounts.ts';
import { Price, type recurringIntervals } from './price.entity.ts';
import type { TransformQuantity } from './price-amounts.ts';
import { Product } from './product.entity.ts';

/** Brings Stripe's prices to our rows, each into the project of its product. One that Stripe deleted is archived here. */
export async function syncPrices({ em, connection }: SyncTools, seen: Seen<Stripe.Price>[]): Promise<SyncOutcome[]> {
  const connectionId = connection.id;
  const ids = seen.map(({ id }) => id);
  await lockRows({ em, connection }, { table: 'price', condition: 'stripe_price_id = any($2)', values: [ids] });
  const rows = await em.find(Price, { connectionId, stripePriceId: { $in: ids } });
  const productIds = seen.flatMap(({ object }) => (object ? idOf(object.product) : []));
  const products = await em.find(Product, { connectionId, stripeProductId: { $in: productIds } });

  const repriced: string[] = [];
  const outcomes = seen.map(({ id, object, evidence, mayReplace, projectHint }): SyncOutcome => {
    const row = rows.find((row) => row.stripePriceId === id);
    if (!mayReplace(row?.evidence ?? 0)) return 'overtaken';
    if (!object) {
      if (row) Object.assign(row, { active: false, evidence });
      return row ? 'applied' : 'ignored';
    }
    const stripeProductId = idOf(object.product);
    const product = products.find((product) => product.stripeProductId === stripeProductId);
    if (!product) return { missing: [{ object: 'product', id: stripeProductId, projectHint }] };

    const state = { ...stateOf(object), evidence };
    if (row) {
      if (!isDeepStrictEqual(costsOf(row), costsOf(state))) repriced.push(row.id);
      em.assign(row, state, { mergeObjectProperties: false });
    } else
      em.create(Price, {
        ...state,
        id: newId('pri'),
        projectId: product.projectId,
        environment: connection.environment,
        connectionId,
        product,
        stripePriceId: id,
        createdAt: instantOf(object.created),
      });
    return 'applied';
  });
  await wakeLanes(
    em,
    repriced.map((id) => revenueLaneOf('price', id)),
  );
  return outcomes;
}

/** What of a price that exists may come to be another: subscriptions are worth something else then. */
const costsOf = ({ currencyOptions, transformQuantity }: Pick<Price, 'currencyOptions' | 'transformQuantity'>) => ({
  currencyOptions,
  transformQuantity,
});

/** An interval that is newer than this server is none. */
const intervals: Record<string, (typeof recurringIntervals)[number]> = {
  day: 'DAY',
  week: 'WEEK',
  month: 'MONTH',
  year: 'YEAR',
};

const tiersModes: Record<string, 'GRADUATED' | 'VOLUME'> = { graduated: 'GRADUATED', volume: 'VOLUME' };

function packagesOf({ transform_quantity: packages }: Stripe.Price): TransformQuantity | null {
  return packages ? { divideBy: packages.divide_by, round: packages.round === 'up' ? 'UP' : 'DOWN' } : null;
}

function stateOf(price: Stripe.Price) {
  const { recurring } = price;
  return {
    type: recurring ? ('RECURRING' as const) : ('ONE_TIME' as const),
    currency: price.currency.toUpperCase(),
    unitAmount: price.unit_amount === null ? null : BigInt(price.unit_amount),
    // A string in events, a Decimal in answers.
    unitAmountDecimal: price.unit_amount_decimal === null ? null : String(price.unit_amount_decimal),
    recurringInterval: intervals[recurring?.interval ?? ''] ?? null,
    recurringIntervalCount: recurring?.interval_count ?? null,
    usageType: recurring ? (recurring.usage_type === 'metered' ? ('METERED' as const) : ('LICENSED' as const)) : null,
    stripeMeterId: recurring?.meter ?? null,
    tiersMode: tiersModes[price.tiers_mode ?? ''] ?? null,
    tiers: readTiers(price.tiers),
    transformQuantity: packagesOf(price),
    currencyOptions: readCurrencyOptions(price),
    lookupKey: price.lookup_key,
    nickname: price.nickname,
    active: price.active,
    metadata: withoutRouting(price.metadata),
  };
}
