import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { markUndone } from '../webhooks/replay-webhook-events.ts';

/** Who has come to a project: a customer, or a guest's payment, which no customer has. */
export type Newcomer = {
  object: 'customer' | 'payment_intent';
  /** Stripe's. */
  id: string;
  /** Looks at every dispute that belongs to nobody: one that was paid without a payment does not say whose it is. */
  anyDispute?: boolean;
};

/**
 * Somebody has come to a project: events of his that came before, and belonged to nobody, are worked again. So are those of what is a
 * part of his: the payments of his invoices, the disputes of his charges.
 * Call it when the row is committed, in a transaction of its own: it waits for those who are about to say that an event is nobody's,
 * and they may hold rows.
 * @returns how many events.
 */
export async function replayStrays(
  em: EntityManager,
  connectionId: string,
  { object, id, anyDispute = false }: Newcomer,
): Promise<number> {
  await runStatement(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [strayLock(connectionId)]);
  const strays = await runStatement<{ seq: string }>(
    em,
    `with own as materialized (
       select seq, lane_key, split_part(lane_key, '/', 4) as id from inbound_event
       where connection_id = $1 and outcome = 'unrouted'
         and (split_part(lane_key, '/', 4) = $2 or payload #>> '{data,object,${object}}' = $2)
     )
     select seq from own
     union
     select seq from inbound_event where connection_id = $1 and outcome = 'unrouted' and exists (select from own)
       and split_part(lane_key, '/', 3) in ('dispute', 'invoice_payment', 'charge')
       and (lane_key in (select lane_key from own)
         or payload #>> '{data,object,invoice}' in (select id from own)
         or payload #>> '{data,object,payment_intent}' in (select id from own)
         or payload #>> '{data,object,charge}' in (select id from own))
     union
     select seq from inbound_event
     where $3 and connection_id = $1 and outcome = 'unrouted' and split_part(lane_key, '/', 3) = 'dispute'`,
    [connectionId, id, anyDispute],
  );
  if (!strays.length) return 0;
  // By a list: where the planner does not know the table yet, it would look for the strays once for each event.
  return markUndone(em, connectionId, {
    condition: `event.outcome = 'unrouted' and event.seq = any($2::bigint[])`,
    values: [strays.map(({ seq }) => seq)],
  });
}

/**
 * Those of the events, about to be said to belong to nobody, whose customer has come meanwhile. Until the transaction ends, nobody
 * replays strays: whoever comes later finds these.
 */
export async function findStrays(em: EntityManager, connectionId: string, seqs: string[]): Promise<Set<string>> {
  await runStatement(em, 'select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [strayLock(connectionId)]);
  const strays = await runStatement<{ seq: string }>(
    em,
    `select event.seq from inbound_event event join customer c on c.connection_id = event.connection_id
       and c.stripe_customer_id in (split_part(event.lane_key, '/', 4), event.payload #>> '{data,object,customer}')
     where event.seq = any($1::bigint[])`,
    [seqs],
  );
  return new Set(strays.map(({ seq }) => seq));
}

const strayLock = (connectionId: string) => `strays ${connectionId}`;
