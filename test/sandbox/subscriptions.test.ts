import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  advance,
  at,
  card,
  customerOnClock,
  day,
  giveCard,
  history,
  newYear,
  statusesOf,
  subscribe,
} from './clock.rig.ts';
import { makeMonthlyPrice, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

const failing = '4000000000000341';
const hour = 3_600;

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const invoicesOf = async (stripe: Stripe, subscription: string) =>
  (await stripe.invoices.list({ subscription, limit: 100 })).data;
const itemOf = (subscription: Stripe.Subscription) => subscription.items.data[0]!;

describe('a new subscription', () => {
  it('charges the default card and becomes active', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const subscription = await subscribe(stripe, customer, {
      metadata: { plan: 'pro' },
      expand: ['latest_invoice.payments'],
    });
    expect(subscription).toMatchObject({
      status: 'active',
      collection_method: 'charge_automatically',
      currency: 'usd',
    });
    expect(itemOf(subscription)).toMatchObject({
      quantity: 1,
      current_period_start: newYear,
      current_period_end: at(2027, 2),
    });
    expect(subscription.latest_invoice).toMatchObject({
      amount_paid: 1_500,
      billing_reason: 'subscription_create',
      parent: { subscription_details: { subscription: subscription.id, metadata: { plan: 'pro' } } },
      payments: { data: [{ status: 'paid', amount_paid: 1_500 }] },
      status: 'paid',
    });
    expect(statusesOf(await history(stripe))).toEqual(['created incomplete', 'updated active']);
  });

  it('waits for its payer with default_incomplete, and is active once he paid', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, null);
    const subscription = await subscribe(stripe, customer, {
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect(subscription.status).toBe('incomplete');
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 0 });
    const intent = invoice.payments!.data[0]!.payment.payment_intent as string;
    expect(invoice.confirmation_secret!.client_secret).toContain(intent);
    const { id } = await card(stripe);
    await stripe.paymentIntents.confirm(intent, { payment_method: id, return_url: 'https://app.example.com' });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'active' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('stays incomplete where the card declines, expires after 23 hours and voids its invoice', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe, failing);
    const { id, status, latest_invoice } = await subscribe(stripe, customer);
    expect(status).toBe('incomplete');
    const early = stripe.subscriptions.update(id, { trial_end: 'now' });
    expect(await refusal(early)).toMatchObject({ statusCode: 400, param: 'trial_end' });
    await advance(stripe, clock, newYear + 23 * hour);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'incomplete_expired',
      ended_at: newYear + 23 * hour,
    });
    expect(await stripe.invoices.retrieve(latest_invoice as string)).toMatchObject({ status: 'void' });
    expect(statusesOf(await history(stripe))).toEqual(['created incomplete', 'updated incomplete_expired']);
  });

  it('leaves nothing behind with error_if_incomplete', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, failing);
    const error = await refusal(subscribe(stripe, customer, { payment_behavior: 'error_if_incomplete' }));
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect((await stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([]);
    expect((await stripe.invoices.list({ customer })).data).toEqual([]);
  });

  it('is sent its invoice where it is to be sent, and is past due when nobody pays', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe, null);
    const { id, status } = await subscribe(stripe, customer, { collection_method: 'send_invoice', days_until_due: 7 });
    expect(status).toBe('active');
    await advance(stripe, clock, newYear + 2 * hour);
    const [invoice] = await invoicesOf(stripe, id);
    expect(invoice).toMatchObject({ status: 'open', due_date: newYear + hour + 7 * day });
    await advance(stripe, clock, newYear + 8 * day);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
    await stripe.invoices.pay(invoice!.id, { paid_out_of_band: true });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    const types = (await history(stripe)).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['invoice.sent', 'invoice.overdue', 'invoice.paid']));
  });

  it.each<[string, Partial<Stripe.SubscriptionCreateParams>, string | undefined]>([
    ['without items', { items: [] }, 'items'],
    ['of an unknown price', { items: [{ price: 'price_none' }] }, 'items[0][price]'],
    ['sent without a due date', { collection_method: 'send_invoice' }, 'days_until_due'],
    ['with two trials', { trial_end: at(2027, 2), trial_period_days: 3 }, 'trial_end'],
    ['with a trial in the past', { trial_end: newYear - 1 }, 'trial_end'],
    ['with pending_if_incomplete', { payment_behavior: 'pending_if_incomplete' }, 'payment_behavior'],
    ['with two endings', { cancel_at: at(2027, 5), cancel_at_period_end: true }, 'cancel_at'],
    ['that ends before it begins', { cancel_at: newYear - 1 }, 'cancel_at'],
    ['with a stranger’s card', { default_payment_method: 'pm_none' }, 'default_payment_method'],
  ])('is refused %s', async (_what, params, param) => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    expect(await refusal(subscribe(stripe, customer, params))).toMatchObject({ statusCode: 400, param });
  });

  it('bills its share of the time until its anchor, or nothing', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    await advance(stripe, clock, at(2027, 1, 11));
    const billing_cycle_anchor = at(2027, 2);
    const { id, latest_invoice, items } = await subscribe(stripe, customer, { billing_cycle_anchor });
    expect(items.data[0]).toMatchObject({ current_period_start: at(2027, 1, 11), current_period_end: at(2027, 2) });
    // 21 of 31 days of $15
    expect(await stripe.invoices.retrieve(latest_invoice as string)).toMatchObject({ total: 1_016, status: 'paid' });
    const free = await subscribe(stripe, customer, { billing_cycle_anchor, proration_behavior: 'none' });
    expect(free.status).toBe('active');
    await advance(stripe, clock, at(2027, 2, 2));
    for (const subscription of [id, free.id]) {
      expect((await invoicesOf(stripe, subscription))[0]).toMatchObject({ total: 1_500, status: 'paid' });
    }
    const late = subscribe(stripe, customer, { billing_cycle_anchor: at(2027, 4) });
    expect((await refusal(late)).param).toBe('billing_cycle_anchor');
  });

  it('keeps the card that paid it where it is told to, and takes the trial of its price', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, null);
    const recurring = { interval: 'month', trial_period_days: 5 } as const;
    const price = await makeMonthlyPrice(stripe, { recurring });
    const items = [{ price: price.id }];
    expect((await subscribe(stripe, customer, { items, trial_from_plan: true })).trial_end).toBe(newYear + 5 * day);
    const subscription = await subscribe(stripe, customer, {
      items,
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.payments'],
    });
    const { payments } = subscription.latest_invoice as Stripe.Invoice;
    const { id } = await card(stripe);
    const intent = payments!.data[0]!.payment.payment_intent as string;
    await stripe.paymentIntents.confirm(intent, { payment_method: id, return_url: 'https://app.example.com' });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ default_payment_method: id });
  });

  it('is refused without a card to charge', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, null);
    expect((await refusal(subscribe(stripe, customer))).message).toContain('no attached payment source');
    const oneTime = await stripe.prices.create({ currency: 'usd', unit_amount: 5, product_data: { name: 'Once' } });
    const error = await refusal(subscribe(stripe, customer, { items: [{ price: oneTime.id }] }));
    expect(error.message).toContain('type=one_time');
  });
});

