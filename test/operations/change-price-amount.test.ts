import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
let product: { id: string; stripeProductId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
});
afterAll(() => billgraph.close());
beforeEach(async () => {
  product = await catalog.newProduct();
});

const fields =
  '{ price { id stripePriceId unitAmountDecimal lookupKey active } archivedPrice { id active lookupKey replacedBy { id } } }';
const change = (input: object, credential: string | null = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    `mutation ($input: ChangePriceAmountInput!) { changePriceAmount(input: $input) ${fields} }`,
    { input },
  );
async function changed(input: object) {
  const { data, errors } = await change(input);
  expect(errors).toBeUndefined();
  return data.changePriceAmount;
}
const inStripe = async (parts: string[] = []) =>
  (
    await tenant.stripe.prices.list({ product: product.stripeProductId, expand: parts.map((part) => `data.${part}`) })
  ).data.reverse();

describe('answers', () => {
  it('a new price that is the same otherwise, and the old one archived', async () => {
    const old = await catalog.newPrice(product.id, {
      recurring: { interval: 'MONTH', intervalCount: 3 },
      lookupKey: 'pro',
      nickname: 'Quarter',
      metadata: { shelf: '3' },
      currencyOptions: [
        { currency: 'EUR', unitAmount: 90 },
        { currency: 'GBP', unitAmount: 80 },
      ],
    });
    await tenant.stripe.prices.update(old.stripePriceId, {
      tax_behavior: 'inclusive',
      currency_options: {
        eur: { unit_amount: 90, tax_behavior: 'inclusive' },
        gbp: { unit_amount: 80, tax_behavior: 'exclusive' },
      },
    });
    const { price, archivedPrice } = await changed({
      priceId: old.id,
      unitAmountDecimal: '120.5',
      currencyOptions: [{ currency: 'EUR', unitAmount: 100 }],
    });
    expect(price).toMatchObject({ unitAmountDecimal: '120.5', lookupKey: 'pro', active: true });
    expect(archivedPrice).toEqual({ id: old.id, active: false, lookupKey: null, replacedBy: { id: price.id } });
    const [before, after] = await inStripe(['currency_options']);
    expect(before).toMatchObject({ id: old.stripePriceId, active: false, lookup_key: null });
    const { id: _, created: __, unit_amount: ___, unit_amount_decimal: ____, currency_options, ...same } = before!;
    expect(after).toMatchObject({
      ...same,
      id: price.stripePriceId,
      active: true,
      lookup_key: 'pro',
      unit_amount: null,
      tax_behavior: 'inclusive',
      nickname: 'Quarter',
      metadata: { shelf: '3', billgraph_project_id: tenant.projectId },
      currency_options: {
        eur: { unit_amount: 100, tax_behavior: 'inclusive' },
        gbp: { unit_amount: 80, tax_behavior: 'exclusive' },
      },
    });
    expect(currency_options).toMatchObject({ eur: { unit_amount: 90 } });
    expect(await inStripe()).toHaveLength(2);
  });

  it('other tiers, and those of other currencies as they were', async () => {
    const tiers = [
      { upTo: 10, unitAmount: 100 },
      { unitAmountDecimal: '0.5', flatAmount: 7 },
    ];
    const tiered = { unitAmount: null, billingScheme: 'TIERED', tiersMode: 'VOLUME', tiers };
    const { id: priceId } = await catalog.newPrice(product.id, {
      ...tiered,
      currencyOptions: [{ currency: 'EUR', tiers }],
    });
    await changed({ priceId, tiers: [{ unitAmount: 60 }] });
    const [, after] = await inStripe(['tiers', 'currency_options.eur.tiers']);
    expect(after).toMatchObject({
      tiers_mode: 'volume',
      tiers: [{ up_to: null, unit_amount: 60 }],
      currency_options: {
        eur: {
          tiers: [
            { up_to: 10, unit_amount: 100 },
            { up_to: null, flat_amount: 7 },
          ],
        },
      },
    });
  });

  it('tiers of a currency that was added in Stripe, of which nobody has told us', async () => {
    const tiers = [{ unitAmount: 100 }];
    const tiered = { unitAmount: null, billingScheme: 'TIERED', tiersMode: 'VOLUME', tiers };
    const { id: priceId, stripePriceId } = await catalog.newPrice(product.id, tiered);
    await tenant.stripe.prices.update(stripePriceId, {
      currency_options: { eur: { tiers: [{ up_to: 'inf', unit_amount: 90 }] } },
    });
    await changed({ priceId, tiers: [{ unitAmount: 60 }] });
    const [, after] = await inStripe(['currency_options.eur.tiers']);
    expect(after!.currency_options!.eur).toMatchObject({ tiers: [{ up_to: null, unit_amount: 90 }] });
  });

  it("moves plans, self-service and the product's default price; subscriptions go on with the old price", async () => {
    const old = await catalog.newPrice(product.id, { recurring: { interval: 'MONTH' } });
    const other = await catalog.newPrice(product.id);
    const owner = await createOperator(billgraph, tenant);
    const at = { 'billgraph-project': tenant.projectId };
    const set = `mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { environment } } }`;
    const plans = [
      { name: 'pro', priceId: old.id },
      { name: 'one', priceId: other.id },
    ];
    const settings = { plans, defaultPlan: 'pro', selfServicePriceIds: [other.id, old.id] };
    expect((await owner.ask(set, { input: settings }, at)).errors).toBeUndefined();
    await tenant.stripe.products.update(product.stripeProductId, { default_price: old.stripePriceId });
    const customer = await tenant.stripe.customers.create({ payment_method: 'pm_card_visa' });
    const { id: method } = await tenant.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const subscription = await tenant.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: old.stripePriceId }],
      default_payment_method: method,
    });

    const { price } = await changed({ priceId: old.id, unitAmount: 200 });
    const read = '{ projectSettings { plans { name priceId isDefault } selfServicePriceIds } }';
    expect((await owner.ask(read, {}, at)).data.projectSettings).toEqual({
      plans: [
        { name: 'one', priceId: other.id, isDefault: false },
        { name: 'pro', priceId: price.id, isDefault: true },
      ],
      selfServicePriceIds: [other.id, price.id],
    });
    expect(await tenant.stripe.products.retrieve(product.stripeProductId)).toMatchObject({
      default_price: price.stripePriceId,
    });
    const { items } = await tenant.stripe.subscriptions.retrieve(subscription.id);
    expect(items.data.map(({ price }) => price.id)).toEqual([old.stripePriceId]);
    const told = await asOwner(
      billgraph.databaseUrl,
      `select subject_type, count(*)::int from audit_entry where mutation = 'changePriceAmount' and actor_id <> ''
       and (subject_id = any (array['${old.id}', '${price.id}', '${product.id}']) or subject_type in ('Plan', 'ProjectSettings'))
       group by 1 order by 1`,
    );
    expect(told.map(({ subject_type }: any) => subject_type)).toEqual(['Plan', 'Price', 'Product', 'ProjectSettings']);
  });

  it.each([
    ['POST /v1/prices', 'the new price'],
    ['POST /v1/products/*', 'the default price'],
    ['POST /v1/prices/*', 'the archived one'],
  ])('the same to the next call where the answer of %s was lost, and one new price', async (only) => {
    const old = await catalog.newPrice(product.id, { lookupKey: only });
    await tenant.stripe.products.update(product.stripeProductId, { default_price: old.stripePriceId });
    const input = { priceId: old.id, unitAmount: 200, idempotencyKey: `lost ${only}` };
    await misbehave(tenant, { kind: 'connection_lost_after', only, next: 4 });
    const lost = await change(input);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const answer = await changed(input);
    expect(await changed(input)).toEqual(answer);
    expect(await inStripe()).toMatchObject([
      { id: old.stripePriceId, active: false, lookup_key: null },
      { id: answer.price.stripePriceId, active: true, lookup_key: only },
    ]);
    expect(answer.archivedPrice.active).toBe(false);
  });

  it('one of two calls at once: the other is refused', async () => {
    const { id: priceId } = await catalog.newPrice(product.id);
    const answers = await Promise.all([200, 300].map((unitAmount) => change({ priceId, unitAmount })));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(['CONFLICT', 'BAD_USER_INPUT']).toContain(answers.flatMap(refusalsOf)[0]!.code);
    expect(await inStripe()).toMatchObject([{ active: false }, { active: true }]);
  });

  it('the price that was taken up again', async () => {
    const { id: priceId } = await catalog.newPrice(product.id);
    await changed({ priceId, unitAmount: 200 });
    await catalog.made('archivePrice', { priceId, reactivate: true });
    expect((await changed({ priceId, unitAmount: 300 })).archivedPrice.id).toBe(priceId);
  });
});

