import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Person, type Referrals, referralsOf } from '../rig/referrals.ts';
import { rewardsOf } from '../rig/rewards.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
let rig: ReturnType<typeof rewardsOf>;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  referrals = referralsOf(billgraph, tenant);
  rig = rewardsOf(billgraph, tenant);
  const nobodyElse = { refereeCredit: null, holdDays: 0, cap: null };
  await referrals.configure({ enabled: true, currency: 'USD', referrerCredit: '1000', ...nobodyElse });
});
afterAll(() => billgraph.close());
beforeEach(async () => {
  await behave(tenant);
  [ada, bob] = await Promise.all([referrals.newCustomer(), referrals.newCustomer()]);
});

const asking = 'POST /v1/customers/*/balance_transactions';
const retrying =
  'mutation ($input: RetryReferralPayoutInput!) { retryReferralPayout(input: $input) { payout { id state retries failureCode failureMessage endedAt } } }';
const retry = (id: string, credential = tenant.apiKey) => ask(billgraph, credential, retrying, { input: { id } });

/** Ada has referred Bob, who has paid: what is put on her balance. */
async function convert() {
  await referrals.apply(bob, await referrals.newCode(ada));
  const invoice = await referrals.pay(bob);
  await billgraph.settled();
  return { invoice, payout: (await payouts())[0]! };
}
type Payout = { id: string; kind: string; state: string; retries: number; failureCode: string | null };
async function payouts(): Promise<Payout[]> {
  const document =
    'query ($filter: ReferralPayoutFilter) { referralPayouts(first: 10, filter: $filter) { nodes { id kind state retries failureCode } } }';
  const { data } = await ask(billgraph, tenant.apiKey, document, { filter: { customerId: ada.id } });
  return data.referralPayouts.nodes;
}
const states = async () => (await payouts()).map(({ state }) => state);
/** What the ledger says that Stripe has of Ada's, what Stripe has, and what the ledger says of the rest. */
async function sums() {
  const document =
    'query ($id: ID) { referralBalances(customerId: $id) { credited { amount } clawedBack { amount } failedCredit { amount } failedClawback { amount } inStripe { amount } waiting { amount } } }';
  const { data } = await ask(billgraph, tenant.apiKey, document, { id: ada.id });
  const balance = Object.fromEntries(
    Object.entries<{ amount: string }>(data.referralBalances[0]).map(([name, { amount }]) => [name, Number(amount)]),
  ) as Record<string, number>;
  const { credited, clawedBack, failedCredit, failedClawback, inStripe, waiting } = balance;
  expect(credited! - clawedBack! - failedCredit! + failedClawback!).toBe(inStripe! + waiting!);
  expect(await rig.inStripe(ada.stripeCustomerId)).toBe(inStripe);
  return { failedCredit, failedClawback, inStripe, waiting };
}
const nothing = { failedCredit: 0, failedClawback: 0, inStripe: 0, waiting: 0 };
const finding = async () => {
  const { data } = await ask(billgraph, tenant.apiKey, '{ doctor { findings { check ok message mend } } }');
  return data.doctor.findings.find(({ check }: { check: string }) => check === 'REFERRALS');
};