describe('a trial', () => {
  it('ends in a paid month, then a failed one, and recovers', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id, status, trial_end } = await subscribe(stripe, customer, { trial_period_days: 14 });
    const end = newYear + 14 * day;
    expect({ status, trial_end }).toEqual({ status: 'trialing', trial_end: end });
    await advance(stripe, clock, end - 3 * day);
    expect((await history(stripe)).at(-1)).toMatchObject({
      type: 'customer.subscription.trial_will_end',
      created: end - 3 * day,
    });
    await advance(stripe, clock, end + 2 * hour);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active', billing_cycle_anchor: end });
    expect((await invoicesOf(stripe, id)).map(({ total, status }) => [total, status])).toEqual([
      [1_500, 'paid'],
      [0, 'paid'],
    ]);

    await giveCard(stripe, customer, failing);
    await advance(stripe, clock, at(2027, 2, 15) + 2 * hour);
    const [failed] = await invoicesOf(stripe, id);
    const attempted = at(2027, 2, 15) + hour;
    expect(failed).toMatchObject({ status: 'open', attempt_count: 1, next_payment_attempt: attempted + 3 * day });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');

    await giveCard(stripe, customer);
    await advance(stripe, clock, attempted + 4 * day);
    expect(await stripe.invoices.retrieve(failed!.id)).toMatchObject({ status: 'paid', attempt_count: 2 });
    expect(statusesOf(await history(stripe))).toEqual([
      'created trialing',
      'trial_will_end trialing',
      'updated active',
      'updated active',
      'updated past_due',
      'updated active',
    ]);
  });

  it.each([
    ['cancel', 'canceled', 'deleted canceled'],
    ['pause', 'paused', 'paused paused'],
  ] as const)('without a card ends as its settings say: %s', async (missing_payment_method, status, event) => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe, null);
    const trial_settings = { end_behavior: { missing_payment_method } };
    const { id } = await subscribe(stripe, customer, { trial_period_days: 7, trial_settings });
    await advance(stripe, clock, newYear + 7 * day);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe(status);
    expect(statusesOf(await history(stripe)).at(-1)).toBe(event);
  });

  it('can be ended now, and made longer', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer, { trial_period_days: 7 });
    const longer = await stripe.subscriptions.update(id, { trial_end: at(2027, 2, 1), proration_behavior: 'none' });
    expect(longer).toMatchObject({ status: 'trialing', trial_end: at(2027, 2, 1) });
    expect(itemOf(longer).current_period_end).toBe(at(2027, 2, 1));
    const ended = await stripe.subscriptions.update(id, { trial_end: 'now' });
    expect(ended).toMatchObject({ status: 'active', trial_end: newYear });
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ total: 1_500, status: 'paid' });
  });

  it('changes its plan for nothing, to another interval too', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id, items } = await subscribe(stripe, customer, { trial_period_days: 7 });
    const yearly = await makeMonthlyPrice(stripe, { unit_amount: 9_000, recurring: { interval: 'year' } });
    const changed = await stripe.subscriptions.update(id, { items: [{ id: items.data[0]!.id, price: yearly.id }] });
    expect(changed).toMatchObject({ status: 'trialing', trial_end: newYear + 7 * day });
    expect(await invoicesOf(stripe, id)).toHaveLength(1);
    await advance(stripe, clock, newYear + 8 * day);
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ total: 9_000, status: 'paid' });
    expect(itemOf(await stripe.subscriptions.retrieve(id)).current_period_end).toBe(at(2028, 1, 8));
  });

  it('without a card can ask for one by a setup intent', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe, null);
    const { pending_setup_intent } = await subscribe(stripe, customer, {
      payment_behavior: 'default_incomplete',
      trial_period_days: 7,
      expand: ['pending_setup_intent'],
    });
    expect(pending_setup_intent).toMatchObject({ status: 'requires_payment_method', customer });
  });
});

