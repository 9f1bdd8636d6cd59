import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import type { Difference } from './compare-with-rows.ts';
import type { DriftReason } from './drift-finding.entity.ts';

type ObjectOf = { connectionId: string; type: string; id: string };

const longest = 2_000;

/** Writes down how an object differs. What is open already keeps its reason and the time when it was first seen. */
export async function recordFindings(
  em: EntityManager,
  { connectionId, type, id }: ObjectOf,
  reason: DriftReason,
  differences: Difference[],
): Promise<void> {
  await runStatement(
    em,
    `insert into drift_finding (id, connection_id, object_type, object_id, field, local, stripe, reason, created_at)
     select id, $1, $2, $3, field, local, stripe, $4, now()
     from unnest($5::text[], $6::text[], $7::text[], $8::text[]) as finding (id, field, local, stripe)
     on conflict (connection_id, object_id, coalesce(field, '')) where healed_at is null do nothing`,
    [
      connectionId,
      type,
      id,
      reason,
      differences.map(() => newId('drift')),
      differences.map(({ field }) => field),
      differences.map(({ local }) => local?.slice(0, longest) ?? null),
      differences.map(({ stripe }) => stripe?.slice(0, longest) ?? null),
    ],
  );
}

/** Marks what was found of objects whose rows equal Stripe again. */
export async function markHealed(em: EntityManager, connectionId: string, objectIds: string[]): Promise<void> {
  if (!objectIds.length) return;
  await runStatement(
    em,
    `update drift_finding set healed_at = now()
     where connection_id = $1 and object_id = any($2) and healed_at is null`,
    [connectionId, objectIds],
  );
}
