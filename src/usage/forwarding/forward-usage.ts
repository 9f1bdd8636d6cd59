import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { newId } from '../../ids.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { forwardingLaneOf } from './forwarding-lane.ts';

type Pair = { customerId: string; meterId: string };

/** An event that a meter of Stripe's sums up says what it adds; of others the lane finds out what Stripe is to be told. */
const quantity = `case when meter.stripe_formula <> 'last' then coalesce(event.value, 1) end`;

const adding = `
  insert into usage_forwarding
    (id, project_id, environment, customer_id, meter_id, usage_event_id, is_correction, quantity, occurred_at, state, created_at)
  select new.id, event.project_id, event.environment, event.customer_id, event.meter_id, event.id, false,
    ${quantity}, event.occurred_at, 'PENDING', now()
  from unnest($1::text[], $2::text[]) as new (event_id, id)
  join usage_event event on event.id = new.event_id
  join meter on meter.id = event.meter_id
  on conflict (usage_event_id, is_correction) do nothing
  returning customer_id as "customerId", meter_id as "meterId"`;

/**
 * What Stripe does not have is dropped. Of a value of a period each change is told anew, whatever was told before. Of an event whose row
 * was pruned Stripe has it.
 */
const takingBack = `
  with held as materialized (
    select * from usage_forwarding where usage_event_id = any($1) and not is_correction order by id for update
  ), dropped as (
    update usage_forwarding set state = 'DROPPED' from held
    where usage_forwarding.id = held.id and held.state in ('PENDING', 'FAILED')
  )
  insert into usage_forwarding
    (id, project_id, environment, customer_id, meter_id, usage_event_id, is_correction, quantity, occurred_at, state, created_at)
  select new.id, event.project_id, event.environment, event.customer_id, event.meter_id, event.id, true,
    -${quantity}, event.occurred_at, 'PENDING', now()
  from unnest($1::text[], $2::text[]) as new (event_id, id)
  join usage_event event on event.id = new.event_id
  join meter on meter.id = event.meter_id
  left join held on held.usage_event_id = event.id
  where held.id is null or meter.stripe_formula = 'last' or held.state in ('ASKED', 'COUNTED')
  on conflict (usage_event_id, is_correction) do nothing
  returning customer_id as "customerId", meter_id as "meterId"`;

/**
 * Puts usage events into the outbox, in the transaction that writes or voids them: what is committed reaches Stripe's meter, and
 * nothing else does. Call it once in a transaction: the lanes are locked in the order of their keys.
 * @param events.added ids of events whose rows are written.
 * @param events.voided ids of events that count no more.
 */
export async function forwardUsage(
  { em }: { em: EntityManager },
  { added = [], voided = [] }: { added?: string[]; voided?: string[] },
): Promise<void> {
  const write = (statement: string, eventIds: string[]) =>
    eventIds.length ? runStatement<Pair>(em, statement, [eventIds, eventIds.map(() => newId('ufw'))]) : [];
  const pairs = [...(await write(takingBack, voided)), ...(await write(adding, added))];
  await wakeLanes(em, [...new Set(pairs.map(forwardingLaneOf))]);
}