describe('dunning', () => {
  it('tries three times more, then cancels', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await giveCard(stripe, customer, failing);
    await advance(stripe, clock, at(2027, 2, 27));
    const [invoice] = await invoicesOf(stripe, id);
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 4, next_payment_attempt: null });
    const attempts = (await history(stripe)).filter(({ type }) => type === 'invoice.payment_failed');
    const first = at(2027, 2) + hour;
    expect(attempts.map(({ created }) => created)).toEqual([0, 3, 8, 15].map((days) => first + days * day));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
      ended_at: first + 15 * day,
    });
  });

  it('can leave a subscription unpaid, whose invoices stay drafts until it is paid', async () => {
    const own = await startTestSandbox({ dunning: { retryDays: [1], afterwards: 'mark_unpaid' } });
    const stripe = stripeAt(own.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await giveCard(stripe, customer, failing);
    await advance(stripe, clock, at(2027, 2, 4));
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('unpaid');
    await advance(stripe, clock, at(2027, 3, 4));
    const [draft] = await invoicesOf(stripe, id);
    expect(draft).toMatchObject({ status: 'draft', auto_advance: false });
    await giveCard(stripe, customer);
    await stripe.invoices.pay(draft!.id);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    await own.close();
  });

  it('asks for the payer where his bank wants to see him', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await giveCard(stripe, customer, '4000002760003184');
    await advance(stripe, clock, at(2027, 2, 2));
    const types = (await history(stripe)).map(({ type }) => type);
    expect(types).toContain('invoice.payment_action_required');
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
  });
});

