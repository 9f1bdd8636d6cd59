import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof rewardsOf>;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
  rig = rewardsOf(billgraph, tenant);
  customerId = (await usageOf(billgraph, tenant).newCustomer()).id;
});
afterAll(() => billgraph.close());

const atOnce = (work: () => Promise<boolean>) => Promise.all(Array.from({ length: 8 }, work));

describe('a reward', () => {
  it('is credited once, however often and at once it is asked for', async () => {
    const one = rig.reward(customerId);
    expect((await atOnce(one.credit)).filter(Boolean)).toHaveLength(1);
    expect(await one.entries()).toEqual([
      ['CREDIT', 'REFERRAL_EXPENSE', 1_000],
      ['CREDIT', 'CUSTOMER_CREDIT', -1_000],
    ]);
    expect(await one.payouts()).toMatchObject([{ kind: 'CREDIT', state: 'PENDING', amount: '1000', currency: 'USD' }]);
  });

  it('is clawed back once, and its payout canceled where Stripe was not asked', async () => {
    const one = rig.reward(customerId);
    await one.credit();
    expect((await atOnce(one.clawBack)).filter(Boolean)).toHaveLength(1);
    expect((await one.entries()).slice(2)).toEqual([
      ['CLAWBACK', 'CUSTOMER_CREDIT', 1_000],
      ['CLAWBACK', 'REFERRAL_EXPENSE', -1_000],
    ]);
    expect(await one.states()).toEqual(['CANCELED']);
    expect(await one.credit()).toBe(false);
  });

  it('that was never credited is not clawed back', async () => {
    const one = rig.reward(customerId);
    expect(await one.clawBack()).toBe(false);
    expect(await one.entries()).toEqual([]);
  });

  it('is above zero', async () => {
    await expect(rig.reward(customerId, 0n).credit()).rejects.toThrow('above zero');
  });
});

describe('PostgreSQL takes', () => {
  const insert = (...amounts: [number, string][]) =>
    rig.sql(
      `insert into ledger_entry (id, project_id, environment, transaction_id, key, kind, account, amount, currency, reward_id, created_at)
       select $1 || n, $2, 'TEST', $1, $1 || n, 'CREDIT', 'REFERRAL_EXPENSE', amount, currency, 'none', now()
       from unnest($3::bigint[], $4::text[]) with ordinality as e (amount, currency, n)`,
      [newId('ltx'), tenant.projectId, amounts.map(([amount]) => amount), amounts.map(([, currency]) => currency)],
    );

  it('no transaction whose entries do not sum to zero in each currency, whoever writes it', async () => {
    const refused = 'do not sum to zero';
    await expect(insert([5, 'USD'])).rejects.toThrow(refused);
    await expect(insert([5, 'USD'], [-5, 'EUR'])).rejects.toThrow(refused);
    await insert([5, 'USD'], [-3, 'USD'], [-2, 'USD']);
  });

  it.each(['update ledger_entry set amount = 0', 'delete from ledger_entry', 'truncate ledger_entry'])(
    'from the server itself no %s',
    async (statement) => {
      await expect(billgraph.app.orm.em.fork().execute(statement)).rejects.toThrow('permission denied');
    },
  );
});
