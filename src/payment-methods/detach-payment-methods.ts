import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../database/run-statement.ts';

/** Takes their payment methods from customers that are deleted: Stripe has no event for each. Locked in the order of ids. */
export async function detachPaymentMethods(em: EntityManager, customerIds: string[]): Promise<void> {
  if (!customerIds.length) return;
  await runStatement(
    em,
    `with chosen as materialized (
       select id from payment_method where customer_id = any($1) order by id for no key update
     ) update payment_method method set customer_id = null, detached_at = now(), updated_at = now()
     from chosen where method.id = chosen.id`,
    [customerIds],
  );
}
