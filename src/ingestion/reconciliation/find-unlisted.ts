import type { MikroORM } from '@mikro-orm/postgresql';
import { runStatement } from '../../database/run-statement.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';

/** What counts as gone already, by type: Stripe does not list what was deleted. */
const alive: Record<string, { table: string; column: string; condition: string }> = {
  customer: { table: 'customer', column: 'stripe_customer_id', condition: 'deleted_at is null' },
  product: { table: 'product', column: 'stripe_product_id', condition: 'active' },
  price: { table: 'price', column: 'stripe_price_id', condition: 'active' },
  subscription: { table: 'subscription', column: 'stripe_subscription_id', condition: 'true' },
  invoice: { table: 'invoice', column: 'stripe_invoice_id', condition: 'true' },
  payment_method: { table: 'payment_method', column: 'stripe_payment_method_id', condition: 'detached_at is null' },
  payment_intent: { table: 'payment', column: 'stripe_payment_intent_id', condition: 'true' },
  charge: { table: 'charge', column: 'stripe_charge_id', condition: 'true' },
  dispute: { table: 'dispute', column: 'stripe_dispute_id', condition: 'true' },
};

type Span = { oldest: number; newest: number };

/**
 * Stripe's ids of our rows that should be on a page of a list and are not.
 * @param of.within the seconds in which Stripe created what the page lists; or the customers whose objects it lists, by Stripe's ids.
 */
export async function findUnlisted(
  { orm }: { orm: MikroORM },
  { connection, type, within }: { connection: OpenConnection; type: string; within: Span | string[] },
  listed: { id: string }[],
): Promise<string[]> {
  const here = alive[type];
  if (!here) return [];
  const { table, column, condition } = here;
  const [belongs, values] = Array.isArray(within)
    ? ['customer_id in (select id from customer where connection_id = $1 and stripe_customer_id = any($3))', [within]]
    : ['extract(epoch from created_at) > $3 and extract(epoch from created_at) <= $4', [within.oldest, within.newest]];
  const rows = await runStatement<{ id: string }>(
    orm.em.fork(),
    `select ${column} as id from ${table}
     where connection_id = $1 and ${column} is not null and ${condition} and ${column} <> all($2) and ${belongs}`,
    [connection.id, listed.map(({ id }) => id), ...values],
  );
  return rows.map(({ id }) => id);
}
