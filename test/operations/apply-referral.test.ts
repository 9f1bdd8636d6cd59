import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { routingMetadata } from '../../src/tenant.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { type Answer, ask, refusalsOf } from '../rig/graph.ts';
import { numbers, type Person, type Referrals, referralsOf } from '../rig/referrals.ts';

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
beforeEach(async () => {
  await referrals.configure({ enabled: true, currency: 'USD', referrerCredit: '1000', refereeCredit: null, cap: null });
  ada = await referrals.newCustomer();
  code = await referrals.newCode(ada);
});

const apply = (customer: { id: string }, input: object = {}, credential?: string | null) =>
  referrals.call('applyReferral', { customerId: customer.id, code: code.code, ...input }, credential);
const tokenFor = async (
  { id: customerId }: Person,
  scopes = ['referrals:read', 'referrals:write'],
): Promise<string> => {
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input: { customerId, scopes } });
  return data.createCustomerToken.token;
};
/** As a client does: again where it is told to, as on a machine that is too busy for a hundred calls. */
async function patiently(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (!answer.errors?.some(({ extensions }) => extensions.retryable)) return answer;
  }
}
/** As Checkout and the dashboard make them. */
async function customerOfStripes(email: string): Promise<{ id: string; email: string | null }> {
  const { id } = await tenant.stripe.customers.create({ email, metadata: routingMetadata(tenant) });
  await billgraph.settled();
  const document = 'query ($by: CustomerBy!) { customer(by: $by) { id email } }';
  return (await ask(billgraph, tenant.apiKey, document, { by: { stripeId: id } })).data.customer;
}
const standing = ({ status, reason }: any) => [status, reason];

describe('answers', () => {
  it('a referral that is pending, and the same one when the same code comes again, in any spelling', async () => {
    const bob = await referrals.newCustomer();
    const { data } = await apply(bob, { code: ` ${code.code.toLowerCase()} ` });
    const { referral } = data.applyReferral;
    expect(referral).toMatchObject({
      status: 'PENDING',
      reason: null,
      referrer: { id: ada.id },
      referee: { id: bob.id },
      code: { id: code.id, code: code.code },
    });
    expect((await apply(bob)).data.applyReferral.referral).toEqual(referral);
    await referrals.made('deactivateReferralCode', { codeId: code.id });
    await referrals.configure({ enabled: false });
    expect((await apply(bob)).data.applyReferral.referral.id).toBe(referral.id);
  });

  it('one referral to a hundred calls at once', { timeout: 60_000 }, async () => {
    const bob = await referrals.newCustomer();
    const answers = await Promise.all(Array.from({ length: 100 }, () => patiently(() => apply(bob))));
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(new Set(answers.map(({ data }) => data.applyReferral.referral.id)).size).toBe(1);
    expect((await referrals.referrals({ refereeId: bob.id })).data.referrals.totalCount).toBe(1);
  });

  it("what the customers' own fields say: whom each referred, and by whom he came", async () => {
    const [bob, eve] = [await referrals.newCustomer(), await referrals.newCustomer()];
    const { id } = await referrals.apply(bob, code);
    const rejected = await referrals.apply(ada, await referrals.newCode(bob));
    expect(rejected.reason).toBe('CYCLE');
    const document = `query ($by: CustomerBy!) { customer(by: $by) {
      referredBy { id referrer { id } } referrals(first: 9) { nodes { id } } referralCodes(first: 9) { nodes { id } } } }`;
    const seenOf = async (customer: Person, credential = tenant.apiKey) =>
      (await ask(billgraph, credential, document, { by: { id: customer.id } })).data.customer;
    expect(await seenOf(ada)).toEqual({
      referredBy: { id: rejected.id, referrer: { id: bob.id } },
      referrals: { nodes: [{ id }] },
      referralCodes: { nodes: [{ id: code.id }] },
    });
    const stands = await referrals.apply(ada, await referrals.newCode(eve));
    expect((await seenOf(ada)).referredBy.id).toBe(stands.id);
    const token = await tokenFor(bob, ['customers:read', 'referrals:read']);
    expect((await seenOf(bob, token)).referredBy).toEqual({ id, referrer: null });
    expect((await seenOf(eve)).referredBy).toBeNull();
  });

  it('chains: who was referred refers others', async () => {
    const [bob, eve] = [await referrals.newCustomer(), await referrals.newCustomer()];
    await referrals.apply(bob, code);
    expect(standing(await referrals.apply(eve, await referrals.newCode(bob)))).toEqual(['PENDING', null]);
  });

  it('what a customer referred, and by whom he came', async () => {
    const bob = await referrals.newCustomer();
    const { id } = await referrals.apply(bob, code);
    for (const filter of [{ referrerId: ada.id }, { refereeId: bob.id }, { codeId: code.id, status: 'PENDING' }])
      expect((await referrals.referrals(filter)).data.referrals.nodes.map((one: any) => one.id)).toEqual([id]);
    expect((await referrals.referrals({ referrerId: bob.id })).data.referrals.nodes).toEqual([]);
  });

  it('to customers what is their own: who the other one is they are not told', async () => {
    const bob = await referrals.newCustomer();
    const [asAda, asBob, asEve] = [
      await tokenFor(ada),
      await tokenFor(bob),
      await tokenFor(await referrals.newCustomer()),
    ];
    const { data } = await referrals.call('applyReferral', { code: code.code }, asBob);
    const { id, ...told } = data.applyReferral.referral;
    expect(told).toMatchObject({ status: 'PENDING', referrer: null, referee: { id: bob.id }, code: null });
    const seen = await referrals.look(id, asAda);
    expect(seen).toMatchObject({ referrer: { id: ada.id }, referee: null, code: { id: code.id } });
    expect(await referrals.look(id, asEve)).toBeNull();
    expect((await referrals.referrals({}, asEve)).data.referrals.nodes).toEqual([]);
  });
});

