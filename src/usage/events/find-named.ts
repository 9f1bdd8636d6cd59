import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Tenant } from '../../tenant.ts';
import type { Aggregation } from '../meters/aggregation.ts';
import type { KnownMeter, ReportedUsage } from './check-usage.ts';

/** What the names in a batch stand for in a tenant. */
export type Named = {
  meterOf(reported: ReportedUsage): KnownMeter | undefined;
  customerOf(reported: ReportedUsage): string | undefined;
};

/** One statement for meters and one for customers, however many are named. */
export async function findNamed(
  em: EntityManager,
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  events: ReportedUsage[],
): Promise<Named> {
  const meters = await runStatement<{ id: string; event_name: string; aggregation: Aggregation; archived: boolean }>(
    em,
    `select id, event_name, aggregation, archived_at is not null as archived from meter
     where project_id = $1 and environment = $2 and stripe_meter_id is not null and (id = any($3) or event_name = any($3))`,
    [projectId, environment, searchable(events.map(({ meter }) => meter))],
  );
  const customers = await runStatement<{ id: string; external_id: string | null }>(
    em,
    `select id, external_id from customer
     where project_id = $1 and environment = $2 and stripe_customer_id is not null and deleted_at is null
       and (id = any($3) or external_id = any($4))`,
    [
      projectId,
      environment,
      searchable(events.map(({ customerId }) => customerId)),
      searchable(events.map(({ externalId }) => externalId)),
    ],
  );
  const byName = new Map<string, KnownMeter>();
  for (const { id, event_name, aggregation, archived: isArchived } of meters) {
    byName.set(id, { id, aggregation, isArchived });
    byName.set(event_name, { id, aggregation, isArchived });
  }
  const ids = new Set(customers.map(({ id }) => id));
  const byExternalId = new Map(customers.map(({ id, external_id }) => [external_id as string, id]));
  return {
    meterOf: ({ meter }) => byName.get(meter),
    customerOf: ({ customerId, externalId }) => {
      if ((customerId == null) === (externalId == null)) return undefined;
      if (customerId == null) return byExternalId.get(externalId!);
      return ids.has(customerId) ? customerId : undefined;
    },
  };
}

/** Each once. What PostgreSQL cannot hold names nothing. */
const searchable = (names: (string | null | undefined)[]) =>
  [...new Set(names)].filter((name) => name != null && !name.includes('\0') && name.isWellFormed());
