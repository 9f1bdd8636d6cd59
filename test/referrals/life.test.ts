import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEndpoint, startReceiver } from '../outgoing-webhooks/receiver.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ask } from '../rig/graph.ts';
import { nextSecond, numbers, type Referrals, referralsOf, usualTerms } from '../rig/referrals.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  tenant = await createTenant(billgraph);
  referrals = referralsOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const terms = { ...usualTerms, holdDays: 30 };

type Case = Awaited<ReturnType<typeof referred>>;

/** Bob, whom Ada referred under these terms. */
async function referred(change: object = {}) {
  await referrals.configure({ ...terms, ...change });
  const [ada, bob] = [await referrals.newCustomer(), await referrals.newCustomer()];
  const code = await referrals.newCode(ada);
  const { id } = await referrals.apply(bob, code);
  const look = async () => {
    await billgraph.settled();
    return referrals.look(id);
  };
  const pay = async (how: Parameters<Referrals['pay']>[1] = {}) => {
    const invoice = await referrals.pay(bob, how);
    await billgraph.settled();
    return invoice;
  };
  const credited = () => Promise.all([referrals.credited(ada), referrals.credited(bob)]);
  return { ada, bob, code, id, look, pay, credited };
}
const rewardsOf = ({ rewards }: any) =>
  rewards.nodes.map(({ beneficiary, status, reason }: any) => [beneficiary, status, reason].filter(Boolean).join(' '));
/** What became of it, of its rewards, and what both have been credited. */
const endOf = async ({ look, credited }: Case) => {
  const { status, reason, ...seen } = await look();
  return [status, reason, rewardsOf(seen), await credited()];
};

const disputesOf = ({ bob }: Case) =>
  asOwner(billgraph.databaseUrl, 'select stripe_dispute_id as dispute from dispute where customer_id = $1', [bob.id]);

describe('a referral', () => {
  it('is held with the first paid invoice, and credited to both when the hold is over', async () => {
    const one = await referred();
    expect(await endOf(one)).toEqual(['PENDING', null, [], [0, 0]]);
    const { id: invoice } = await one.pay();
    const held = await one.look();
    expect(await endOf(one)).toEqual(['QUALIFIED', null, ['REFERRER HELD', 'REFEREE HELD'], [0, 0]]);
    expect(Date.parse(held.holdUntil) - Date.parse(held.qualifiedAt)).toBeGreaterThan(29 * 86_400_000);
    await referrals.endHold(one);
    expect(await endOf(one)).toEqual(['CONVERTED', null, ['REFERRER CREDITED', 'REFEREE CREDITED'], [1000, 500]]);
    const done = await one.look();
    expect(done).toMatchObject({ qualifiedAt: held.qualifiedAt, endedAt: null });
    expect(done.convertedAt > held.qualifiedAt).toBe(true);
    const [{ stripe }] = await asOwner(
      billgraph.databaseUrl,
      'select stripe_invoice_id as stripe from invoice where id = $1',
      [done.rewards.nodes[0].invoiceId],
    );
    expect(stripe).toBe(invoice);
    // Of two that are paid within one second, Stripe's ids would say which was first.
    await nextSecond();
    await one.pay();
    expect((await endOf(one))[3]).toEqual([1000, 500]);
  });

  it('counts nothing that is free, or less than the minimum', async () => {
    const one = await referred({ minimumPaidAmount: '2000', holdDays: 0 });
    await one.pay({ amount: 1_999 });
    expect((await one.look()).status).toBe('PENDING');
    await one.pay({ amount: 2_000 });
    expect((await one.look()).status).toBe('CONVERTED');
    const free = await referred({ holdDays: 0 });
    const of = { customer: free.bob.stripeCustomerId, currency: 'usd' };
    const draft = await tenant.stripe.invoices.create(of);
    await tenant.stripe.invoiceItems.create({ ...of, invoice: draft.id!, amount: 0 });
    await tenant.stripe.invoices.finalizeInvoice(draft.id!);
    expect((await free.look()).status).toBe('PENDING');
  });

  it('credits the referrer for each of the first invoices, and the referee once', async () => {
    const one = await referred({ rewardedInvoices: 2, holdDays: 0 });
    for (let invoices = 0; invoices < 3; invoices++) await one.pay();
    const [status, reason, rewards, credited] = (await endOf(one)) as [string, null, string[], number[]];
    expect([status, reason, credited]).toEqual(['CONVERTED', null, [2000, 500]]);
    // Of invoices that were paid within one second Stripe's ids say which was first: a reward may have given way to another one.
    const standing = rewards.filter((reward) => !reward.endsWith('NOT_AMONG_FIRST')).sort();
    expect(standing).toEqual(['REFEREE CREDITED', 'REFERRER CREDITED', 'REFERRER CREDITED']);
  });

  it('credits the referee at once where the terms say so, and takes it back with a reversal', async () => {
    const one = await referred({ refereeCreditAt: 'APPLY' });
    expect(await endOf(one)).toEqual(['PENDING', null, ['REFEREE CREDITED'], [0, 500]]);
    const invoice = await one.pay();
    await referrals.refund(invoice);
    const ended = ['REFEREE CLAWED_BACK REFUNDED', 'REFERRER CANCELED REFUNDED'];
    expect(await endOf(one)).toEqual(['REVERSED', 'REFUNDED', ended, [0, 0]]);
  });

  it('keeps the terms that it was applied under', async () => {
    const one = await referred({ holdDays: 0 });
    await referrals.configure({
      enabled: false,
      currency: 'EUR',
      referrerCredit: '7',
      refereeCredit: null,
      holdDays: 300,
    });
    await referrals.made('deactivateReferralCode', { codeId: one.code.id });
    await one.pay();
    expect((await endOf(one))[3]).toEqual([1000, 500]);
  });

  it('tells endpoints when it is converted, and when it is reversed', async () => {
    const receiver = await startReceiver();
    await createEndpoint(billgraph, tenant, { url: receiver.url, eventTypes: ['referral.*'] });
    const one = await referred({ holdDays: 0 });
    await referrals.refund(await one.pay());
    await one.look();
    const data = { referralId: one.id, referrerId: one.ada.id, refereeId: one.bob.id, codeId: one.code.id };

    expect(receiver.received.map(({ json }) => [json.type, json.data])).toEqual([
      ['referral.converted', { ...data, reason: null }],
      ['referral.reversed', { ...data, reason: 'REFUNDED' }],
    ]);
    await receiver.close();
    await asOwner(billgraph.databaseUrl, 'update outgoing_endpoint set deleted_at = now()');
  });
});

