import { expect, it } from 'vitest';
import { wakeReconciliations } from '../../src/ingestion/reconciliation/reconciliation-lanes.ts';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { startStripeProxy } from '../rig/stripe-proxy.ts';
import { driftOf, reconcile, rowsOf } from './reconciliation.rig.ts';

it('a key that may not list thin events is not asked with each minute, and what else there is comes all the same', async () => {
  let billgraph: Billgraph | undefined;
  const proxy = await startStripeProxy(() => billgraph!.sandbox.url);
  billgraph = await startBillgraph({ stripeApiUrl: proxy.url });
  try {
    const tenant = await createTenant(billgraph);
    const thin = 'GET /v2/core/events';
    const error = { type: 'invalid_request_error', code: 'more_permissions_required_for_application', message: 'No.' };
    proxy.instead.set(thin, { status: 403, body: { error } });
    const asked = (path: string) => proxy.asked.filter((request) => request === path).length;
    const walk = async () => {
      const before = asked('GET /v1/events');
      await wakeReconciliations(billgraph!.app.orm.em.fork(), 'events');
      await expect.poll(() => asked('GET /v1/events'), { timeout: 10_000 }).toBeGreaterThan(before);
      await billgraph!.settled();
    };
    await rowsOf(billgraph, `update stripe_connection set created_at = now() - interval '1 hour'`);
    await walk();
    await walk();
    await walk();
    expect(asked(thin)).toBe(1);
    // Whoever asks by himself has mended the key just now.
    proxy.instead.clear();
    await reconcile(billgraph, tenant, { dryRun: true });
    expect(asked(thin)).toBe(2);
    expect(await driftOf(billgraph, tenant)).toMatchObject({ lastError: null });
  } finally {
    await billgraph.close();
    proxy.close();
  }
});
