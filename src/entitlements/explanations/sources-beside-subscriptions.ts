import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { AccessSource, PastOf } from './access-source.ts';

const none = { allowed: true, amount: null, option: null, subscription: null, grant: null, stripeFeatureId: null };

/** The active entitlements of Stripe's that gave the feature at an instant. */
export async function sourcesOfStripe(
  em: EntityManager,
  { customerId, featureId, at }: PastOf,
): Promise<AccessSource[]> {
  const rows = await runStatement<{ feature: string; from: string; until: string | null }>(
    em,
    `select e.stripe_feature_id as feature, greatest(e.started_at, f.created_at) as from, e.ended_at as until
     from feature f join (
       select customer_id, lookup_key, stripe_feature_id, created_at as started_at, null as ended_at, project_id, environment
       from active_entitlement where customer_id = $1
       union all
       select customer_id, lookup_key, stripe_feature_id, started_at, ended_at, project_id, environment
       from ended_entitlement where customer_id = $1
     ) e on (e.project_id, e.environment, e.lookup_key) = (f.project_id, f.environment, f.key)
     where f.id = $2 and f.type = 'BOOLEAN' and greatest(e.started_at, f.created_at) <= $3 and (e.ended_at is null or e.ended_at > $3)`,
    [customerId, featureId, at],
  );
  return rows.map(({ feature, from, until }) => ({
    ...none,
    kind: 'STRIPE_ENTITLEMENT',
    stood: true,
    from: new Date(from),
    until: until === null ? null : new Date(until),
    stripeFeatureId: feature,
  }));
}

type GrantRow = {
  id: string;
  kind: 'GRANT' | 'OVERRIDE';
  allowed: boolean;
  limit_value: string | null;
  option: string | null;
  reason: string;
  actor_kind: string;
  actor_id: string;
  starts_at: string;
  ends_at: string | null;
};

/** What had been granted and overridden by an instant, what had not begun or had ended then too. */
export async function sourcesOfGrants(
  em: EntityManager,
  { customerId, featureId, at }: PastOf,
): Promise<AccessSource[]> {
  const rows = await runStatement<GrantRow>(
    em,
    `select id, kind, allowed, limit_value, option, reason, actor_kind, actor_id, starts_at, least(expires_at, revoked_at) as ends_at
     from feature_grant where customer_id = $1 and feature_id = $2 and created_at <= $3 order by id`,
    [customerId, featureId, at],
  );
  return rows.map(({ id, kind, allowed, limit_value, option, reason, actor_kind, actor_id, starts_at, ends_at }) => {
    const [from, until] = [new Date(starts_at), ends_at === null ? null : new Date(ends_at)];
    return {
      ...none,
      kind,
      stood: from <= at && (until === null || until > at),
      from,
      until,
      allowed,
      amount: limit_value,
      option,
      grant: { id, reason, actorKind: actor_kind, actorId: actor_id },
    };
  });
}