describe('a change of plan', () => {
  async function twoPlans(stripe: Stripe) {
    const { clock, customer } = await customerOnClock(stripe);
    const small = await makeMonthlyPrice(stripe, { unit_amount: 1_000 });
    const big = await makeMonthlyPrice(stripe, { unit_amount: 3_100 });
    const subscription = await subscribe(stripe, customer, { items: [{ price: small.id }] });
    await advance(stripe, clock, at(2027, 1, 11));
    return { clock, customer, small, big, subscription, item: itemOf(subscription).id };
  }
  // 21 of 31 days are left.
  const unused = -677;
  const remaining = 2_100;

  it('prorates to the second, on the next invoice', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer, big, subscription, item } = await twoPlans(stripe);
    const updated = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: big.id }] });
    expect(itemOf(updated)).toMatchObject({ id: item, price: { id: big.id }, current_period_end: at(2027, 2) });
    const pending = (await stripe.invoiceItems.list({ customer, pending: true })).data;
    expect(pending.map(({ amount, proration }) => [amount, proration])).toEqual([
      [remaining, true],
      [unused, true],
    ]);
    expect(pending[0]!.description).toBe('Remaining time on Pro after 11 Jan 2027');
    await advance(stripe, clock, at(2027, 2, 2));
    const [invoice] = await invoicesOf(stripe, subscription.id);
    expect(invoice!.lines.data.map(({ amount }) => amount)).toEqual([3_100, unused, remaining]);
    expect(invoice).toMatchObject({ total: 3_100 + unused + remaining, status: 'paid' });
  });

  it('can be billed at once, or not at all', async () => {
    const stripe = stripeAt(sandbox.url);
    const { big, small, customer, subscription, item } = await twoPlans(stripe);
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: big.id }],
      proration_behavior: 'always_invoice',
    });
    const [invoice] = await invoicesOf(stripe, subscription.id);
    expect(invoice).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      total: unused + remaining,
    });
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: small.id, quantity: 3 }],
      proration_behavior: 'none',
    });
    expect((await stripe.invoiceItems.list({ customer, pending: true })).data).toEqual([]);
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(2);
  });

  it('costs what its preview said', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, big, subscription, item } = await twoPlans(stripe);
    const change = { items: [{ id: item, price: big.id, quantity: 2 }], proration_date: at(2027, 1, 12) };
    const now = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { ...change, proration_behavior: 'always_invoice' },
    });
    const next = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change });
    expect(next.id).toMatch(/^upcoming_in_/);
    expect(next).toMatchObject({ status: 'draft', number: null });
    expect(itemOf(await stripe.subscriptions.retrieve(subscription.id))).toMatchObject({ quantity: 1 });
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(1);

    const early = { ...change, proration_date: newYear - 1 };
    expect((await refusal(stripe.subscriptions.update(subscription.id, early))).param).toBe('proration_date');
    await stripe.subscriptions.update(subscription.id, change);
    await advance(stripe, clock, at(2027, 2, 2));
    const [invoice] = await invoicesOf(stripe, subscription.id);
    const amounts = (lines: Stripe.ApiList<Stripe.InvoiceLineItem>) => lines.data.map(({ amount }) => amount);
    expect(amounts(invoice!.lines)).toEqual(amounts(next.lines));
    expect(amounts(now.lines)).toEqual(amounts(next.lines).slice(1));
  });

  it('to another interval begins a new period now', async () => {
    const stripe = stripeAt(sandbox.url);
    const { subscription, item } = await twoPlans(stripe);
    const yearly = await makeMonthlyPrice(stripe, { unit_amount: 10_000, recurring: { interval: 'year' } });
    const updated = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: yearly.id }] });
    expect(updated.billing_cycle_anchor).toBe(at(2027, 1, 11));
    expect(itemOf(updated).current_period_end).toBe(at(2028, 1, 11));
    const [invoice] = await invoicesOf(stripe, subscription.id);
    expect(invoice).toMatchObject({ total: 10_000 + unused, status: 'paid' });
  });

  it('leaves the old plan’s payer past due where the card declines, or nothing changed with error_if_incomplete', async () => {
    const stripe = stripeAt(sandbox.url);
    const { big, customer, subscription, item } = await twoPlans(stripe);
    await giveCard(stripe, customer, failing);
    const change: Stripe.SubscriptionUpdateParams = {
      items: [{ id: item, price: big.id }],
      proration_behavior: 'always_invoice',
    };
    const error = await refusal(
      stripe.subscriptions.update(subscription.id, { ...change, payment_behavior: 'error_if_incomplete' }),
    );
    expect(error.statusCode).toBe(402);
    expect(itemOf(await stripe.subscriptions.retrieve(subscription.id)).price.id).not.toBe(big.id);
    expect((await stripe.subscriptions.update(subscription.id, change)).status).toBe('past_due');
  });

  it('adds, counts and removes items', async () => {
    const stripe = stripeAt(sandbox.url);
    const { subscription, item } = await twoPlans(stripe);
    const extra = await makeMonthlyPrice(stripe, { unit_amount: 310 });
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: extra.id,
      quantity: 2,
    });
    expect(added).toMatchObject({ quantity: 2, current_period_end: at(2027, 2) });
    expect((await stripe.subscriptionItems.update(added.id, { quantity: 5, metadata: { a: '1' } })).quantity).toBe(5);
    expect((await stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(2);
    expect((await stripe.subscriptions.list({ price: extra.id })).data).toMatchObject([{ id: subscription.id }]);
    const twice = stripe.subscriptionItems.create({ subscription: subscription.id, price: extra.id });
    expect((await refusal(twice)).message).toContain('same price');
    expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ deleted: true });
    expect((await refusal(stripe.subscriptionItems.retrieve(added.id))).statusCode).toBe(404);
    expect((await refusal(stripe.subscriptionItems.del(item))).message).toContain('at least one');
    const pending = (await stripe.invoiceItems.list({ customer: subscription.customer as string, pending: true })).data;
    expect(pending.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  });
});

