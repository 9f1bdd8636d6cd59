import type { Row, Tables } from './tenants.ts';

/** As it is published: without zeros that say nothing. */
export const limitOf = (decimal: string | null) => decimal && String(Number(decimal));

type Source = {
  override: boolean;
  id: string;
  allowed: boolean;
  limit: string | null;
  option: string | null;
  times: number;
};

/** What a customer has, by the rows in memory: the truth for the view of entitlements. A feature without a meter has no usage. */
export function entitlementsOf(tables: Tables, customer: Row, isLive: (subscription: Row) => boolean): Row[] {
  const { project_id, environment } = customer;
  const features = tables.feature.filter((one) => one.project_id === project_id && one.environment === environment);
  return features.flatMap((feature) => {
    const { given, changes } = sourcesOf(tables, customer, feature, isLive);
    const override = given.filter((one) => one.override).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
    const counting = override ? [override] : given;
    const value = comesTo(feature, counting);
    const holds = override ? override.allowed : given.length > 0;
    if (!holds || !value) return [];
    const id = `${customer.id}-${feature.id}`;
    const common = { project_id, environment, created_at: feature.created_at, feature_id: feature.id };
    const changes_at = changes.toSorted()[0] ?? null;
    const usage = { used: null, held: null, remaining: null, resets_at: null };
    return [{ id, ...common, ...value, ...usage, overridden: override !== undefined, changes_at }];
  });
}

function sourcesOf(tables: Tables, customer: Row, feature: Row, isLive: (subscription: Row) => boolean) {
  const now = new Date().toISOString().replace('T', ' ');
  const subscriptions = tables.subscription.filter((one) => one.customer_id === customer.id && isLive(one));
  const given = subscriptions.flatMap(({ id }) =>
    tables.subscription_item
      .filter(({ subscription_id }) => subscription_id === id)
      .flatMap((item): Source[] => {
        const price = tables.price.find((one) => one.id === item.price_id)!;
        return tables.product_feature
          .filter((one) => one.product_id === price.product_id && one.feature_id === feature.id && !one.ended_at)
          .map((one) => ({
            override: false,
            id: one.id,
            allowed: true,
            limit: one.limit_value,
            option: one.option,
            times: one.per_unit ? (item.quantity ?? 1) : 1,
          }));
      }),
  );
  const grants = tables.feature_grant.filter(
    (one) =>
      one.customer_id === customer.id &&
      one.feature_id === feature.id &&
      !one.revoked_at &&
      (!one.expires_at || one.expires_at > now),
  );
  const begun = grants.filter((one) => one.starts_at <= now);
  const granted = begun.map(({ id, kind, allowed, limit_value, option }) => ({
    override: kind === 'OVERRIDE',
    id,
    allowed,
    limit: limit_value,
    option,
    times: 1,
  }));
  const changes = grants.flatMap((one) => (one.starts_at <= now ? (one.expires_at ?? []) : one.starts_at));
  return { given: [...given, ...granted], changes };
}

/** Null where it comes to nothing. */
function comesTo({ type, options }: Row, sources: Source[]) {
  if (type === 'BOOLEAN') return { limit: null, unlimited: false, option: null };
  if (type === 'ENUMERATED') {
    const option = (options as string[]).findLast((name) => sources.some((one) => one.option === name));
    return option === undefined ? null : { limit: null, unlimited: false, option };
  }
  if (sources.some(({ limit }) => limit === null)) return { limit: null, unlimited: true, option: null };
  const sum = sources.reduce((total, { limit, times }) => total + Number(limit) * times, 0);
  return sum > 0 ? { limit: String(sum), unlimited: false, option: null } : null;
}
