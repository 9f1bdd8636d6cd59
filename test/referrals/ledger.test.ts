import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { clawBack } from '../../src/referrals/ledger/claw-back.ts';
import { credit } from '../../src/referrals/ledger/credit.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
  customerId = (await usageOf(billgraph, tenant).newCustomer()).id;
});
afterAll(() => billgraph.close());

const inOneTransaction = <Result>(work: (em: any) => Promise<Result>) =>
  billgraph.app.orm.em.fork().transactional(work);
const reward = () => ({
  rewardId: newId('led'),
  projectId: tenant.projectId,
  environment: tenant.environment,
  customerId,
  amount: 1_000n,
  currency: 'USD',
});
const entriesOf = async (rewardId: string) =>
  (
    await asOwner(
      billgraph.databaseUrl,
      'select kind, account, amount::int from ledger_entry where reward_id = $1 order by id',
      [rewardId],
    )
  ).map(({ kind, account, amount }: any) => [kind, account, amount]);
const payoutsOf = async (rewardId: string) =>
  (
    await asOwner(
      billgraph.databaseUrl,
      'select kind, state, amount::int from referral_payout where reward_id = $1 order by id',
      [rewardId],
    )
  ).map(({ kind, state, amount }: any) => [kind, state, amount]);

describe('a reward', () => {
  it('is credited once, however often and at once it is asked for', async () => {
    const one = reward();
    const answers = await Promise.all(Array.from({ length: 8 }, () => inOneTransaction((em) => credit({ em }, one))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await entriesOf(one.rewardId)).toEqual([
      ['CREDIT', 'REFERRAL_EXPENSE', 1_000],
      ['CREDIT', 'CUSTOMER_CREDIT', -1_000],
    ]);
    expect(await payoutsOf(one.rewardId)).toEqual([['CREDIT', 'PENDING', 1_000]]);
  });

  it('is clawed back once, and its payout canceled where Stripe was not asked', async () => {
    const one = reward();
    await inOneTransaction((em) => credit({ em }, one));
    const answers = await Promise.all(Array.from({ length: 8 }, () => inOneTransaction((em) => clawBack({ em }, one))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect((await entriesOf(one.rewardId)).slice(2)).toEqual([
      ['CLAWBACK', 'CUSTOMER_CREDIT', 1_000],
      ['CLAWBACK', 'REFERRAL_EXPENSE', -1_000],
    ]);
    expect(await payoutsOf(one.rewardId)).toEqual([['CREDIT', 'CANCELED', 1_000]]);
    expect(await inOneTransaction((em) => credit({ em }, one))).toBe(false);
  });

  it('that was never credited is not clawed back', async () => {
    const one = reward();
    expect(await inOneTransaction((em) => clawBack({ em }, one))).toBe(false);
    expect(await entriesOf(one.rewardId)).toEqual([]);
  });

  it('is above zero', async () => {
    await expect(inOneTransaction((em) => credit({ em }, { ...reward(), amount: 0n }))).rejects.toThrow('above zero');
  });
});

describe('PostgreSQL takes', () => {
  const insert = (amounts: [number, string][]) =>
    asOwner(
      billgraph.databaseUrl,
      `insert into ledger_entry (id, project_id, environment, transaction_id, key, kind, account, amount, currency, reward_id, created_at)
       select $1 || n, $2, 'TEST', $1, $1 || n, 'CREDIT', 'REFERRAL_EXPENSE', amount, currency, 'none', now()
       from unnest($3::bigint[], $4::text[]) with ordinality as e (amount, currency, n)`,
      [newId('ltx'), tenant.projectId, amounts.map(([amount]) => amount), amounts.map(([, currency]) => currency)],
    );

  it('no transaction whose entries do not sum to zero in each currency, whoever writes it', async () => {
    const refused = 'do not sum to zero';
    await expect(insert([[5, 'USD']])).rejects.toThrow(refused);
    await expect(
      insert([
        [5, 'USD'],
        [-5, 'EUR'],
      ]),
    ).rejects.toThrow(refused);
    await insert([
      [5, 'USD'],
      [-3, 'USD'],
      [-2, 'USD'],
    ]);
  });

  it.each(['update ledger_entry set amount = 0', 'delete from ledger_entry', 'truncate ledger_entry'])(
    'from the server itself no %s',
    async (statement) => {
      await expect(billgraph.app.orm.em.fork().execute(statement)).rejects.toThrow('permission denied');
    },
  );
});
