import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type Person, type Referrals, referralsOf } from '../rig/referrals.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  referrals = referralsOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const tokenFor = async ({ id: customerId }: Person): Promise<string> => {
  const input = { customerId, scopes: ['referrals:read', 'referrals:write'] };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input })).data.createCustomerToken.token;
};

describe('createReferralCode', () => {
  it('answers eight characters that do not look alike, and the same ones ever after', async () => {
    const ada = await referrals.newCustomer();
    const codes = await Promise.all(Array.from({ length: 10 }, () => referrals.newCode(ada)));
    expect(codes[0]).toMatchObject({ custom: false, active: true, deactivatedAt: null, customer: { id: ada.id } });
    expect(codes[0].code).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
    expect(new Set(codes.map(({ id }) => id)).size).toBe(1);
    expect((await referrals.newCode(await referrals.newCustomer())).code).not.toBe(codes[0].code);
  });

  it('answers chosen codes besides, one for all spellings', async () => {
    const ada = await referrals.newCustomer();
    const own = await referrals.newCode(ada);
    const chosen = await referrals.newCode(ada, { code: 'Partner-2026' });
    expect(chosen).toMatchObject({ code: 'PARTNER-2026', custom: true });
    expect((await referrals.newCode(ada, { code: 'partner-2026' })).id).toBe(chosen.id);
    const listed = (await referrals.codes({ customerId: ada.id })).data.referralCodes.nodes;
    expect(listed.map(({ id }: any) => id)).toEqual([own.id, chosen.id]);
    expect((await referrals.codes({ code: 'partner-2026' })).data.referralCodes.nodes).toEqual([chosen]);
  });

  it.each(['', 'ab', '-abc', 'with space', 'x'.repeat(41), 'über', 'ßßß', 'ıııı', 'a\0bc'])(
    'refuses %j as a code',
    async (code) => {
      const { id: customerId } = await referrals.newCustomer();
      const answer = await referrals.call('createReferralCode', { customerId, code });
      expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'code' }]);
    },
  );

  it("refuses another customer's code, unknown customers, and nobody", async () => {
    const [ada, bob] = [await referrals.newCustomer(), await referrals.newCustomer()];
    const { code } = await referrals.newCode(ada);
    const taken = await referrals.call('createReferralCode', { customerId: bob.id, code });
    expect(refusalsOf(taken)).toEqual([{ code: 'CONFLICT', field: 'code' }]);
    const unknown = await referrals.call('createReferralCode', { customerId: 'pc_nobody' });
    expect(refusalsOf(unknown)).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    expect(refusalsOf(await referrals.call('createReferralCode'))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'customerId' },
    ]);
  });

  it('gives a customer his own code, and no other; a chosen one takes another scope', async () => {
    const [ada, bob] = [await referrals.newCustomer(), await referrals.newCustomer()];
    const asAda = await tokenFor(ada);
    const { data } = await referrals.call('createReferralCode', {}, asAda);
    const { referralCode } = data.createReferralCode;
    expect(referralCode).toMatchObject({ customer: { id: ada.id } });
    await referrals.newCode(bob);
    expect((await referrals.codes({}, asAda)).data.referralCodes.nodes).toEqual([referralCode]);
    const forBob = await referrals.call('createReferralCode', { customerId: bob.id }, asAda);
    expect(refusalsOf(forBob)).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    const chosen = await referrals.call('createReferralCode', { code: 'MINE' }, asAda);
    expect(chosen.errors![0]!.extensions).toMatchObject({
      code: 'FORBIDDEN',
      missingScopes: ['referral_programme:write'],
    });
  });
});

