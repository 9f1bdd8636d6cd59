import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';
import { NotYet } from '../lanes/lane-kind.ts';
import { nextChange, ofCustomer } from './next-change.ts';

/** The kind of lane that calls it: `state-time/<customer>`, at the next such instant. */
export const timeLanePrefix = 'state-time';

/**
 * Adds a change where an instant has come at which the state of a customer changes by time alone. It is counted from the last change that was merged: what
 * came before that was seen with it.
 * @throws NotYet where the next such instant is to come.
 */
export async function passTime({ em }: { em: EntityManager }, customerId: string): Promise<void> {
  const [due] = await runStatement<{ wait: number | null }>(em, statement, [customerId]);
  if (due?.wait != null && due.wait > 0) throw new NotYet(Math.ceil(due.wait));
}

const statement = `
  with due as materialized (
    select c.project_id, c.environment, c.id, ${nextChange(
      ofCustomer('c'),
      `coalesce((select max(v.created_at) from customer_change v where v.customer_id = c.id), c.created_at)`,
    )} as instant
    from customer c where c.id = $1 and c.deleted_at is null
  ), passed as (
    insert into customer_change (project_id, environment, customer_id)
    select project_id, environment, id from due where instant <= now()
  )
  select extract(epoch from instant - now())::float8 * 1000 as wait from due`;
