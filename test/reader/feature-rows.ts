import type { Making } from './money-rows.ts';
import type { Row } from './tenants.ts';

type Tenant = Pick<Row, 'project_id' | 'environment'>;

/** One of each type, and a second one with a limit. Nothing is counted against them: reports of usage have tests of their own. */
export function addFeatures({ maybe, instant, add }: Making, tenant: Tenant): Row[] {
  return (['BOOLEAN', 'LIMIT', 'LIMIT', 'ENUMERATED'] as const).map((type, at) =>
    add('feature', 'fea', tenant, {
      key: `feature_${at}`,
      name: `Feature "${at}"`,
      description: maybe('What it is'),
      type,
      options: type === 'ENUMERATED' ? ['low', 'high', 'highest'] : [],
      meter_id: null,
      archived_at: at === 2 ? maybe(instant()) : null,
    }),
  );
}

function featureValue({ pick, maybe }: Making, { type, options }: Row) {
  return {
    limit_value: type === 'LIMIT' ? maybe(pick(['0.000000000000', '5.000000000000', '100.500000000000'])) : null,
    option: type === 'ENUMERATED' ? pick(options as string[]) : null,
  };
}

/** What a product gives, and what it gave before. */
export function addProductFeatures(
  making: Making,
  { tenant, product, features }: { tenant: Tenant; product: Row; features: Row[] },
) {
  const { random, instant, add, tables } = making;
  for (const feature of features.filter(() => random(3)))
    for (const ended_at of random(3) ? [null] : [instant(), null]) {
      const values = { ...featureValue(making, feature), product_id: product.id, feature_id: feature.id };
      const per_unit = feature.type === 'LIMIT' && random(2) > 0;
      add('product_feature', 'pfe', tenant, { ...values, per_unit, started_at: instant(), ended_at });
      // It has no such column: what changes is another row.
      delete tables.product_feature.at(-1)!.updated_at;
    }
}

/** What counts, what did, and what is going to. */
export function addGrants(
  making: Making,
  { tenant, customer, features }: { tenant: Tenant; customer: Row; features: Row[] },
) {
  const { random, pick, maybe, instant, add, tables } = making;
  for (let n = random(4); n > 0; n--) {
    const feature = pick(features);
    const kind = pick(['GRANT', 'OVERRIDE']);
    const allowed = kind === 'GRANT' || random(3) > 0;
    const revoked_at = random(5) ? null : instant();
    add('feature_grant', 'fgr', tenant, {
      ...(allowed ? featureValue(making, feature) : { limit_value: null, option: null }),
      customer_id: customer.id,
      feature_id: feature.id,
      kind,
      allowed,
      reason: 'Because',
      actor_kind: 'API_KEY',
      actor_id: 'key_x',
      starts_at: random(6) ? instant() : '2098-01-01 00:00:00+00',
      expires_at: pick([null, null, instant(), '2099-01-01 00:00:00+00']),
      revoked_at,
      revoker_kind: revoked_at && 'API_KEY',
      revoker_id: revoked_at && 'key_x',
      revoke_reason: revoked_at && maybe('Over'),
    });
    delete tables.feature_grant.at(-1)!.updated_at;
  }
}
