import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let catalog: ReturnType<typeof catalogOf>;
let productId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await silence(tenant);
  catalog = catalogOf(billgraph, tenant);
  productId = (await catalog.newProduct()).id;
});
afterAll(() => billgraph.close());

const tiers = [{ upTo: '10', unitAmount: '100', flatAmount: '500' }, { unitAmountDecimal: '0.25' }];
const tiered = { unitAmount: null, billingScheme: 'TIERED', tiersMode: 'GRADUATED', tiers };

describe('answers', () => {
  it.each([
    [{ unitAmount: 2900 }, { type: 'ONE_TIME', unitAmount: { amount: '2900' }, recurring: null, tiers: [] }],
    [
      { unitAmount: null, unitAmountDecimal: '0.05' },
      { unitAmount: null, unitAmountDecimal: '0.05', billingScheme: 'PER_UNIT', tiersMode: null },
    ],
    [{ unitAmount: 99_999_999 }, { unitAmount: { amount: '99999999' }, currencyOptions: [] }],
    [
      { currency: 'JPY', unitAmount: 0 },
      { currency: 'JPY', unitAmount: { amount: '0' } },
    ],
    [
      { currency: 'KWD', unitAmount: 1230 },
      { currency: 'KWD', unitAmount: { amount: '1230' } },
    ],
    [{ recurring: { interval: 'DAY' } }, { recurring: { interval: 'DAY', intervalCount: 1, stripeMeterId: null } }],
    [{ recurring: { interval: 'WEEK', intervalCount: 156 } }, { type: 'RECURRING' }],
    [{ recurring: { interval: 'MONTH', intervalCount: 3 } }, { recurring: { interval: 'MONTH', intervalCount: 3 } }],
    [{ recurring: { interval: 'YEAR', intervalCount: 3 } }, { type: 'RECURRING' }],
  ])('%j, without a webhook', async (input, expected) => {
    const price = await catalog.newPrice(productId, input);
    expect(price).toMatchObject({ ...expected, active: true, product: { id: productId } });
    const inStripe = await tenant.stripe.prices.retrieve(price.stripePriceId);
    expect(inStripe.metadata).toMatchObject({ billgraph_project_id: tenant.projectId });
  });

  it('tiers, in several currencies, as Stripe has them', async () => {
    const currencyOptions = [{ currency: 'EUR', tiers: [{ upTo: '5', flatAmountDecimal: '0.5' }, { unitAmount: 0 }] }];
    const price = await catalog.newPrice(productId, { ...tiered, currencyOptions, recurring: { interval: 'MONTH' } });
    expect(price).toMatchObject({
      unitAmount: null,
      unitAmountDecimal: null,
      billingScheme: 'TIERED',
      tiersMode: 'GRADUATED',
      tiers: [
        {
          upTo: '10',
          unitAmount: { amount: '100', currency: 'USD' },
          unitAmountDecimal: '100',
          flatAmount: { amount: '500' },
          flatAmountDecimal: '500',
        },
        { upTo: null, unitAmount: null, unitAmountDecimal: '0.25', flatAmount: null, flatAmountDecimal: null },
      ],
      currencyOptions: [
        {
          currency: 'EUR',
          unitAmountDecimal: null,
          tiers: [
            { upTo: '5', flatAmount: null, flatAmountDecimal: '0.5', unitAmountDecimal: null },
            { upTo: null, unitAmount: { amount: '0', currency: 'EUR' } },
          ],
        },
      ],
    });
    const expand = ['tiers', 'currency_options.eur.tiers'];
    expect(await tenant.stripe.prices.retrieve(price.stripePriceId, { expand })).toMatchObject({
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 10, unit_amount: 100, flat_amount: 500 },
        { up_to: null, unit_amount: null },
      ],
      currency_options: { eur: { tiers: [{ up_to: 5 }, { up_to: null, unit_amount: 0 }] } },
    });
  });

  it('other currencies in the order of their codes', async () => {
    const currencyOptions = [
      { currency: 'JPY', unitAmount: 120 },
      { currency: 'EUR', unitAmountDecimal: '0.9' },
    ];
    const price = await catalog.newPrice(productId, { currencyOptions });
    expect(price.currencyOptions).toEqual([
      { currency: 'EUR', unitAmount: null, unitAmountDecimal: '0.9', tiers: [] },
      { currency: 'JPY', unitAmount: { amount: '120', currency: 'JPY' }, unitAmountDecimal: '120', tiers: [] },
    ]);
  });

  it('a price of what a meter counts, by tiers', async () => {
    const meter = await tenant.stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const recurring = { interval: 'MONTH', stripeMeterId: meter.id };
    const price = await catalog.newPrice(productId, { ...tiered, recurring });
    expect(price).toMatchObject({ tiersMode: 'GRADUATED', recurring: { ...recurring, intervalCount: 1 } });
    const never = await catalog.mutate('createPrice', {
      productId,
      currency: 'USD',
      unitAmount: 1,
      recurring: { interval: 'MONTH', stripeMeterId: 'mtr_never' },
    });
    expect(refusalsOf(never)).toEqual([{ code: 'NOT_FOUND', field: 'recurring.stripeMeterId' }]);
  });

  it("the same price where Stripe's answer was lost, and no second one", async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/prices', next: 10 });
    const input = { productId, currency: 'USD', unitAmount: 777, idempotencyKey: 'lost' };
    const lost = await catalog.mutate('createPrice', input);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data } = await catalog.mutate('createPrice', input);
    const inStripe = (await tenant.stripe.prices.list({ limit: 100 })).data.filter(
      (price) => price.unit_amount === 777,
    );
    expect(inStripe).toMatchObject([{ id: data.createPrice.price.stripePriceId }]);
  });
});

