import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let stripe: Stripe;
let product: string;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  stripe = stripeAt(sandbox.url);
  product = (await stripe.products.create({ name: 'Pro' })).id;
});
afterAll(() => sandbox.close());

const price = (given: Partial<Stripe.PriceCreateParams>) =>
  stripe.prices.create({ product, currency: 'usd', ...given } as Stripe.PriceCreateParams);
const monthly = { recurring: { interval: 'month' } } as const;
const tiered = (unit: number, flat: number) =>
  [
    { up_to: 10, unit_amount: unit, flat_amount: flat },
    { up_to: 'inf', unit_amount_decimal: '0.25' },
  ] as unknown as Stripe.PriceCreateParams.Tier[];
const decimal = (text: string) => text as never;
const payer = () => stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: paysByVisa } as never);
const paysByVisa = { default_payment_method: 'pm_card_visa' };

async function subscribe(given: Omit<Stripe.SubscriptionCreateParams, 'customer'>, customer?: string) {
  const subscription = await stripe.subscriptions.create({
    customer: customer ?? (await payer()).id,
    expand: ['latest_invoice'],
    ...given,
  });
  return { ...subscription, invoice: subscription.latest_invoice as Stripe.Invoice };
}

describe('a price in several currencies', () => {
  it('shows them on demand alone, its own among them, and their tiers on demand of their own', async () => {
    const made = await price({
      ...monthly,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: tiered(100, 500),
      currency_options: { eur: { tiers: tiered(90, 450) as never } },
    });
    expect(made).not.toHaveProperty('currency_options');
    expect(made).not.toHaveProperty('tiers');
    const shown = await stripe.prices.retrieve(made.id, { expand: ['tiers', 'currency_options'] });
    expect(shown.tiers).toMatchObject([{ up_to: 10, unit_amount: 100, flat_amount: 500 }, { up_to: null }]);
    expect(Object.keys(shown.currency_options!).sort()).toEqual(['eur', 'usd']);
    expect(shown.currency_options!.eur).not.toHaveProperty('tiers');
    const all = await stripe.prices.retrieve(made.id, { expand: ['currency_options.eur.tiers'] });
    expect(all.currency_options!.eur!.tiers).toMatchObject([{ unit_amount: 90 }, { unit_amount: null }]);
    const plain = await price({ unit_amount: 1, expand: ['tiers', 'currency_options'] });
    expect(plain.currency_options).toMatchObject({ usd: { unit_amount: 1 } });
  });

  it('is charged in the one that is asked for, in that of its customer, or in its own', async () => {
    const options = { eur: { unit_amount: 900 }, jpy: { unit_amount_decimal: decimal('1200.5') } };
    const { id } = await price({ ...monthly, unit_amount: 1_000, currency_options: options });
    const items = [{ price: id, quantity: 3 }];
    const yen = await subscribe({ items, currency: 'jpy' });
    expect(yen).toMatchObject({ currency: 'jpy', invoice: { currency: 'jpy', total: 3_602 } });
    const customer = (await payer()).id;
    expect(await subscribe({ items, currency: 'eur' }, customer)).toMatchObject({ invoice: { total: 2_700 } });
    expect(await subscribe({ items }, customer)).toMatchObject({ currency: 'eur', invoice: { total: 2_700 } });
    expect(await subscribe({ items })).toMatchObject({ currency: 'usd', invoice: { total: 3_000 } });
  });

  it('is prorated, previewed and invoiced in it', async () => {
    const small = await price({ ...monthly, unit_amount: 1_000, currency_options: { eur: { unit_amount: 800 } } });
    const large = await price({ ...monthly, unit_amount: 3_000, currency_options: { eur: { unit_amount: 2_800 } } });
    const started = await subscribe({ items: [{ price: small.id }], currency: 'eur' });
    const item = { id: started.items.data[0]!.id, price: large.id };
    const date = { proration_date: started.start_date };
    const preview = await stripe.invoices.createPreview({
      subscription: started.id,
      subscription_details: { items: [item], proration_behavior: 'always_invoice', ...date },
    });
    expect(preview).toMatchObject({ currency: 'eur', total: 2_000 });
    const { latest_invoice } = await stripe.subscriptions.update(started.id, {
      items: [item],
      proration_behavior: 'always_invoice',
      ...date,
      expand: ['latest_invoice'],
    });
    expect(latest_invoice).toMatchObject({ currency: 'eur', total: 2_000 });
    const once = await price({ unit_amount: 500, currency_options: { eur: { unit_amount: 400 } } });
    const customer = started.customer as string;
    expect(await stripe.invoiceItems.create({ customer, pricing: { price: once.id } })).toMatchObject({
      amount: 400,
      currency: 'eur',
    });
  });

  it('is paid in it on the page of a checkout, and so are the periods that follow', async () => {
    const { id } = await price({ ...monthly, unit_amount: 1_000, currency_options: { eur: { unit_amount: 900 } } });
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      currency: 'eur',
      line_items: [{ price: id, quantity: 2 }],
      success_url: 'https://example.com/done',
    });
    expect(session).toMatchObject({ currency: 'eur', amount_total: 1_800 });
    expect(await (await fetch(session.url!)).text()).toContain('€9.00 / month');
    await submitCheckout(session.url!);
    const { subscription } = await stripe.checkout.sessions.retrieve(session.id);
    expect(await stripe.subscriptions.retrieve(subscription as string)).toMatchObject({ currency: 'eur' });
    const next = await stripe.invoices.createPreview({ subscription: subscription as string });
    expect(next).toMatchObject({ currency: 'eur', total: 1_800 });
  });

  it('gets more of them, other amounts, or none; each change is an event that shows none', async () => {
    const { id } = await price({ unit_amount: 1_000, currency_options: { eur: { unit_amount: 900 } } });
    const expand = ['currency_options'];
    const change = (currency_options: Stripe.PriceUpdateParams['currency_options']) =>
      stripe.prices.update(id, { currency_options, expand });
    const more = await change({ gbp: { unit_amount: 800 }, eur: { unit_amount_decimal: decimal('850.5') } });
    expect(more.currency_options).toMatchObject({
      usd: { unit_amount: 1_000 },
      eur: { unit_amount: null },
      gbp: { unit_amount: 800 },
    });
    expect(Object.keys((await change(''))!.currency_options!)).toEqual(['usd']);
    const { data } = await stripe.events.list({ type: 'price.updated' });
    const ofPrice = data.map(({ data }) => data.object as Stripe.Price).filter((object) => object.id === id);
    expect(ofPrice.map((object) => object.currency_options)).toEqual([undefined, undefined]);
  });
});

