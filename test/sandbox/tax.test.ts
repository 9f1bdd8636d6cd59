import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance, at, giveCard, newYear } from './clock.rig.ts';
import { makeMonthlyPrice, refusal, startReceiver, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

/** Automatic tax: a fixed rate for each country, on top of the price. */

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function openSession(stripe: Stripe, given: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const price = await makeMonthlyPrice(stripe, given.mode === 'payment' ? { recurring: undefined } : {});
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://app.example.com/ok',
    automatic_tax: { enabled: true },
    billing_address_collection: 'required',
    ...given,
  });
}
const in_ = (country: string) => ({ name: 'Ada', line1: 'Ring 1', postal_code: '1010', city: 'Wien', country });

describe('in Checkout', () => {
  it('is added as it is where a guest says that he is, and on the invoices that follow', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe);
    expect(session).toMatchObject({
      amount_total: 3_000,
      automatic_tax: { enabled: true, status: 'requires_location_inputs' },
    });
    expect(await (await fetch(session.url!)).text()).toContain('Tax is added');
    expect((await submitCheckout(session.url!, in_('at'))).status).toBe(303);

    const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
    expect(complete).toMatchObject({
      payment_status: 'paid',
      amount_subtotal: 3_000,
      amount_total: 3_600,
      total_details: { amount_tax: 600 },
      automatic_tax: { status: 'complete' },
      line_items: { data: [{ amount_tax: 600, amount_total: 3_600 }] },
    });
    const [invoice] = (await stripe.invoices.list()).data;
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: 3_600,
      subtotal: 3_000,
      total_excluding_tax: 3_000,
      total: 3_600,
      total_taxes: [{ amount: 600, taxable_amount: 3_000, tax_behavior: 'exclusive' }],
      automatic_tax: { enabled: true, status: 'complete' },
      lines: { data: [{ taxes: [{ amount: 600 }] }] },
    });
    const [charge] = (await stripe.charges.list()).data;
    expect(charge!.amount).toBe(3_600);
    const [subscription] = (await stripe.subscriptions.list()).data;
    expect(subscription!.automatic_tax.enabled).toBe(true);
  });

  it('is nothing in a country without a rate', async () => {
    const stripe = stripeAt(sandbox.url);
    const session = await openSession(stripe, { mode: 'payment' });
    await submitCheckout(session.url!, in_('US'));
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      amount_total: 3_000,
    });
  });

  it('goes on what a discount leaves', async () => {
    const stripe = stripeAt(sandbox.url);
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    const session = await openSession(stripe, { discounts: [{ coupon: coupon.id }] });
    await submitCheckout(session.url!, in_('DE'));
    const [invoice] = (await stripe.invoices.list()).data;
    expect(invoice).toMatchObject({ subtotal: 3_000, total: 1_785, amount_paid: 1_785, status: 'paid' });
  });

  it('is known at once for a customer with an address; one without is refused, unless the page asks for it', async () => {
    const stripe = stripeAt(sandbox.url);
    const known = await stripe.customers.create({ address: { country: 'CH' } });
    expect(await openSession(stripe, { customer: known.id })).toMatchObject({ amount_total: 3_243 });
    const { id: customer } = await stripe.customers.create();
    const refused = await refusal(openSession(stripe, { customer }));
    expect(refused).toMatchObject({ statusCode: 400, code: 'customer_tax_location_invalid' });
    const session = await openSession(stripe, { customer, customer_update: { address: 'auto' } });
    await submitCheckout(session.url!, in_('FR'));
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ amount_total: 3_600 });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ address: { country: 'FR' } });
  });

  it('is not modelled where the price includes it', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id: price } = await makeMonthlyPrice(stripe, { tax_behavior: 'inclusive' });
    const refused = await refusal(openSession(stripe, { line_items: [{ price, quantity: 1 }] }));
    expect(refused.param).toBe('automatic_tax');
  });
});

describe('of a subscription', () => {
  it('is on every invoice, in the old shape too, and refused without an address', async () => {
    const stripe = stripeAt(sandbox.url);
    const { id: price } = await makeMonthlyPrice(stripe);
    const taxed = { items: [{ price }], automatic_tax: { enabled: true } };
    const nowhere = await stripe.customers.create();
    const refused = await refusal(stripe.subscriptions.create({ customer: nowhere.id, ...taxed }));
    expect(refused.code).toBe('customer_tax_location_invalid');

    const { received, url } = await startReceiver();
    await stripe.webhookEndpoints.create({ url, enabled_events: ['invoice.paid'], api_version: '2023-08-16' });
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: newYear });
    const customer = await stripe.customers.create({ test_clock: clock.id, address: { country: 'SE' } });
    await giveCard(stripe, customer.id);
    await stripe.subscriptions.create({ customer: customer.id, ...taxed });
    await advance(stripe, clock.id, at(2027, 2, 2));
    const { data } = await stripe.invoices.list({ customer: customer.id });
    expect(data.map(({ total, status }) => [total, status])).toEqual([
      [1_875, 'paid'],
      [1_875, 'paid'],
    ]);
    await sandbox.idle();
    expect(JSON.parse(received[0]!.body).data.object).toMatchObject({
      tax: 375,
      total_tax_amounts: [{ amount: 375, inclusive: false, taxable_amount: 1_500 }],
      lines: { data: [{ tax_amounts: [{ amount: 375 }] }] },
    });
    expect(await (await fetch(data[0]!.hosted_invoice_url!)).text()).toContain('Tax');
  });
});
