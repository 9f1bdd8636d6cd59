import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf, priceFields } from '../rig/catalog.ts';
import { ask } from '../rig/graph.ts';

/** What somebody edits in Stripe's dashboard arrives here by webhooks. */

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

/** As the graph shows it once all has arrived, archived or not. */
async function shown(): Promise<any> {
  await billgraph.settled();
  const fields = priceFields.slice(priceFields.indexOf('{') + 1, -1);
  const document = `{ products(first: 5) { nodes { name description active prices { nodes { ${fields} } } } } }
    fragment tier on PriceTier { upTo unitAmountDecimal flatAmountDecimal }`;
  const { data, errors } = await ask(billgraph, tenant.apiKey, document);
  expect(errors).toBeUndefined();
  const [product] = data.products.nodes;
  return product && { ...product, prices: product.prices.nodes };
}

it('a product, its price, tiers, other currencies and lookup key, made and changed', async () => {
  const { stripe } = tenant;
  const product = await stripe.products.create({ name: 'Made there' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    recurring: { interval: 'month' },
    billing_scheme: 'tiered',
    tiers_mode: 'volume',
    tiers: [
      { up_to: 5, unit_amount: 700 },
      { up_to: 'inf', flat_amount: 2_000 },
    ],
    currency_options: { eur: { tiers: [{ up_to: 'inf', unit_amount_decimal: '0.5' as never }] } },
  });
  expect(await shown()).toMatchObject({
    name: 'Made there',
    prices: [
      {
        billingScheme: 'TIERED',
        tiersMode: 'VOLUME',
        tiers: [
          { upTo: '5', unitAmountDecimal: '700', flatAmountDecimal: null },
          { upTo: null, unitAmountDecimal: null, flatAmountDecimal: '2000' },
        ],
        currencyOptions: [{ currency: 'EUR', tiers: [{ upTo: null, unitAmountDecimal: '0.5' }] }],
      },
    ],
  });

  await stripe.products.update(product.id, { name: 'Changed there', description: 'Fine' });
  const gbp = { tiers: [{ up_to: 'inf' as const, unit_amount: 600 }] };
  await stripe.prices.update(price.id, { lookup_key: 'there', nickname: 'N', currency_options: { gbp } });
  expect(await shown()).toMatchObject({
    name: 'Changed there',
    description: 'Fine',
    prices: [
      {
        lookupKey: 'there',
        nickname: 'N',
        tiers: [{}, {}],
        currencyOptions: [{ currency: 'EUR' }, { currency: 'GBP' }],
      },
    ],
  });

  // Nothing but other currencies: no copy of the price in an event shows them.
  await stripe.prices.update(price.id, { currency_options: '' });
  expect(await shown()).toMatchObject({ prices: [{ currencyOptions: [], tiers: [{}, {}] }] });
  await stripe.prices.update(price.id, { active: false });
  expect(await shown()).toMatchObject({ prices: [{ active: false }] });
  await stripe.products.update(product.id, { active: false });
  expect(await shown()).toBeUndefined();
});

it('that a lookup key was moved there to a price that was made here', async () => {
  const catalog = catalogOf(billgraph, tenant);
  const made = await catalog.newPrice((await catalog.newProduct()).id, { lookupKey: 'mine' });
  const { product } = await tenant.stripe.prices.retrieve(made.stripePriceId);
  const theirs = { product: product as string, currency: 'usd', unit_amount: 2 };
  await tenant.stripe.prices.create({ ...theirs, lookup_key: 'mine', transfer_lookup_key: true });
  expect((await shown()).prices).toMatchObject([
    { lookupKey: null, unitAmountDecimal: '100' },
    { lookupKey: 'mine', unitAmountDecimal: '2' },
  ]);
});