describe('is reversed', () => {
  const both = (what: string) => [`REFERRER ${what}`, `REFEREE ${what}`];

  it('by a refund within the hold, and credited nobody', async () => {
    const one = await referred();
    await referrals.refund(await one.pay());
    expect(await endOf(one)).toEqual(['REVERSED', 'REFUNDED', both('CANCELED REFUNDED'), [0, 0]]);
    await referrals.endHold(one);
    expect((await endOf(one))[3]).toEqual([0, 0]);
  });

  it('by a refund after it, which takes back what was credited', async () => {
    const one = await referred({ holdDays: 0 });
    const invoice = await one.pay();
    expect((await endOf(one))[3]).toEqual([1000, 500]);
    await referrals.refund(invoice);
    expect(await endOf(one)).toEqual(['REVERSED', 'REFUNDED', both('CLAWED_BACK REFUNDED'), [0, 0]]);
    const { convertedAt, endedAt } = await one.look();
    expect(endedAt > convertedAt).toBe(true);
  });

  it('by refunds in parts as soon as less than the minimum is left', async () => {
    const one = await referred({ holdDays: 0, minimumPaidAmount: '2000' });
    const invoice = await one.pay();
    await referrals.refund(invoice, 900);
    expect((await endOf(one))[0]).toBe('CONVERTED');
    await referrals.refund(invoice, 1);
    expect(await endOf(one)).toEqual(['REVERSED', 'REFUNDED', both('CLAWED_BACK REFUNDED'), [0, 0]]);
  });

  it('by a dispute, until it is won', async () => {
    const one = await referred({ holdDays: 0 });
    await one.pay({ number: numbers.disputed });
    const [status, reason, , credit] = await endOf(one);
    expect([status, reason, credit]).toEqual(['REVERSED', 'DISPUTED', [0, 0]]);
    const [{ dispute }] = await disputesOf(one);
    await tenant.stripe.disputes.update(dispute, { evidence: { uncategorized_text: 'winning_evidence' } });
    const won = await endOf(one);
    expect([won[0], won[1], won[3]]).toEqual(['CONVERTED', null, [1000, 500]]);
  });

  it('for no longer than a refund lasts', async () => {
    const one = await referred({ holdDays: 0 });
    const invoice = await one.pay({ number: numbers.refundFails });
    await referrals.refund(invoice);
    const { look } = one;
    await expect.poll(async () => (await look()).rewards.nodes.length, { timeout: 10_000 }).toBe(4);
    const [status, reason, rewards, credited] = await endOf(one);
    expect([status, reason, credited]).toEqual(['CONVERTED', null, [1000, 500]]);
    expect(rewards.slice(0, 2)).toEqual(both('CLAWED_BACK REFUNDED'));
    expect(rewards.slice(2)).toEqual(both('CREDITED'));
  });

  it("not by a bank's question, which only holds it", async () => {
    const one = await referred();
    await one.pay({ number: numbers.inquired });
    await referrals.endHold(one);
    expect(await endOf(one)).toEqual(['QUALIFIED', null, both('HELD'), [0, 0]]);
    const [{ dispute }] = await disputesOf(one);
    await tenant.stripe.disputes.update(dispute, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(await endOf(one)).toEqual(['CONVERTED', null, both('CREDITED'), [1000, 500]]);
  });
});

describe('is rejected', () => {
  const canceled = ['REFERRER CANCELED REFERRAL_REJECTED', 'REFEREE CANCELED REFERRAL_REJECTED'];

  it('where both turn out to pay with the same card', async () => {
    const one = await referred({ refereeCreditAt: 'APPLY' });
    await referrals.newCard(one.ada, numbers.mastercard);
    await one.pay({ number: numbers.mastercard });
    const ended = ['REFEREE CLAWED_BACK REFERRAL_REJECTED'];
    expect(await endOf(one)).toEqual(['REJECTED', 'SAME_CARD', ended, [0, 0]]);
  });

  it('where a payment before the code comes to be known', async () => {
    const one = await referred();
    await asOwner(billgraph.databaseUrl, `update referral set applied_at = now() + interval '1 minute' where id = $1`, [
      one.id,
    ]);
    await one.pay();
    expect(await endOf(one)).toEqual(['REJECTED', 'ALREADY_PAYING', [], [0, 0]]);
  });

  it('with its code or the programme, where what is open is to be', async () => {
    const one = await referred();
    await one.pay();
    await referrals.made('deactivateReferralCode', { codeId: one.code.id, rejectOpen: true });
    expect(await endOf(one)).toEqual(['REJECTED', 'CODE_INACTIVE', canceled, [0, 0]]);
    const other = await referred();
    await other.pay();
    await referrals.configure({ enabled: false, rejectOpen: true });
    expect(await endOf(other)).toEqual(['REJECTED', 'PROGRAMME_DISABLED', canceled, [0, 0]]);
  });

  it('where the invoice is of another currency than the credit', async () => {
    const one = await referred({ holdDays: 0 });
    await one.pay({ currency: 'eur' });
    const ended = ['REFERRER CANCELED CURRENCY_MISMATCH', 'REFEREE CANCELED CURRENCY_MISMATCH'];
    expect(await endOf(one)).toEqual(['REJECTED', 'CURRENCY_MISMATCH', ended, [0, 0]]);
  });

  it('where nobody is left to credit; who is billed in another currency is not credited either', async () => {
    const gone = await referred({ refereeCredit: null, holdDays: 0 });
    const input = { customerId: gone.ada.id };
    const document = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { __typename } }';
    await ask(billgraph, tenant.apiKey, document, { input });
    await gone.pay();
    expect((await endOf(gone)).slice(0, 3)).toEqual([
      'REJECTED',
      'CUSTOMER_DELETED',
      ['REFERRER CANCELED CUSTOMER_DELETED'],
    ]);
    const euro = await referred({ holdDays: 0 });
    await referrals.pay(euro.ada, { currency: 'eur', number: numbers.mastercard });
    await euro.pay();
    const rewards = ['REFERRER CANCELED CURRENCY_MISMATCH', 'REFEREE CREDITED'];
    expect(await endOf(euro)).toEqual(['CONVERTED', null, rewards, [0, 500]]);
  });

  it('by the cap, of which conversions at once never pass', async () => {
    await referrals.configure({ ...terms, holdDays: 0, cap: { referrals: 2, period: 'MONTH' } });
    const ada = await referrals.newCustomer();
    const code = await referrals.newCode(ada);
    const bobs = await Promise.all(Array.from({ length: 6 }, () => referrals.newCustomer()));
    for (const bob of bobs) await referrals.apply(bob, code);
    await Promise.all(bobs.map((bob) => referrals.pay(bob)));
    await billgraph.settled();
    const { nodes } = (await referrals.referrals({ referrerId: ada.id })).data.referrals;
    const ends = nodes.map(({ status, reason }: any) => `${status} ${reason}`).sort();
    expect(ends).toEqual([...Array(2).fill('CONVERTED null'), ...Array(4).fill('REJECTED CAP_REACHED')]);
    expect(await referrals.credited(ada)).toBe(2000);
  });
});