describe('an end', () => {
  it('comes with the period', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await advance(stripe, clock, at(2027, 2, 2));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled', ended_at: at(2027, 2) });
    expect(await invoicesOf(stripe, id)).toHaveLength(1);
    expect(statusesOf(await history(stripe)).slice(-2)).toEqual(['updated active', 'deleted canceled']);
  });

  it('comes at a time, or is taken back', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer, { cancel_at: at(2027, 1, 20) });
    const other = await subscribe(stripe, customer, { cancel_at: at(2027, 1, 20) });
    await stripe.subscriptions.update(other.id, { cancel_at: '' });
    await advance(stripe, clock, at(2027, 1, 21));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled', ended_at: at(2027, 1, 20) });
    expect(await stripe.subscriptions.retrieve(other.id)).toMatchObject({ status: 'active', cancel_at: null });
  });

  it('gives back unused time as credit, when asked to', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await advance(stripe, clock, at(2027, 1, 11));
    await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: true });
    const [invoice] = await invoicesOf(stripe, id);
    expect(invoice).toMatchObject({ total: -1_016, amount_due: 0, status: 'paid', ending_balance: -1_016 });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -1_016 });
    expect((await stripe.customers.listBalanceTransactions(customer)).data).toMatchObject([
      { amount: -1_016, ending_balance: -1_016, invoice: invoice!.id, type: 'applied_to_invoice' },
    ]);
  });
});

describe('a pause', () => {
  it('stops billing with credit for unused time, until it is resumed with a new period', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await advance(stripe, clock, at(2027, 1, 11));
    const paused = await stripe.subscriptions.pause(id);
    expect(paused).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'pause_requested' }, transitioned_at: at(2027, 1, 11) } },
    });
    await advance(stripe, clock, at(2027, 3, 5));
    expect(await invoicesOf(stripe, id)).toHaveLength(1);
    const resumed = await stripe.subscriptions.resume(id);
    expect(resumed.status).toBe('active');
    expect(resumed.status_details).toBeUndefined();
    expect(itemOf(resumed)).toMatchObject({ current_period_start: at(2027, 3, 5), current_period_end: at(2027, 4, 5) });
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ total: 1_500 - 1_016, status: 'paid' });
    expect(statusesOf(await history(stripe)).filter((status) => /^(paused|resumed)/.test(status))).toEqual([
      'paused paused',
      'resumed active',
    ]);
    expect((await refusal(stripe.subscriptions.resume(id))).message).toContain('paused');
  });

  it('waits for the payment where resuming depends on it', async () => {
    const stripe = stripeAt(sandbox.url);
    const { customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: 'none' } } });
    await giveCard(stripe, customer, failing);
    const waiting = await stripe.subscriptions.resume(id, { payment_behavior: 'resume_on_payment_success' });
    expect(waiting.status).toBe('paused');
    await giveCard(stripe, customer);
    await stripe.invoices.pay(waiting.latest_invoice as string);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it.each([
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const)('of collection lets periods pass, and its invoices %s', async (behavior, status) => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    const resumes_at = at(2027, 2, 10);
    const paused = await stripe.subscriptions.update(id, { pause_collection: { behavior, resumes_at } });
    expect(paused).toMatchObject({ status: 'active', pause_collection: { behavior, resumes_at } });
    await advance(stripe, clock, at(2027, 2, 11));
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ status, billing_reason: 'subscription_cycle' });
    expect((await stripe.subscriptions.retrieve(id)).pause_collection).toBeNull();
    await advance(stripe, clock, at(2027, 3, 2));
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ status: 'paid' });
  });
});