describe('judges', () => {
  it.each([
    ['ada.lovelace@gmail.com', 'adalovelace+again@googlemail.com'],
    ['ada@example.org', 'ADA+2@example.org'],
    ['grace@gmail.com', 'g\uff52ace@gmail.com'],
    ['grace@b\u00fccher.example', 'grace@xn--bcher-kva.example'],
  ])('%s and %s as one address', async (one, other) => {
    const code = await referrals.newCode(await customerOfStripes(one));
    const referral = await referrals.apply(await customerOfStripes(other), code);
    expect(standing(referral)).toEqual(['REJECTED', 'SAME_EMAIL']);
    expect(referral.endedAt).toBe(referral.appliedAt);
  });

  it('one address that two customers of Stripe have as one, though one of them has it here', async () => {
    const bob = await customerOfStripes(ada.email);
    expect(bob.email).toBeNull();
    expect(standing(await referrals.apply(bob, code))).toEqual(['REJECTED', 'SAME_EMAIL']);
  });

  it('addresses with dots of other providers as two', async () => {
    const code = await referrals.newCode(await referrals.newCustomer('a.d.a@example.net'));
    expect(standing(await referrals.apply(await referrals.newCustomer('ada@example.net'), code))).toEqual([
      'PENDING',
      null,
    ]);
  });

  it('the same card, saved or paid with and detached since', async () => {
    const bob = await referrals.newCustomer();
    const card = await referrals.newCard(ada, numbers.mastercard);
    const { id } = await tenant.stripe.paymentIntents.create({
      ...{ amount: 900, currency: 'usd', customer: ada.stripeCustomerId, payment_method: card, confirm: true },
      return_url: 'https://example.com/back',
    });
    expect(id).toBeTruthy();
    await referrals.newCard(bob, numbers.mastercard);
    await billgraph.settled();
    await tenant.stripe.paymentMethods.detach(card);
    await billgraph.settled();
    expect(standing(await referrals.apply(bob, code))).toEqual(['REJECTED', 'SAME_CARD']);
  });

  it('who has paid before', async () => {
    const bob = await referrals.newCustomer();
    await referrals.pay(bob);
    await billgraph.settled();
    const referral = await referrals.apply(bob, code);
    expect(standing(referral)).toEqual(['REJECTED', 'ALREADY_PAYING']);
    expect((await apply(bob)).data.applyReferral.referral).toEqual(referral);
  });

  it('cycles, short and long, also of two at once', async () => {
    const [bob, eve] = [await referrals.newCustomer(), await referrals.newCustomer()];
    const [ofBob, ofEve] = [await referrals.newCode(bob), await referrals.newCode(eve)];
    await referrals.apply(bob, code);
    expect(standing(await referrals.apply(ada, ofBob))).toEqual(['REJECTED', 'CYCLE']);
    await referrals.apply(eve, ofBob);
    expect(standing(await referrals.apply(ada, ofEve))).toEqual(['REJECTED', 'CYCLE']);
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await referrals.newCustomer(), await referrals.newCustomer()];
      const [ofOne, ofOther] = [await referrals.newCode(one), await referrals.newCode(other)];
      const both = await Promise.all([referrals.apply(one, ofOther), referrals.apply(other, ofOne)]);
      expect(both.map(standing).sort()).toEqual([
        ['PENDING', null],
        ['REJECTED', 'CYCLE'],
      ]);
    }
  });

  it('a referrer whose cap is reached', async () => {
    await referrals.configure({ cap: { referrals: 1, period: 'MONTH' } });
    const [bob, eve, zoe] = [
      await referrals.newCustomer(),
      await referrals.newCustomer(),
      await referrals.newCustomer(),
    ];
    const { id } = await referrals.apply(bob, code);
    const convert = `update referral set converted_at = now() - $2::interval where id = $1`;
    await asOwner(billgraph.databaseUrl, convert, [id, '32 days']);
    expect(standing(await referrals.apply(eve, code))).toEqual(['PENDING', null]);
    await asOwner(billgraph.databaseUrl, convert, [id, '0 days']);
    expect(standing(await referrals.apply(zoe, code))).toEqual(['REJECTED', 'CAP_REACHED']);
  });

  it('another code after a rejection anew', async () => {
    await referrals.configure({ cap: { referrals: 1, period: 'EVER' } });
    const [bob, eve] = [await referrals.newCustomer(), await referrals.newCustomer()];
    const { id } = await referrals.apply(bob, code);
    await asOwner(billgraph.databaseUrl, 'update referral set converted_at = now() where id = $1', [id]);
    expect(standing(await referrals.apply(eve, code))).toEqual(['REJECTED', 'CAP_REACHED']);
    const another = await referrals.newCode(await referrals.newCustomer());
    expect(standing(await referrals.apply(eve, another))).toEqual(['PENDING', null]);
  });
});

