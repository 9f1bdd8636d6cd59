import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { misbehave } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  const { reward } = rewardsOf(billgraph, shop.tenant);
  const [kept, taken, failed, stays] = [300n, 500n, 700n, 900n].map((amount) => reward(shop.ada.id, amount));
  for (const one of [kept, taken, stays]) await one!.credit();
  await billgraph.settled();
  await taken!.clawBack();
  await billgraph.settled();
  await misbehave(shop.tenant, { kind: 'refusal', next: 2, only: 'POST /v1/customers/*/balance_transactions' });
  await failed!.credit();
  await stays!.clawBack();
  await billgraph.settled();
  await reward(shop.bob.id, 11n).credit();
  await billgraph.settled();
});
afterAll(() => billgraph.close());

const money = '{ amount currency }';
const balances = `query ($customerId: ID) { referralBalances(customerId: $customerId) {
  credited ${money} clawedBack ${money} failedCredit ${money} failedClawback ${money} inStripe ${money} waiting ${money} } }`;
const entries = `query ($filter: LedgerEntryFilter) { ledgerEntries(first: 100, filter: $filter) {
  totalCount nodes { id transactionId kind account customer { id } amount ${money} rewardId createdAt } } }`;
const payouts = `query ($filter: ReferralPayoutFilter) { referralPayouts(first: 100, filter: $filter) {
  nodes { id rewardId kind state amount ${money} stripeBalanceTransactionId failureCode failureMessage endedAt customer { id } } } }`;
const asked = async (document: string, variables: object = {}, credential = shop.tenant.apiKey) => {
  const answer = await ask(billgraph, credential, document, variables as Record<string, unknown>);
  expect(answer.errors).toBeUndefined();
  return Object.values(answer.data)[0] as any;
};
const dollars = (sums: Record<string, number>) =>
  Object.fromEntries(Object.entries(sums).map(([name, amount]) => [name, { amount: String(amount), currency: 'USD' }]));

describe('answers', () => {
  it('what rewards come to, of a customer and of all together', async () => {
    const ada = {
      credited: 2_400,
      clawedBack: 1_400,
      failedCredit: 700,
      failedClawback: 900,
      inStripe: 1_200,
      waiting: 0,
    };
    expect(await asked(balances, { customerId: shop.ada.id })).toEqual([dollars(ada)]);
    const all = { ...ada, credited: 2_411, inStripe: 1_211 };
    expect(await asked(balances)).toEqual([dollars(all)]);
    expect(await asked(balances, { customerId: 'pc_\0' })).toEqual([]);
  });

  it('the ledger, whose transactions sum to zero', async () => {
    const { nodes, totalCount } = await asked(entries);
    expect(nodes).toHaveLength(totalCount);
    const transactions = [...Map.groupBy(nodes, (entry: any) => entry.transactionId).values()];
    for (const of of transactions) expect(of.reduce((sum, { amount }: any) => sum + Number(amount.amount), 0)).toBe(0);
    expect(
      nodes.filter(({ customer }: any) => !customer).every(({ account }: any) => account === 'REFERRAL_EXPENSE'),
    ).toBe(true);
    const reversals = await asked(entries, { filter: { customerId: shop.ada.id, kind: ['REVERSAL'] } });
    expect(reversals.nodes.map(({ amount }: any) => amount.amount).toSorted()).toEqual(['-900', '700']);
  });

  it('payouts, with what Stripe made of them or why it did not', async () => {
    const { nodes } = await asked(payouts, { filter: { customerId: shop.ada.id, state: ['FAILED'] } });
    const refused = {
      failureCode: 'invalid_request',
      failureMessage: expect.stringContaining('cannot'),
      stripeBalanceTransactionId: null,
    };
    expect(nodes.toSorted((a: any, b: any) => Number(a.amount.amount) - Number(b.amount.amount))).toMatchObject([
      { kind: 'CREDIT', amount: { amount: '700', currency: 'USD' }, ...refused },
      { kind: 'CLAWBACK', amount: { amount: '900', currency: 'USD' }, ...refused },
    ]);
    const [one] = (await asked(payouts, { filter: { customerId: shop.bob.id } })).nodes;
    expect(one).toMatchObject({
      state: 'DONE',
      stripeBalanceTransactionId: expect.stringMatching(/^cbtxn_/),
      failureCode: null,
    });
    expect((await asked(entries, { filter: { rewardId: one.rewardId } })).nodes).toHaveLength(4);
  });

  it("to a customer token its own customer's alone", async () => {
    const token = await shop.tokenFor(shop.bob, ['referrals:read']);
    const bobs = dollars({ credited: 11, clawedBack: 0, failedCredit: 0, failedClawback: 0, inStripe: 11, waiting: 0 });
    expect(await asked(balances, {}, token)).toEqual([bobs]);
    expect(await asked(balances, { customerId: shop.bob.id }, token)).toEqual([bobs]);
    expect(await asked(balances, { customerId: shop.ada.id }, token)).toEqual([]);
    const accounts = (await asked(entries, {}, token)).nodes.map(({ account }: any) => account);
    expect(accounts).toEqual(['CUSTOMER_CREDIT', 'CUSTOMER_CREDIT', 'STRIPE_BALANCE']);
    expect((await asked(payouts, {}, token)).nodes).toHaveLength(1);
  });
});

it.each([balances, entries, payouts])('is not allowed without referrals:read', async (document) => {
  const key = await shop.tenant.newApiKey({ scopes: ['customers:read'] });
  expect(refusalsOf(await ask(billgraph, key, document))).toMatchObject([{ code: 'FORBIDDEN' }]);
});
