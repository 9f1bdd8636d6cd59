import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import type { Tenant } from '../../tenant.ts';
import type { Aggregation } from '../meters/aggregation.ts';
import { billingPeriod } from './billing-period.ts';
import { type Grouping, readUsage, type Usage } from './read-usage.ts';

export type UsageWanted = {
  /** One of these. */
  customer: { id?: string | null; externalId?: string | null; email?: string | null; stripeId?: string | null };
  meter: { id?: string | null; eventName?: string | null };
  /** Null: the current billing period. */
  range: { from: Date; to: Date } | null;
  groupBy: Grouping | null;
};

export type FoundUsage = Usage & { customerId: string; meterId: string; unit: string | null };

const customerColumns = { id: 'id', externalId: 'external_id', email: 'email', stripeId: 'stripe_customer_id' };
const meterColumns = { id: 'id', eventName: 'event_name' };

/**
 * What a customer used of a meter, by two statements.
 * @param own the customer whom a customer token speaks for: it reaches nobody else's. Null for the others.
 * @returns null where the tenant has no such customer or meter.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export async function findUsage(
  em: EntityManager,
  { projectId, environment }: Pick<Tenant, 'projectId' | 'environment'>,
  { customer, meter, range, groupBy }: UsageWanted,
  own: string | null,
): Promise<FoundUsage | null> {
  const [ofCustomer, ofMeter] = [named(customer), named(meter)];
  if (!ofCustomer || !ofMeter) return null;
  const customerColumn = customerColumns[ofCustomer.by];
  const meterColumn = meterColumns[ofMeter.by];
  const [found] = await runStatement<Found>(
    em,
    `select c.id as customer_id, m.id as meter_id, m.unit, m.aggregation, period.starts, period.ends
     from customer c, meter m, lateral (${billingPeriod({ customer: 'c.id', stripeMeterId: 'm.stripe_meter_id' })}) period
     where c.project_id = $1 and c.environment = $2 and c.${customerColumn} = $3 and c.deleted_at is null
       and c.stripe_customer_id is not null and ($5::text is null or c.id = $5)
       and m.project_id = $1 and m.environment = $2 and m.${meterColumn} = $4 and m.stripe_meter_id is not null`,
    [projectId, environment, ofCustomer.name, ofMeter.name, own],
  );
  if (!found) return null;
  const { customer_id: customerId, meter_id: meterId, unit, aggregation } = found;
  const { from, to } = range ?? { from: new Date(found.starts), to: new Date(found.ends) };
  const usage = await readUsage(em, { customerId, meterId, aggregation }, { from, to, groupBy });
  return { ...usage, customerId, meterId, unit };
}

type Found = {
  customer_id: string;
  meter_id: string;
  unit: string | null;
  aggregation: Aggregation;
  starts: string;
  ends: string;
};

/** The one that is given; null where it can be nobody's: PostgreSQL breaks on U+0000. */
function named<Names extends Record<string, string | null | undefined>>(names: Names) {
  const [given] = Object.entries(names).filter(([, name]) => name != null);
  if (!given) return null;
  const [by, text] = given as [keyof Names, string];
  const name = by === 'email' ? text.trim().toLowerCase() : text;
  return name.includes('\0') || !name.isWellFormed() ? null : { by, name };
}
