import { expect, it } from 'vitest';
import { reconciliationLaneOf } from '../../src/ingestion/reconciliation/reconciliation-lanes.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { startStripeProxy } from '../rig/stripe-proxy.ts';
import { driftOf, rowsOf } from './reconciliation.rig.ts';

it('a nightly sweep that was cut off goes on where it was, and the next one begins anew', {
  timeout: 60_000,
}, async () => {
  let billgraph: Billgraph | undefined;
  const proxy = await startStripeProxy(() => billgraph!.sandbox.url);
  billgraph = await startBillgraph({ stripeApiUrl: proxy.url });
  try {
    const tenant = await createTenant(billgraph);
    await tenant.stripe.products.create({ name: 'Pro' });
    await billgraph.settled();
    const sweep = async () => {
      const em = billgraph!.app.orm.em.fork();
      await em.transactional((em) => wakeLanes(em, [reconciliationLaneOf(tenant.connectionId, 'sweep')]));
    };
    const placeOf = async () => (await rowsOf(billgraph!, 'select sweep_place as place from reconciliation'))[0]?.place;
    const listed = (path: string) => proxy.asked.filter((request) => request === `GET /v1/${path}`).length;

    const error = { type: 'api_error', message: 'Stripe is away.' };
    proxy.instead.set('GET /v1/prices', { status: 503, body: { error } });
    const before = { customers: listed('customers'), products: listed('products') };
    await sweep();
    await expect.poll(() => listed('prices'), { timeout: 20_000 }).toBeGreaterThan(2);
    expect(await placeOf()).toMatchObject({ sections: expect.any(Array), cursor: null });
    expect((await driftOf(billgraph, tenant)).sweptAt).toBeNull();

    proxy.instead.clear();
    await expect.poll(async () => (await driftOf(billgraph!, tenant)).sweptAt, { timeout: 20_000 }).not.toBeNull();
    expect({ customers: listed('customers'), products: listed('products') }).toEqual({
      // Once more for the payment methods of each.
      customers: before.customers + 2,
      products: before.products + 1,
    });
    expect(await placeOf()).toBeNull();

    await sweep();
    await billgraph.settled();
    expect(listed('customers')).toBe(before.customers + 4);
  } finally {
    await billgraph.close();
    proxy.close();
  }
});
