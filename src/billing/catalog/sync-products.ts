import type Stripe from 'stripe';
import { newId } from '../../ids.ts';
import { lockRows } from '../../ingestion/mirror/lock-rows.ts';
import { loadRouting, withoutRouting } from '../../ingestion/mirror/routing.ts';
import { instantOf, type Seen, type SyncOutcome, type SyncTools } from '../../ingestion/mirror/seen.ts';
import { Product } from './product.entity.ts';

/** Brings Stripe's products to our rows. One that Stripe deleted is archived here: subscriptions still speak of it. */
export async function syncProducts(
  { em, connection }: SyncTools,
  seen: Seen<Stripe.Product>[],
): Promise<SyncOutcome[]> {
  const routing = await loadRouting(em, connection.teamId);
  const ids = seen.map(({ id }) => id);
  await lockRows({ em, connection }, { table: 'product', condition: 'stripe_product_id = any($2)', values: [ids] });
  const rows = await em.find(Product, { connectionId: connection.id, stripeProductId: { $in: ids } });

  return seen.map(({ id, object, evidence, mayReplace, projectHint }) => {
    const row = rows.find((row) => row.stripeProductId === id);
    if (!mayReplace(row?.evidence ?? 0)) return 'overtaken';
    if (!object) {
      if (row) Object.assign(row, { active: false, evidence });
      return row ? 'applied' : 'ignored';
    }
    const projectId = row?.projectId ?? routing.named(object.metadata) ?? routing.only ?? projectHint;
    if (!projectId) return 'unrouted';
    const state = {
      name: object.name,
      description: object.description,
      unitLabel: object.unit_label ?? null,
      url: object.url ?? null,
      active: object.active,
      metadata: withoutRouting(object.metadata),
      evidence,
    };
    if (row) em.assign(row, state, { mergeObjectProperties: false });
    else
      em.create(Product, {
        ...state,
        id: newId('pp'),
        projectId,
        environment: connection.environment,
        connectionId: connection.id,
        stripeProductId: id,
        createdAt: instantOf(object.created),
      });
    return 'applied';
  });
}
