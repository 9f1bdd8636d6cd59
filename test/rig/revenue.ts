import { newId } from '../../src/ids.ts';
import type { Billgraph, TestTenant } from './billgraph.ts';
import { asOwner } from './database.ts';

/** From an instant on: what a subscription comes to a month, in minor units, as fractions. */
export type Moment = { at: Date; status: string; mrr: string; trialMrr?: string };
export type Life = { customer: string; currency: string; moments: Moment[] };

type Parts = [bigint, bigint];
const gcd = (a: bigint, b: bigint): bigint => (b ? gcd(b, a % b) : a < 0n ? -a : a);
const lowest = ([n, d]: Parts): Parts => {
  const by = gcd(n, d) || 1n;
  return [n / by, d / by];
};
const parts = (text = '0'): Parts => {
  const [n = '0', d = '1'] = text.split('/');
  return lowest([BigInt(n), BigInt(d)]);
};
const less = ([n, d]: Parts, [m, e]: Parts): Parts => lowest([n * e - m * d, d * e]);

const kindOf = (before: bigint, change: bigint, ever: boolean) => {
  if (!change) return null;
  if (!before) return ever ? 'REACTIVATION' : 'NEW';
  if (before + change === 0n) return 'CHURN';
  return change > 0n ? 'EXPANSION' : 'CONTRACTION';
};

const literal = (value: unknown) =>
  value === null ? 'null' : value instanceof Date ? `'${value.toISOString()}'` : `'${String(value)}'`;

/**
 * Writes lives down as if they had been seen, with customers of these names where there are none yet: for questions whose answer depends on
 * instants and amounts that no Stripe would make to order.
 * @returns the ids of the subscriptions, in order.
 */
export async function writeLives(
  { databaseUrl }: Pick<Billgraph, 'databaseUrl'>,
  tenant: Pick<TestTenant, 'projectId' | 'environment' | 'connectionId'>,
  lives: Life[],
): Promise<string[]> {
  const { projectId, environment, connectionId } = tenant;
  const side = { project_id: projectId, environment };
  const statements: string[] = [];
  const insert = (table: string, row: Record<string, unknown>, rest = '') => {
    const columns = Object.keys(row).join(', ');
    statements.push(`insert into ${table} (${columns}) values (${Object.values(row).map(literal).join(', ')}) ${rest}`);
  };
  const found = await asOwner(
    databaseUrl,
    `select id, name from customer where project_id = '${projectId}' and environment = '${environment}'`,
  );
  const customers = new Map<string, string>(found.map(({ id, name }) => [name, id]));
  const ids: string[] = [];
  for (const { customer, currency, moments } of lives) {
    const first = moments[0]!.at;
    const owner = customers.get(customer) ?? newId('pc');
    const mirrored = { ...side, connection_id: connectionId, created_at: first, updated_at: first };
    if (!customers.has(customer))
      insert('customer', {
        id: owner,
        ...mirrored,
        name: customer,
        stripe_customer_id: `cus_${owner.slice(-14)}`,
        metadata: '{}',
      });
    customers.set(customer, owner);
    const id = newId('ps');
    ids.push(id);
    const last = moments.at(-1)!;
    insert('subscription', {
      id,
      ...mirrored,
      customer_id: owner,
      stripe_subscription_id: `sub_${id.slice(-14)}`,
      status: last.status,
      stripe_status: last.status.toLowerCase(),
      currency,
      cancel_at_period_end: false,
      metadata: '{}',
    });
    const of = { ...side, customer_id: owner, subscription_id: id, currency };
    let mrr: Parts = [0n, 1n];
    let trial: Parts = [0n, 1n];
    let status: string | null = null;
    let ever = false;
    for (const [at, moment] of moments.entries()) {
      const [change, ofTrial] = [less(parts(moment.mrr), mrr), less(parts(moment.trialMrr), trial)];
      insert('revenue_movement', {
        id: newId('rmv'),
        ...of,
        ordinal: at + 1,
        type: kindOf(mrr[0], parts(moment.mrr)[0] === 0n ? -mrr[0] : change[0], ever),
        numerator: change[0],
        denominator: change[1],
        trial_numerator: ofTrial[0],
        trial_denominator: ofTrial[1],
        status_before: status,
        status_after: moment.status,
        occurred_at: moment.at,
        recorded_at: moment.at,
      });
      [mrr, trial, status] = [parts(moment.mrr), parts(moment.trialMrr), moment.status];
      ever ||= mrr[0] > 0n;
    }
    insert('subscription_revenue', {
      ...of,
      status,
      mrr_numerator: mrr[0],
      mrr_denominator: mrr[1],
      trial_numerator: trial[0],
      trial_denominator: trial[1],
      had_revenue: ever,
      movements: moments.length,
      changed_at: last.at,
    });
  }
  await asOwner(databaseUrl, statements.join(';'));
  return ids;
}
