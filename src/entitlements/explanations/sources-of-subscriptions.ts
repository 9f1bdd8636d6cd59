import type { EntityManager } from '@mikro-orm/core';
import { statusesWithAccess } from '../../billing/subscriptions/subscription-status.ts';
import { runStatement } from '../../database/run-statement.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import type { AccessSource, PastOf } from './access-source.ts';
import { decimalOf, unitsOf } from './exact-decimals.ts';
import { pastGrace } from './past-grace.ts';
import { type PastItem, type PastSubscription, pastSubscriptions } from './past-subscriptions.ts';

type Given = {
  price: string;
  product: string;
  limit_value: string | null;
  per_unit: boolean;
  option: string | null;
  started_at: string;
  ended_at: string | null;
};

/** What the items of a customer's subscriptions gave of a feature at an instant; those too that gave no access then. */
export async function sourcesOfSubscriptions(
  em: EntityManager,
  side: Side,
  { customerId, featureId, at }: PastOf,
): Promise<{ sources: AccessSource[]; knownSince: Date | null }> {
  const { subscriptions, knownSince } = await pastSubscriptions(em, { customerId, at });
  const prices = subscriptions.flatMap(({ items }) => items.map(({ price }) => price));
  const given = await runStatement<Given>(
    em,
    `select p.id as price, p.product_id as product, g.limit_value, g.per_unit, g.option, g.started_at, g.ended_at
     from price p join product_feature g on g.product_id = p.product_id
     where p.id = any($1) and g.feature_id = $2 and g.started_at <= $3 and (g.ended_at is null or g.ended_at > $3)
       and g.project_id = $4 and g.environment = $5`,
    [prices, featureId, at, side.projectId, side.environment],
  );
  const grace = await pastGrace(em, side, { at, subscriptions });
  const sources = subscriptions.flatMap((subscription) =>
    subscription.items.flatMap((item) =>
      given
        .filter(({ price }) => price === item.price)
        .map((what) => sourceOf(subscription, item, what, grace.get(subscription.id) ?? null, at)),
    ),
  );
  return { sources, knownSince };
}

function sourceOf(
  { id, status, ...state }: PastSubscription,
  { quantity }: PastItem,
  { product, limit_value, per_unit, option, started_at, ended_at }: Given,
  graceEndsAt: Date | null,
  at: Date,
): AccessSource {
  const isLate = status === 'PAST_DUE';
  const inTime = !isLate || graceEndsAt === null || graceEndsAt > at;
  const stood = statusesWithAccess.some((one) => one === status) && inTime;
  const times = per_unit ? BigInt(quantity ?? 1) : 1n;
  return {
    kind: isLate ? 'GRACE' : 'SUBSCRIPTION',
    stood,
    from: latest(state.from, new Date(started_at)),
    until: earliest(state.until, ended_at === null ? null : new Date(ended_at), graceEndsAt),
    allowed: true,
    amount: limit_value === null ? null : decimalOf(unitsOf(limit_value) * times),
    option,
    subscription: { id, status, productId: product, quantity },
    grant: null,
    stripeFeatureId: null,
  };
}

const latest = (one: Date, other: Date) => (one > other ? one : other);

const earliest = (...ends: (Date | null)[]) =>
  ends.reduce((first, end) => (first === null || (end !== null && end < first) ? end : first), null);
