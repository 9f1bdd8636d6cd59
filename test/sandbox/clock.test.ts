import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../rig/database.ts';
import { advance, at, customerOnClock, day, history, newYear, subscribe } from './clock.rig.ts';
import { makeMonthlyPrice, newKey, refusal, startTestSandbox, stripeAt } from './sandbox.rig.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

describe('a test clock', () => {
  it('is created, listed and deleted with what is under it', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const subscription = await subscribe(stripe, customer);
    expect(subscription).toMatchObject({ created: newYear, test_clock: clock, status: 'active' });
    expect((await stripe.customers.list({ test_clock: clock })).data).toMatchObject([
      { id: customer, created: newYear },
    ]);
    expect((await stripe.testHelpers.testClocks.list()).data).toMatchObject([{ id: clock, frozen_time: newYear }]);
    expect(await stripe.testHelpers.testClocks.del(clock)).toMatchObject({ id: clock, deleted: true });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'canceled' });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true });
    expect((await refusal(stripe.testHelpers.testClocks.retrieve(clock))).statusCode).toBe(404);
  });

  it('renews month by month, in time order, each event at its own time', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await advance(stripe, clock, at(2027, 3, 1) - 1);
    await advance(stripe, clock, at(2027, 4, 2));
    const events = await history(stripe);
    const times = events.map(({ created }) => created);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const hour = 3_600;
    const paid = events.filter(({ type }) => type === 'invoice.paid').map(({ created }) => created);
    expect(paid).toEqual([newYear, at(2027, 2) + hour, at(2027, 3) + hour, at(2027, 4) + hour]);
    const { items } = await stripe.subscriptions.retrieve(id);
    expect(items.data[0]).toMatchObject({ current_period_start: at(2027, 4), current_period_end: at(2027, 5) });
    const invoices = await stripe.invoices.list({ subscription: id });
    expect(invoices.data.map(({ total, status, billing_reason }) => [total, status, billing_reason])).toEqual([
      ...Array(3).fill([1_500, 'paid', 'subscription_cycle']),
      [1_500, 'paid', 'subscription_create'],
    ]);
  });

  it('leaves a renewal as a draft for an hour', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await advance(stripe, clock, at(2027, 2) + 60);
    const [draft] = (await stripe.invoices.list({ subscription: id, limit: 1 })).data;
    expect(draft).toMatchObject({ status: 'draft', number: null, automatically_finalizes_at: at(2027, 2) + 3_600 });
    await advance(stripe, clock, at(2027, 2) + 3_600);
    expect(await stripe.invoices.retrieve(draft!.id)).toMatchObject({
      status: 'paid',
      status_transitions: { finalized_at: at(2027, 2) + 3_600, paid_at: at(2027, 2) + 3_600 },
    });
  });

  it('keeps the 31st over a February', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    await advance(stripe, clock, at(2027, 1, 31));
    const { id } = await subscribe(stripe, customer);
    await advance(stripe, clock, at(2027, 3, 1));
    const [item] = (await stripe.subscriptions.retrieve(id)).items.data;
    expect(item).toMatchObject({ current_period_start: at(2027, 2, 28), current_period_end: at(2027, 3, 31) });
  });

  it('refuses to go back, and further than two intervals', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const go = (frozen_time: number) => refusal(stripe.testHelpers.testClocks.advance(clock, { frozen_time }));
    expect(await go(newYear)).toMatchObject({ statusCode: 400, param: 'frozen_time' });
    expect(await go(at(2029, 1, 2))).toMatchObject({ statusCode: 400, param: 'frozen_time' });
    await subscribe(stripe, customer);
    expect(await go(at(2027, 3, 2))).toMatchObject({ statusCode: 400, param: 'frozen_time' });
    await advance(stripe, clock, at(2027, 3, 1));
  });

  it('refuses changes to what is under it while it advances', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const price = await makeMonthlyPrice(stripe, { recurring: { interval: 'day' } });
    for (let index = 0; index < 12; index++) await subscribe(stripe, customer, { items: [{ price: price.id }] });
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: newYear + 2 * day });
    const error = await refusal(stripe.customers.update(customer, { name: 'Ada' }));
    expect(error.message).toContain('Test clock advancement underway');
    await sandbox.idle();
    expect((await stripe.customers.update(customer, { name: 'Ada' })).name).toBe('Ada');
  });

  it('goes on after a restart', async () => {
    const { url: databaseUrl, drop } = await createDatabase({ empty: true });
    onTestFinished(drop);
    const first = await startTestSandbox({ databaseUrl });
    const key = newKey();
    const stripe = stripeAt(first.url, key);
    const { clock, customer } = await customerOnClock(stripe);
    const { id } = await subscribe(stripe, customer);
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(2027, 2, 2) });
    await first.close();
    const second = await startTestSandbox({ databaseUrl });
    await second.idle();
    const later = stripeAt(second.url, key);
    expect((await later.testHelpers.testClocks.retrieve(clock)).status).toBe('ready');
    expect((await later.invoices.list({ subscription: id })).data).toHaveLength(2);
    await second.close();
  });

  it('expires a checkout when its time is over', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    const price = await makeMonthlyPrice(stripe);
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: 'https://app.example.com/ok',
    });
    expect(session.expires_at).toBe(newYear + day);
    await advance(stripe, clock, newYear + day);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'expired', url: null });
    expect((await history(stripe)).at(-1)).toMatchObject({ type: 'checkout.session.expired', created: newYear + day });
  });
});

async function inDatabase(statement: string, values: unknown[]) {
  const client = new pg.Client({ connectionString: sandbox.databaseUrl });
  await client.connect();
  await client.query(statement, values);
  await client.end();
}

describe('time', () => {
  it('passes for what is under no clock too', async () => {
    const stripe = stripeAt(sandbox.url);
    const price = await makeMonthlyPrice(stripe);
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: 'https://app.example.com/ok',
    });
    await sandbox.idle();
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    await inDatabase('update sandbox.timer set at = at - 86400 where id = $1', [session.id]);
    await sandbox.idle();
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
  });

  it('stops a clock under which the sandbox fails, and says so', async () => {
    const stripe = stripeAt(sandbox.url);
    const { clock, customer } = await customerOnClock(stripe);
    await subscribe(stripe, customer);
    await inDatabase('update sandbox.object set deleted = true where id = $1', [customer]);
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(2027, 2, 2) });
    await sandbox.idle();
    expect((await stripe.testHelpers.testClocks.retrieve(clock)).status).toBe('internal_failure');
    const { data } = await stripe.events.list({ type: 'test_helpers.test_clock.internal_failure' });
    expect(data).toHaveLength(1);
  });
});