describe('answers', () => {
  it('a credit that failed: it is asked for anew and given once, and the doctor is content', async () => {
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    const { payout } = await convert();
    expect(payout).toMatchObject({ state: 'FAILED', retries: 0, failureCode: 'invalid_request' });
    expect(await sums()).toEqual({ ...nothing, failedCredit: 1_000 });
    expect(await finding()).toMatchObject({
      ok: false,
      message: expect.stringContaining(payout.id),
      mend: expect.stringContaining('retryReferralPayout'),
    });
    const { data } = await retry(payout.id);
    expect(data.retryReferralPayout.payout).toMatchObject({ id: payout.id, retries: 1, failureCode: null });
    await billgraph.settled();
    expect(await states()).toEqual(['DONE']);
    expect(await sums()).toEqual({ ...nothing, inStripe: 1_000 });
    expect(await finding()).toMatchObject({ ok: true, mend: null });
  });

  it('one that fails again, as often as it does', async () => {
    await misbehave(tenant, { kind: 'refusal', next: 2, only: asking });
    const { payout } = await convert();
    await retry(payout.id);
    await billgraph.settled();
    expect(await payouts()).toMatchObject([{ state: 'FAILED', retries: 1, failureCode: 'invalid_request' }]);
    expect(await sums()).toEqual({ ...nothing, failedCredit: 1_000 });
    await retry(payout.id);
    await billgraph.settled();
    expect(await payouts()).toMatchObject([{ state: 'DONE', retries: 2 }]);
    expect(await sums()).toEqual({ ...nothing, inStripe: 1_000 });
  });

  it('one that Stripe was never asked for, since it billed the customer in another currency', async () => {
    const { stripe } = tenant;
    await stripe.customers.createBalanceTransaction(ada.stripeCustomerId, { amount: 1, currency: 'eur' });
    const { payout } = await convert();
    expect(payout).toMatchObject({ state: 'FAILED', failureCode: 'currency_mismatch' });
    await retry(payout.id);
    await billgraph.settled();
    expect(await payouts()).toMatchObject([{ state: 'FAILED', retries: 1, failureCode: 'currency_mismatch' }]);
    expect(await sums()).toEqual({ ...nothing, failedCredit: 1_000 });
  });

  it('one that Stripe has done all the same: nothing is asked again', async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: asking });
    await referrals.apply(bob, await referrals.newCode(ada));
    await referrals.pay(bob);
    await expect.poll(states, { timeout: 10_000 }).toEqual(['ASKED']);
    await expect.poll(() => rig.inStripe(ada.stripeCustomerId), { timeout: 10_000 }).toBe(1_000);
    // Stripe will not say what became of it, and then it will.
    await misbehave(tenant, { kind: 'refusal', next: 1, only: 'GET /v1/customers/*/balance_transactions' });
    await rig.aDayLater();
    await expect.poll(states, { timeout: 10_000 }).toEqual(['FAILED']);
    await retry((await payouts())[0]!.id);
    await expect.poll(states, { timeout: 10_000 }).toEqual(['DONE']);
    await behave(tenant);
    await billgraph.settled();
    expect(await sums()).toEqual({ ...nothing, inStripe: 1_000 });
  });

  it('a clawback that failed', async () => {
    const { invoice } = await convert();
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    await referrals.refund(invoice);
    await billgraph.settled();
    expect(await states()).toEqual(['DONE', 'FAILED']);
    expect(await sums()).toEqual({ ...nothing, failedClawback: 1_000, inStripe: 1_000 });
    await retry((await payouts())[1]!.id);
    await billgraph.settled();
    expect(await states()).toEqual(['DONE', 'DONE']);
    expect(await sums()).toEqual(nothing);
  });
});

describe('refuses', () => {
  it('one that has not failed, and one of a reward that was taken back since', async () => {
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    const { invoice, payout } = await convert();
    await retry(payout.id);
    await billgraph.settled();
    expect(refusalsOf(await retry(payout.id))).toEqual([{ code: 'CONFLICT', field: 'id' }]);
    [ada, bob] = await Promise.all([referrals.newCustomer(), referrals.newCustomer()]);
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    const other = await convert();
    expect(invoice.id).not.toBe(other.invoice.id);
    await referrals.refund(other.invoice);
    await billgraph.settled();
    const answer = await retry(other.payout.id);
    expect(refusalsOf(answer)).toEqual([{ code: 'CONFLICT', field: 'id' }]);
    expect(answer.errors![0]!.message).toContain('taken back');
    expect(await sums()).toEqual({ ...nothing, failedCredit: 1_000 });
    expect((await finding()).message).not.toContain(other.payout.id);
  });

  it.each(['', 'rpo_1', 'rpo_\0', `rpo_${'0'.repeat(26)}`])('%j, which is none', async (id) => {
    expect(refusalsOf(await retry(id))).toEqual([{ code: 'NOT_FOUND', field: 'id' }]);
  });

  it('of many at once all but the first, and Stripe does it once', async () => {
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    const { payout } = await convert();
    const answers = await Promise.all(Array.from({ length: 5 }, () => retry(payout.id)));
    expect(answers.filter(({ errors }) => !errors).length).toBe(1);
    await billgraph.settled();
    expect(await payouts()).toMatchObject([{ state: 'DONE', retries: 1 }]);
    expect(await sums()).toEqual({ ...nothing, inStripe: 1_000 });
  });
});

describe('is not allowed', () => {
  it('to who may not change the programme', async () => {
    const weak = await tenant.newApiKey({ scopes: ['referrals:read', 'referrals:write'] });
    expect(refusalsOf(await retry(`rpo_${'0'.repeat(26)}`, weak))).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
