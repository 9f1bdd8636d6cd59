import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeMonthlyPrice, startReceiver, startTestSandbox, stripeAt, submitCheckout } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

it('takes a subscription from checkout to active, and tells it by signed webhooks', async () => {
  const stripe = stripeAt(sandbox.url);
  const receiver = await startReceiver();
  const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
  const customer = await stripe.customers.create({ email: 'ada@example.com' });
  const price = await makeMonthlyPrice(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://app.example.com/ok?s={CHECKOUT_SESSION_ID}&x=ü',
    cancel_url: 'https://app.example.com/pricing',
    subscription_data: { metadata: { user: '42' } },
  });
  expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 3_000, subscription: null });

  const page = await fetch(session.url!);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('$30.00');
  const answer = await submitCheckout(session.url!);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`https://app.example.com/ok?s=${session.id}&x=%C3%BC`);

  const [subscription] = (await stripe.subscriptions.list({ customer: customer.id, expand: ['data.latest_invoice'] }))
    .data;
  expect(subscription).toMatchObject({ status: 'active', metadata: { user: '42' } });
  const item = subscription!.items.data[0]!;
  expect(item).toMatchObject({ quantity: 2, price: { id: price.id } });
  expect(item.current_period_end).toBeGreaterThan(item.current_period_start + 27 * 86_400);
  const invoice = subscription!.latest_invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({ status: 'paid', amount_paid: 3_000, amount_remaining: 0 });

  await sandbox.idle();
  expect(receiver.types().toSorted()).toEqual(
    [
      'customer.created',
      'product.created',
      'price.created',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_method.attached',
      'customer.updated',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'checkout.session.completed',
    ].toSorted(),
  );
  for (const { body, headers } of receiver.received) {
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature']!, endpoint.secret!);
    expect(event).toMatchObject({ api_version: '2026-10-28.endive', livemode: false });
  }
});
