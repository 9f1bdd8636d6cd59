import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type Person, type Referrals, referralsOf } from '../rig/referrals.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
let ada: Person;
let code: { id: string; code: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  referrals = referralsOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const terms = {
  enabled: true,
  currency: 'USD',
  referrerCredit: '1000',
  refereeCredit: '500',
  refereeCreditAt: 'CONVERSION',
  holdDays: 30,
  cap: null,
  minimumPaidAmount: null,
  rewardedInvoices: 1,
};

/** Somebody new, whom a new referrer referred under these terms. */
async function referred(change: object = {}) {
  await referrals.configure({ ...terms, ...change });
  ada = await referrals.newCustomer();
  code = await referrals.newCode(ada);
  const bob = await referrals.newCustomer();
  const referral = await referrals.apply(bob, code);
  const look = async () => {
    await billgraph.settled();
    return referrals.look(referral.id);
  };
  return { bob, referral, look };
}
const rewardsOf = ({ rewards }: any) =>
  rewards.nodes.map(({ beneficiary, status, reason }: any) => [beneficiary, status, reason].filter(Boolean).join(' '));

describe('a referral', () => {
  it('is pending, is held with the first paid invoice, and is credited to both when the hold is over', async () => {
    const { bob, referral, look } = await referred();
    expect(referral).toMatchObject({ status: 'PENDING', reason: null, qualifiedAt: null, rewards: { nodes: [] } });
    const { id: invoice } = await referrals.pay(bob);
    const held = await look();
    expect(held).toMatchObject({ status: 'QUALIFIED', convertedAt: null });
    expect(Date.parse(held.holdUntil) - Date.parse(held.qualifiedAt)).toBeGreaterThan(29 * 86_400_000);
    expect(rewardsOf(held)).toEqual(['REFERRER HELD', 'REFEREE HELD']);
    expect(await referrals.credited(ada)).toBe(0);
    await referrals.endHold(held);
    const done = await look();
    expect(done).toMatchObject({ status: 'CONVERTED', reason: null, endedAt: null });
    expect(rewardsOf(done)).toEqual(['REFERRER CREDITED', 'REFEREE CREDITED']);
    expect(done.rewards.nodes[0]).toMatchObject({
      amount: { amount: '1000', currency: 'USD' },
      customer: { id: ada.id },
    });
    expect(invoice).toBeTruthy();
    expect(await Promise.all([referrals.credited(ada), referrals.credited(bob)])).toEqual([1000, 500]);
  });
});