const flat = (first: number, second: number): Stripe.PriceCreateParams.Tier[] => [
  { up_to: 10, flat_amount: first },
  { up_to: 'inf', flat_amount: second },
];

describe('amounts below a cent and tiers', () => {
  it.each([
    [{ unit_amount_decimal: '0.333333333333' }, 100, 33],
    [{ unit_amount_decimal: '0.005' }, 99, 0],
    [{ unit_amount_decimal: '0.005' }, 100, 1],
    [{ billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: tiered(100, 500) }, 10, 1_500],
    [{ billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: tiered(100, 500) }, 12, 1_501],
    [{ billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: flat(500, 200) }, 0, 500],
    [{ billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: flat(500, 200) }, 11, 700],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: tiered(100, 500) }, 11, 3],
  ] as [Partial<Stripe.PriceCreateParams>, number, number][])('%j × %i cost %i', async (given, quantity, total) => {
    const { id } = await price({ ...monthly, ...given });
    expect(await subscribe({ items: [{ price: id, quantity }] })).toMatchObject({ invoice: { total } });
  });
});

describe('refuses', () => {
  const up = (...ends: (number | 'inf')[]) => ends.map((up_to) => ({ up_to, unit_amount: 1 }));
  it.each([
    [{ unit_amount: 1, currency_options: { usd: { unit_amount: 1 } } }, 'currency_options[usd]'],
    [
      { unit_amount: 1, currency_options: { eur: { tax_behavior: 'inclusive' } } },
      'currency_options[eur][unit_amount]',
    ],
    [{ unit_amount: 1, currency_options: { xxa: { unit_amount: 1 } } }, 'currency_options[xxa]'],
    [{ unit_amount: 1, currency_options: { eur: { tiers: up('inf') } } }, 'currency_options[eur][tiers]'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: up(5, 5, 'inf') }, 'tiers[1]'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: up(5, 6) }, 'tiers'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: [{ up_to: 'inf' }] }, 'tiers[0]'],
    [{ billing_scheme: 'tiered', tiers: up('inf') }, 'tiers_mode'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: up('inf'), unit_amount: 1 }, 'unit_amount'],
  ])('%j', async (given, param) => {
    expect(await refusal(price({ ...monthly, ...given } as never))).toMatchObject({ statusCode: 400, param });
  });

  it('another currency than its own and its options', async () => {
    const { id } = await price({ ...monthly, unit_amount: 1 });
    const message = "The price specified only supports `usd`. This doesn't match the expected currency: `eur`.";
    expect(await refusal(subscribe({ items: [{ price: id }], currency: 'eur' }))).toMatchObject({
      message,
      param: 'items[0][price]',
    });
    const line_items = [{ price: id, quantity: 1 }];
    const success_url = 'https://example.com/done';
    expect(
      await refusal(
        stripe.checkout.sessions.create({ mode: 'subscription', currency: 'eur', line_items, success_url }),
      ),
    ).toMatchObject({ message, param: 'line_items[0][price]' });
  });

  it('to archive the default price of a product, until another one is', async () => {
    const [first, second] = [await price({ unit_amount: 1 }), await price({ unit_amount: 2 })];
    await stripe.products.update(product, { default_price: first.id });
    expect((await refusal(stripe.prices.update(first.id, { active: false }))).message).toBe(
      'This price cannot be archived because it is the default price of its product.',
    );
    await stripe.products.update(product, { default_price: second.id });
    expect(await stripe.prices.update(first.id, { active: false })).toMatchObject({ active: false });
    expect(await stripe.products.update(product, { default_price: '' } as never)).toMatchObject({
      default_price: null,
    });
  });
});
