import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';

/** How long a threshold is known that was told in a period before the last one. */
const keptDays = 92;
/** Of the last one: no period of Stripe's is longer than three years. */
const keptMonths = 39;

/** Removes what was told in periods long past: of a period that may still last, so that nothing is told twice, all stays. */
export async function pruneThresholds({ em }: { em: EntityManager }): Promise<void> {
  await runStatement(
    em,
    `delete from usage_threshold t
     where t.period_start < now() - $2 * interval '1 month'
       or t.created_at < now() - $1 * interval '1 day' and exists (
         select from usage_threshold later
         where later.customer_id = t.customer_id and later.feature_id = t.feature_id and later.period_start > t.period_start
       )`,
    [keptDays, keptMonths],
  );
}

/** The kind of lane that does it. There is one. */
export const thresholdPruningPrefix = 'prune-thresholds';
export const thresholdPruningLane = `${thresholdPruningPrefix}/past`;
