import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { perform } from '../wire/perform.ts';
import type { AccountView } from './control-page.ts';
import { type DeliveryView, listDeliveries } from './delivery-operations.ts';

/** What the control page shows of an account. */
export async function accountView(tx: AccountTransaction): Promise<AccountView> {
  const deliveries = (await perform(tx, listDeliveries, { limit: '25' })) as { data: DeliveryView[] };
  return {
    account: tx.account,
    clocks: await tx.all('test_helpers.test_clock', {}),
    faults: await tx.all('sandbox.fault', {}),
    endpoints: await tx.all('webhook_endpoint', {}),
    deliveries: deliveries.data,
    events: (await tx.list('event', '', { limit: 25 })).data,
  };
}

/** Every account that has anything, the newest first. */
export async function allAccounts({ pool }: Store) {
  const { rows } = await pool.query<{ account: string; objects: number; events: number }>(
    `select account, count(*)::int as objects, (count(*) filter (where object = 'event'))::int as events
     from sandbox.object where not deleted group by account order by max(seq) desc limit 200`,
  );
  return rows;
}
