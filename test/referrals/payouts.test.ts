import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wakeWaitingPayouts } from '../../src/referrals/payouts/wake-waiting-payouts.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { usageOf } from '../rig/usage.ts';

/** What a reward comes to, on its way to the customer's balance in Stripe. */

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof rewardsOf>;
let newCustomer: ReturnType<typeof usageOf>['newCustomer'];
let customer: { id: string; stripeCustomerId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = rewardsOf(billgraph, tenant);
  newCustomer = usageOf(billgraph, tenant).newCustomer;
});
afterAll(() => billgraph.close());
beforeEach(async () => {
  await behave(tenant);
  customer = await newCustomer();
});

const asking = 'POST /v1/customers/*/balance_transactions';
const bothSay = async (amount: number) => {
  expect(await rig.held(customer.id)).toBe(amount);
  expect(await rig.inStripe(customer.stripeCustomerId)).toBe(amount);
};

describe('a credit', () => {
  it("is put on the customer's balance, and the ledger says so", async () => {
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    expect((await one.entries()).slice(2)).toEqual([
      ['PAYOUT', 'CUSTOMER_CREDIT', 1_000],
      ['PAYOUT', 'STRIPE_BALANCE', -1_000],
    ]);
    const [payout] = await one.payouts();
    expect(payout).toMatchObject({ state: 'DONE', stripe_customer_id: customer.stripeCustomerId });
    const { stripe } = tenant;
    const entry = await stripe.customers.retrieveBalanceTransaction(
      customer.stripeCustomerId,
      payout.stripe_balance_transaction_id,
    );
    expect(entry).toMatchObject({ amount: -1_000, currency: 'usd', metadata: { billgraph_payout: payout.id } });
    await bothSay(1_000);
  });

  it('that is clawed back is debited again, once', async () => {
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    expect([await one.clawBack(), await one.clawBack()]).toEqual([true, false]);
    await billgraph.settled();
    expect(await one.states()).toEqual(['DONE', 'DONE']);
    expect((await one.entries()).slice(4)).toEqual([
      ['CLAWBACK', 'CUSTOMER_CREDIT', 1_000],
      ['CLAWBACK', 'REFERRAL_EXPENSE', -1_000],
      ['PAYOUT', 'STRIPE_BALANCE', 1_000],
      ['PAYOUT', 'CUSTOMER_CREDIT', -1_000],
    ]);
    await bothSay(0);
  });

  it.each(['connection_lost_before', 'connection_lost_after', 'unavailable', 'rate_limit', 'lock_timeout'])(
    'is done once where Stripe answers by %s',
    async (kind) => {
      // The SDK asks a second time by itself.
      await misbehave(tenant, { kind, next: 3, only: asking });
      const one = rig.reward(customer.id);
      await one.credit();
      await expect.poll(one.states, { timeout: 10_000 }).toEqual(['DONE']);
      await bothSay(1_000);
    },
  );

  it('that waits for its answer is clawed back after it', async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: asking });
    const one = rig.reward(customer.id);
    await one.credit();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['ASKED']);
    await one.clawBack();
    await behave(tenant);
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['DONE', 'DONE']);
    await bothSay(0);
  });
});

describe('after a day without an answer', () => {
  it('an entry of ours is found, and nothing is asked again', async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: asking });
    const one = rig.reward(customer.id);
    await one.credit();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['ASKED']);
    // Whatever is asked would be refused.
    await misbehave(tenant, { kind: 'refusal', only: asking });
    await rig.aDayLater();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['DONE']);
    await bothSay(1_000);
  });

  it('what Stripe does not have is asked for by a new key', async () => {
    await misbehave(tenant, { kind: 'server_error', next: 1, only: asking });
    const one = rig.reward(customer.id);
    await one.credit();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['ASKED']);
    await rig.aDayLater();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['DONE']);
    const [payout] = await one.payouts();
    expect(payout.idempotency_key).toBe(`${payout.id}+`);
    await bothSay(1_000);
  });
});

describe('Stripe refuses', () => {
  const reversed = [
    ['REVERSAL', 'CUSTOMER_CREDIT', 1_000],
    ['REVERSAL', 'REFERRAL_EXPENSE', -1_000],
  ];

  it('a customer who is deleted there: the credit has failed, and is reversed', async () => {
    await tenant.stripe.customers.del(customer.stripeCustomerId);
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    expect(await one.payouts()).toMatchObject([{ state: 'FAILED', failure_code: 'resource_missing' }]);
    expect((await one.entries()).slice(2)).toEqual(reversed);
    expect(await one.clawBack()).toBe(false);
    expect(await rig.held(customer.id)).toBe(0);
  });

  it('another currency than the customer is billed in: nothing is asked of Stripe', async () => {
    const { stripe } = tenant;
    // The first currency that a customer has to do with is that in which he is billed.
    await stripe.customers.createBalanceTransaction(customer.stripeCustomerId, { amount: 1, currency: 'eur' });
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    expect(await one.payouts()).toMatchObject([{ state: 'FAILED', failure_code: 'currency_mismatch' }]);
    expect((await one.entries()).slice(2)).toEqual(reversed);
    await bothSay(0);
  });

  it('what it was asked for: the reason is kept in its words', async () => {
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    expect(await one.payouts()).toMatchObject([
      {
        state: 'FAILED',
        failure_code: 'invalid_request',
        failure_message: expect.stringContaining('cannot be carried out'),
      },
    ]);
    await bothSay(0);
  });

  it('to take a credit back: the clawback has failed, and the ledger says that the customer has it', async () => {
    const one = rig.reward(customer.id);
    await one.credit();
    await billgraph.settled();
    await misbehave(tenant, { kind: 'refusal', next: 1, only: asking });
    await one.clawBack();
    await billgraph.settled();
    expect(await one.states()).toEqual(['DONE', 'FAILED']);
    expect((await one.entries()).slice(6)).toEqual([
      ['REVERSAL', 'REFERRAL_EXPENSE', 1_000],
      ['REVERSAL', 'CUSTOMER_CREDIT', -1_000],
    ]);
    await bothSay(1_000);
  });

  it('a credit that was clawed back before the answer: both end, and nothing is reversed twice', async () => {
    await misbehave(tenant, { kind: 'unavailable', only: asking });
    const one = rig.reward(customer.id);
    await one.credit();
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['ASKED']);
    await one.clawBack();
    await tenant.stripe.customers.del(customer.stripeCustomerId);
    await behave(tenant);
    await expect.poll(one.states, { timeout: 10_000 }).toEqual(['FAILED', 'CANCELED']);
    expect((await one.entries()).map(([kind]) => kind)).toEqual(['CREDIT', 'CREDIT', 'CLAWBACK', 'CLAWBACK']);
  });
});

it('waits for a customer who is not in Stripe yet', async () => {
  const set = (id: string | null) =>
    rig.sql('update customer set stripe_customer_id = $2 where id = $1', [customer.id, id]);
  await set(null);
  const one = rig.reward(customer.id);
  await one.credit();
  await billgraph.settled();
  expect(await one.states()).toEqual(['PENDING']);
  await set(customer.stripeCustomerId);
  await wakeWaitingPayouts(billgraph.app.orm.em.fork());
  await billgraph.settled();
  expect(await one.states()).toEqual(['DONE']);
});