describe('refuses', () => {
  const tiers = [{ unitAmount: 1 }];
  it.each([
    [{}, 'unitAmount'],
    [{ unitAmount: 100 }, 'unitAmount'],
    [{ unitAmountDecimal: '100.0' }, 'unitAmount'],
    [{ unitAmount: -1 }, 'unitAmount'],
    [{ unitAmount: 1, unitAmountDecimal: '1' }, 'unitAmount'],
    [{ tiers }, 'tiers'],
    [{ unitAmount: 1, currencyOptions: [{ currency: 'USD', unitAmount: 1 }] }, 'currencyOptions.0.currency'],
  ])('%j', async (input, field) => {
    const { id: priceId } = await catalog.newPrice(product.id);
    expect(refusalsOf(await change({ priceId, ...input }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('one that changes between the look at it and the decision, which a second call then finds', async () => {
    const { id: priceId } = await catalog.newPrice(product.id);
    const writer = new pg.Client(billgraph.databaseUrl);
    await writer.connect();
    await writer.query('begin');
    await writer.query(`update price set nickname = 'other', updated_at = now() where id = $1`, [priceId]);
    const answer = change({ priceId, unitAmount: 200 });
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like '%for no key update%'`;
    await expect.poll(() => asOwner(billgraph.databaseUrl, waiting), { timeout: 10_000 }).toHaveLength(1);
    await writer.query('commit');
    await writer.end();
    expect((await answer).errors).toMatchObject([{ extensions: { code: 'CONFLICT', retryable: true } }]);
    expect((await changed({ priceId, unitAmount: 200 })).archivedPrice.id).toBe(priceId);
  });

  it('a price that is archived, or was replaced', async () => {
    const { id: priceId } = await catalog.newPrice(product.id);
    const { price } = await changed({ priceId, unitAmount: 200 });
    const again = await change({ priceId, unitAmount: 300 });
    expect(refusalsOf(again)).toEqual([{ code: 'BAD_USER_INPUT', field: 'priceId' }]);
    expect(again.errors![0]!.message).toContain(price.id);
    await catalog.made('archivePrice', { priceId: price.id });
    expect(refusalsOf(await change({ priceId: price.id, unitAmount: 300 }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'priceId' },
    ]);
  });

  it("another tenant's, a random and a malformed id", async () => {
    const { id } = await catalog.newPrice(product.id);
    const { apiKey } = await createTenant(billgraph);
    const notFound = [{ code: 'NOT_FOUND', field: 'priceId' }];
    expect(refusalsOf(await change({ priceId: id, unitAmount: 1 }, apiKey))).toEqual(notFound);
    for (const priceId of ['pri_00000000000000000000000000', 'x'])
      expect(refusalsOf(await change({ priceId, unitAmount: 1 }))).toEqual(notFound);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { priceId: 'x', unitAmount: 1 };
    expect(refusalsOf(await change(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await change(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