describe('refuses', () => {
  const codeOf = (answer: Answer) => refusalsOf(answer);

  it.each(['', 'NOBODYS1', 'x'.repeat(500), 'A\0B', '\ud800'])('a code that nobody has: %j', async (unknown) => {
    const bob = await referrals.newCustomer();
    expect(codeOf(await apply(bob, { code: unknown }))).toEqual([{ code: 'NOT_FOUND', field: 'code' }]);
  });

  it("another project's code, and another project's customer", async () => {
    const second = await createTenant(billgraph, { teamId: tenant.teamId });
    const theirs = referralsOf(billgraph, second);
    const [stranger, bob] = [await theirs.newCustomer(), await referrals.newCustomer()];
    const foreign = await theirs.newCode(stranger);
    expect(codeOf(await apply(bob, { code: foreign.code }))).toEqual([{ code: 'NOT_FOUND', field: 'code' }]);
    expect(codeOf(await apply(stranger))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
  });

  it("the customer's own code, an inactive one, and a programme that is disabled", async () => {
    const bob = await referrals.newCustomer();
    expect(codeOf(await apply(ada))).toEqual([{ code: 'BAD_USER_INPUT', field: 'code' }]);
    await referrals.made('deactivateReferralCode', { codeId: code.id });
    expect(codeOf(await apply(bob))).toEqual([{ code: 'CONFLICT', field: 'code' }]);
    await referrals.configure({ enabled: false });
    const disabled = await apply(bob);
    expect(codeOf(disabled)).toEqual([{ code: 'CONFLICT', field: 'code' }]);
    expect(disabled.errors![0]!.message).toContain('disabled');
    expect((await referrals.referrals({ refereeId: bob.id })).data.referrals.totalCount).toBe(0);
  });

  it('the code of a customer who was deleted', async () => {
    const bob = await referrals.newCustomer();
    const input = { customerId: ada.id };
    await ask(
      billgraph,
      tenant.apiKey,
      'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { __typename } }',
      { input },
    );
    expect(codeOf(await apply(bob))).toEqual([{ code: 'CONFLICT', field: 'code' }]);
  });

  it('a second code', async () => {
    const bob = await referrals.newCustomer();
    await referrals.apply(bob, code);
    const another = await referrals.newCode(await referrals.newCustomer());
    expect(codeOf(await apply(bob, { code: another.code }))).toEqual([{ code: 'CONFLICT', field: 'customerId' }]);
  });

  it('a backend that names nobody', async () => {
    const answer = await referrals.call('applyReferral', { code: code.code });
    expect(codeOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'customerId' }]);
  });
});

describe('is not allowed', () => {
  it('to a customer for somebody else, nor without the scope', async () => {
    const bob = await referrals.newCustomer();
    const asEve = await tokenFor(await referrals.newCustomer());
    expect(refusalsOf(await apply(bob, {}, asEve))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    const reading = await tokenFor(bob, ['referrals:read']);
    expect(refusalsOf(await apply(bob, {}, reading))).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