describe('deactivateReferralCode', () => {
  it('is for good: a backend makes another one, and the customer himself does not', async () => {
    const ada = await referrals.newCustomer();
    const { id, code } = await referrals.newCode(ada);
    const gone = await referrals.made('deactivateReferralCode', { codeId: id });
    expect(gone).toMatchObject({ id, active: false });
    expect(await referrals.made('deactivateReferralCode', { codeId: id })).toEqual(gone);
    const again = await referrals.call('createReferralCode', {}, await tokenFor(ada));
    expect(refusalsOf(again)).toEqual([{ code: 'CONFLICT', field: 'customerId' }]);
    const named = await referrals.newCode(ada, { code: 'GONE-SOON' });
    await referrals.made('deactivateReferralCode', { codeId: named.id });
    const chosen = await referrals.call('createReferralCode', { customerId: ada.id, code: 'gone-soon' });
    expect(refusalsOf(chosen)).toEqual([{ code: 'CONFLICT', field: 'code' }]);
    const another = await referrals.newCode(ada);
    expect(another.code).not.toBe(code);
    expect((await referrals.codes({ customerId: ada.id, active: true })).data.referralCodes.nodes).toEqual([another]);
    expect((await referrals.codes({ customerId: ada.id, active: false })).data.referralCodes.nodes).toHaveLength(2);
  });

  it('refuses unknown codes, and customers', async () => {
    const ada = await referrals.newCustomer();
    const { id } = await referrals.newCode(ada);
    for (const codeId of ['rco_00000000000000000000000000', 'x', ''])
      expect(refusalsOf(await referrals.call('deactivateReferralCode', { codeId }))).toEqual([
        { code: 'NOT_FOUND', field: 'codeId' },
      ]);
    const byCustomer = await referrals.call('deactivateReferralCode', { codeId: id }, await tokenFor(ada));
    expect(refusalsOf(byCustomer)).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});

describe('referralConfig', () => {
  const config = async () => (await referrals.config()).data.referralConfig;

  it('is disabled without anything, and is what it was set to', async () => {
    const empty = {
      ...{ environment: 'TEST', enabled: false, currency: null, referrerCredit: null, refereeCredit: null, cap: null },
      ...{ refereeCreditAt: 'CONVERSION', holdDays: 30, minimumPaidAmount: null, rewardedInvoices: 1 },
    };
    expect(await config()).toEqual(empty);
    const credits = { currency: 'EUR', referrerCredit: '1500', refereeCredit: '700', minimumPaidAmount: '2000' };
    const rest = {
      refereeCreditAt: 'APPLY',
      holdDays: 14,
      cap: { referrals: 12, period: 'YEAR' },
      rewardedInvoices: 3,
    };
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    const set = {
      ...{ environment: 'TEST', enabled: true, currency: 'EUR', ...rest },
      ...{ referrerCredit: money('1500'), refereeCredit: money('700'), minimumPaidAmount: money('2000') },
    };
    expect(await referrals.configure({ enabled: true, ...credits, ...rest })).toEqual(set);
    expect(await referrals.configure({ holdDays: 0 })).toEqual({ ...set, holdDays: 0 });
    expect((await referrals.config(await tokenFor(await referrals.newCustomer()))).data.referralConfig).toEqual(
      await config(),
    );
    const less = { refereeCredit: null, cap: null, minimumPaidAmount: null };
    expect(await referrals.configure(less)).toEqual({ ...set, ...less, holdDays: 0 });
  });

  it.each([
    [{ holdDays: -1 }, 'holdDays'],
    [{ holdDays: 366 }, 'holdDays'],
    [{ rewardedInvoices: 0 }, 'rewardedInvoices'],
    [{ rewardedInvoices: 121 }, 'rewardedInvoices'],
    [{ cap: { referrals: 0, period: 'EVER' } }, 'cap.referrals'],
    [{ cap: { referrals: 1_000_001, period: 'EVER' } }, 'cap.referrals'],
    [{ referrerCredit: '0' }, 'referrerCredit'],
    [{ referrerCredit: '-5' }, 'referrerCredit'],
    [{ refereeCredit: '100000000' }, 'refereeCredit'],
    [{ minimumPaidAmount: '0' }, 'minimumPaidAmount'],
    [{ currency: 'JPY' }, 'referrerCredit'],
    [{ currency: null }, 'currency'],
    [{ currency: 'KWD', referrerCredit: '1001', refereeCredit: null, minimumPaidAmount: null }, 'referrerCredit'],
    [{ enabled: true, referrerCredit: null }, 'enabled'],
    [{ enabled: true, referrerCredit: null, refereeCredit: '100', refereeCreditAt: 'APPLY' }, 'enabled'],
    [{ enabled: true, rejectOpen: true }, 'rejectOpen'],
  ])('refuses %j', async (change, field) => {
    await referrals.configure({
      enabled: false,
      currency: 'EUR',
      referrerCredit: '1500',
      refereeCredit: null,
      cap: null,
    });
    const before = await config();
    const answer = await referrals.call('updateReferralConfig', change);
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
    expect(await config()).toEqual(before);
  });

  it('is not changed by customers', async () => {
    const token = await tokenFor(await referrals.newCustomer());
    expect(refusalsOf(await referrals.call('updateReferralConfig', { enabled: true }, token))).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
  });
});
