import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wakeReconciliations } from '../../src/ingestion/reconciliation/reconciliation-lanes.ts';
import { routingMetadata } from '../../src/tenant.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { driftOf, rowsOf, setDeaf } from './reconciliation.rig.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await rowsOf(billgraph, `update stripe_connection set created_at = now() - interval '3 days'`);
  await setDeaf(tenant, true);
});
afterAll(() => billgraph.close());

/** What the clock lets happen each minute. */
async function walk() {
  await wakeReconciliations(billgraph.app.orm.em.fork(), 'events');
  const done = () => rowsOf(billgraph, `select from lane where key like 'reconcile/%'`);
  await expect.poll(async () => (await done()).length, { timeout: 10_000 }).toBe(0);
  await billgraph.settled();
}

/** As if all that Stripe tells had happened so long ago. */
const backdate = (seconds: number) =>
  rowsOf(
    billgraph,
    `update sandbox.object set created = created - $1, data = jsonb_set(data, '{created}', to_jsonb((data ->> 'created')::bigint - $1))
     where object = 'event'`,
    [seconds],
  );

const recovered = async () =>
  (await rowsOf<{ type: string }>(billgraph, 'select type from inbound_event where recovered order by seq')).map(
    ({ type }) => type,
  );
const cursor = async () => Number((await rowsOf(billgraph, 'select events_until from reconciliation'))[0].events_until);

describe('by the clock', () => {
  it('leaves what is younger than two minutes to its delivery', async () => {
    await tenant.stripe.customers.create({ name: 'Ada', metadata: routingMetadata(tenant) });
    await walk();
    expect(await recovered()).toEqual([]);
    expect(await cursor()).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) - 120);
  });

  it('brings what is older, and what became visible late', async () => {
    await backdate(200);
    await walk();
    expect(await recovered()).toEqual(['customer.created']);
    expect((await driftOf(billgraph, tenant)).items).toMatchObject([
      { objectType: 'customer', field: null, reason: 'WEBHOOK_MISSING' },
    ]);

    // Created before the cursor, and seen only now.
    const before = await cursor();
    await tenant.stripe.products.create({ name: 'Late' });
    await backdate(Math.floor(Date.now() / 1000) - before + 60);
    await walk();
    expect(await recovered()).toEqual(['customer.created', 'product.created']);
    expect(await cursor()).toBeGreaterThanOrEqual(before);
  });

  it('does not take twice what came by both ways', async () => {
    await setDeaf(tenant, false);
    const known = (await recovered()).length;
    await tenant.stripe.products.create({ name: 'Heard' });
    await billgraph.settled();
    await backdate(200);
    await walk();
    expect(await recovered()).toHaveLength(known);
  });

  it('keeps nothing of types that nobody asked for', async () => {
    await tenant.stripe.coupons.create({ percent_off: 10, duration: 'once' });
    await backdate(200);
    await walk();
    expect(await rowsOf(billgraph, `select from inbound_event where type like 'coupon.%'`)).toEqual([]);
  });

  it('brings a thin event, which has a list of its own', async () => {
    const { stripe } = tenant;
    const { eventDestinations } = stripe.v2.core;
    for await (const { id } of eventDestinations.list()) await eventDestinations.disable(id);
    const formula = 'count';
    await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula },
    });
    const payload = { stripe_customer_id: 'cus_nobody', value: '1' };
    await stripe.billing.meterEvents.create({ event_name: 'calls', payload });
    await walk();
    expect(await rowsOf(billgraph, 'select from meter_error_report')).toEqual([]);

    await rowsOf(
      billgraph,
      `update sandbox.object set created = created - 200, data = jsonb_set(data, '{created}',
         to_jsonb(to_char(to_timestamp(created - 200) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
       where object = 'v2.core.event'`,
    );
    await walk();
    await walk();
    expect((await recovered()).filter((type) => type.startsWith('v1.'))).toEqual([
      'v1.billing.meter.error_report_triggered',
    ]);
    const reports = await rowsOf(billgraph, 'select error_count from meter_error_report');
    expect(reports).toEqual([{ error_count: '1' }]);
  });

  it('goes on from the stride that was reached when it was cut off', async () => {
    await rowsOf(billgraph, `update reconciliation set events_until = events_until - 2 * 86400`);
    const from = await cursor();
    await setDeaf(tenant, true);
    await tenant.stripe.products.create({ name: 'Far' });
    await backdate(600);
    await walk();
    expect((await recovered()).at(-1)).toBe('product.created');
    expect((await cursor()) - from).toBeGreaterThan(86_400);
  });
});