describe('refuses', () => {
  const ofTiers = (...tiers: object[]) => ({ ...tiered, tiers });
  const last = { unitAmount: 1 };
  it.each([
    [{ unitAmount: -1 }, 'unitAmount'],
    [{ unitAmount: 100_000_000 }, 'unitAmount'],
    [{ unitAmountDecimal: '1' }, 'unitAmount'],
    [{ unitAmount: null }, 'unitAmount'],
    [{ unitAmount: null, unitAmountDecimal: '1e3' }, 'unitAmountDecimal'],
    [{ unitAmount: null, unitAmountDecimal: '-0.5' }, 'unitAmountDecimal'],
    [{ unitAmount: null, unitAmountDecimal: '99999999.1' }, 'unitAmountDecimal'],
    [{ unitAmount: null, unitAmountDecimal: '0.0000000000001' }, 'unitAmountDecimal'],
    [{ currency: 'KWD', unitAmount: 1234 }, 'unitAmount'],
    [{ currency: 'KWD', unitAmount: null, unitAmountDecimal: '1234.0' }, 'unitAmountDecimal'],
    [{ currency: 'ISK', unitAmount: null, unitAmountDecimal: '150' }, 'unitAmountDecimal'],
    [{ currency: 'UGX', unitAmount: 1250 }, 'unitAmount'],
    [{ recurring: { interval: 'YEAR', intervalCount: 4 } }, 'recurring.intervalCount'],
    [{ recurring: { interval: 'MONTH', intervalCount: 37 } }, 'recurring.intervalCount'],
    [{ recurring: { interval: 'DAY', intervalCount: 0 } }, 'recurring.intervalCount'],
    [{ recurring: { interval: 'DAY', stripeMeterId: ' ' } }, 'recurring.stripeMeterId'],
    [{ lookupKey: 'x'.repeat(201) }, 'lookupKey'],
    [{ nickname: 'nul \0' }, 'nickname'],
    [{ metadata: { billgraph_id: 'x' } }, 'metadata.billgraph_id'],
    [{ tiers }, 'tiers'],
    [{ tiersMode: 'VOLUME' }, 'tiersMode'],
    [{ ...tiered, tiersMode: null }, 'tiersMode'],
    [{ ...tiered, unitAmount: 1 }, 'unitAmount'],
    [{ ...tiered, unitAmountDecimal: '1' }, 'unitAmountDecimal'],
    [{ ...tiered, tiers: null }, 'tiers'],
    [ofTiers(), 'tiers'],
    [ofTiers(...Array(101).fill(last)), 'tiers'],
    [ofTiers({ upTo: 5, unitAmount: 1 }), 'tiers.0.upTo'],
    [ofTiers(last, last), 'tiers.0.upTo'],
    [ofTiers({ upTo: 0, unitAmount: 1 }, last), 'tiers.0.upTo'],
    [ofTiers({ upTo: 5, unitAmount: 1 }, { upTo: 5, unitAmount: 1 }, last), 'tiers.1.upTo'],
    [ofTiers({ upTo: 6, unitAmount: 1 }, { upTo: 5, unitAmount: 1 }, last), 'tiers.1.upTo'],
    [ofTiers({ upTo: '100000000000', unitAmount: 1 }, last), 'tiers.0.upTo'],
    [ofTiers({}), 'tiers.0.unitAmount'],
    [ofTiers({ unitAmount: 1, unitAmountDecimal: '1' }), 'tiers.0.unitAmount'],
    [ofTiers({ flatAmount: 100_000_000 }), 'tiers.0.flatAmount'],
    [ofTiers({ flatAmountDecimal: 'x' }), 'tiers.0.flatAmountDecimal'],
    [{ currencyOptions: [{ currency: 'USD', unitAmount: 1 }] }, 'currencyOptions.0.currency'],
    [{ currencyOptions: [{ currency: 'EUR', unitAmount: -1 }] }, 'currencyOptions.0.unitAmount'],
    [{ currencyOptions: [{ currency: 'BHD', unitAmount: 1 }] }, 'currencyOptions.0.unitAmount'],
    [{ currencyOptions: [{ currency: 'EUR', tiers }] }, 'currencyOptions.0.tiers'],
    [{ currencyOptions: [1, 2].map((unitAmount) => ({ currency: 'EUR', unitAmount })) }, 'currencyOptions.1.currency'],
    [{ ...tiered, currencyOptions: [{ currency: 'EUR', unitAmount: 1 }] }, 'currencyOptions.0.unitAmount'],
  ])('%j', async (change, field) => {
    const input = { productId, currency: 'USD', unitAmount: 100, ...change };
    expect(refusalsOf(await catalog.mutate('createPrice', input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it("another tenant's product, a random and a malformed id", async () => {
    const theirs = await catalogOf(billgraph, foreign).newProduct();
    for (const productId of [theirs.id, 'pp_00000000000000000000000000', 'x'])
      expect(refusalsOf(await catalog.mutate('createPrice', { productId, currency: 'USD', unitAmount: 1 }))).toEqual([
        { code: 'NOT_FOUND', field: 'productId' },
      ]);
  });

  it('a lookup key that another price has', async () => {
    await catalog.newPrice(productId, { lookupKey: 'taken' });
    const input = { productId, currency: 'USD', unitAmount: 1, lookupKey: 'taken' };
    expect(refusalsOf(await catalog.mutate('createPrice', input))).toEqual([{ code: 'CONFLICT', field: 'lookupKey' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { productId, currency: 'USD', unitAmount: 1 };
    expect(refusalsOf(await catalog.mutate('createPrice', input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['products:read'] });
    expect(refusalsOf(await catalog.mutate('createPrice', input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