it('ends the same however its events come: late, twice and out of order', { timeout: 60_000 }, async () => {
  await misbehave(tenant, { kind: 'webhook_duplicate' });
  await misbehave(tenant, { kind: 'webhook_shuffle', milliseconds: 400 });
  const paid = async (number: string = numbers.visa) => {
    const one = await referred({ holdDays: 0, minimumPaidAmount: '2000' });
    return { one, invoice: await referrals.pay(one.bob, { number }) };
  };
  const [kept, partly, mostly, refunded, disputed] = [
    await paid(),
    await paid(),
    await paid(),
    await paid(),
    await paid(numbers.disputed),
  ];
  await referrals.refund(partly.invoice, 900);
  for (const amount of [500, 500]) await referrals.refund(mostly.invoice, amount);
  await referrals.refund(refunded.invoice);
  await behave(tenant);
  const end = async ({ one }: { one: Case }) => {
    const [status, reason, , credited] = await endOf(one);
    return [status, reason, credited];
  };
  await expect
    .poll(
      async () => [await end(kept), await end(partly), await end(mostly), await end(refunded), await end(disputed)],
      { timeout: 20_000 },
    )
    .toEqual([
      ['CONVERTED', null, [1000, 500]],
      ['CONVERTED', null, [1000, 500]],
      ['REVERSED', 'REFUNDED', [0, 0]],
      ['REVERSED', 'REFUNDED', [0, 0]],
      ['REVERSED', 'DISPUTED', [0, 0]],
    ]);
});
