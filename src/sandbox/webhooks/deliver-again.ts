import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** Puts one more delivery of an event into an endpoint's queue, with no fault on it. */
export async function deliverAgain(
  tx: AccountTransaction,
  event: Stored<'event'> | Stored<'v2.core.event'>,
  endpoint: string,
): Promise<void> {
  const ids = [tx.account, event.id];
  await tx.rows('insert into sandbox.delivery (account, event, endpoint) values ($1, $2, $3)', [...ids, endpoint]);
  if (event.object !== 'event') return;
  // Counted in place: the sender counts down meanwhile.
  await tx.rows(
    `update sandbox.object set data = jsonb_set(data, '{pending_webhooks}', to_jsonb((data->>'pending_webhooks')::int + 1))
     where account = $1 and object = 'event' and id = $2`,
    ids,
  );
  event.pending_webhooks += 1;
}
