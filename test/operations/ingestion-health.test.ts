import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconcile, rowsOf, setDeaf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const health = async () => {
  const fields = 'lagSeconds backlog dead unrouted lastEventAt isDeaf endpointApiVersion missingEventTypes';
  const { data, errors } = await ask(billgraph, tenant.apiKey, `{ ingestionHealth { ${fields} } }`);
  expect(errors).toBeUndefined();
  return data.ingestionHealth;
};

it('of a connection that nothing has happened to', async () => {
  expect(await health()).toEqual({
    lagSeconds: 0,
    backlog: 0,
    dead: 0,
    unrouted: 0,
    lastEventAt: null,
    isDeaf: false,
    endpointApiVersion: null,
    missingEventTypes: null,
  });
});

it('counts what waits, what died and what belongs to nobody', async () => {
  await tenant.stripe.customers.create({ email: 'stranger@example.com' });
  await createPrice(tenant);
  await billgraph.settled();
  await rowsOf(billgraph, `update inbound_event set outcome = 'dead' where type = 'price.created'`);
  await rowsOf(
    billgraph,
    `update inbound_event set done_at = null, outcome = null, received_at = now() - interval '90 seconds' where type = 'product.created'`,
  );
  const { lagSeconds, ...rest } = await health();
  expect(rest).toMatchObject({ backlog: 1, dead: 1, unrouted: 1, lastEventAt: expect.any(String) });
  expect(lagSeconds).toBeGreaterThanOrEqual(90);
});

it('knows the endpoint since the last reconciliation, and what it does not send', async () => {
  await reconcile(billgraph, tenant);
  const [endpoint] = (await tenant.stripe.webhookEndpoints.list()).data;
  expect(await health()).toMatchObject({ endpointApiVersion: endpoint!.api_version, missingEventTypes: [] });
  const kept = endpoint!.enabled_events.filter((type) => type !== 'invoice.paid') as 'invoice.created'[];
  await tenant.stripe.webhookEndpoints.update(endpoint!.id, { enabled_events: kept });
  await reconcile(billgraph, tenant);
  expect((await health()).missingEventTypes).toEqual(['invoice.paid']);
  await setDeaf(tenant, true);
  await reconcile(billgraph, tenant);
  expect(await health()).toMatchObject({ endpointApiVersion: null, missingEventTypes: null });
});

it('is deaf, and the server not ready, when for long only the reconciler found events; a delivery ends it', async () => {
  const ready = async () => {
    const response = await fetch(`${billgraph.url}/ready`);
    const { checks } = (await response.json()) as { checks: { webhooks: boolean } };
    return { status: response.status, webhooks: checks.webhooks };
  };
  for (const name of ['one', 'two']) {
    await tenant.stripe.products.create({ name });
    await reconcile(billgraph, tenant);
    expect(await ready()).toEqual({ status: 200, webhooks: true });
  }
  // As if the first of them had been found a quarter of an hour ago, and the last delivery been before.
  await rowsOf(billgraph, `update inbound_event set received_at = received_at - interval '1 hour' where not recovered`);
  await rowsOf(
    billgraph,
    `update inbound_event set received_at = received_at - interval '15 minutes'
     where seq = (select min(seq) from inbound_event where recovered and type = 'product.created')`,
  );
  expect(await ready()).toEqual({ status: 503, webhooks: false });
  expect((await health()).isDeaf).toBe(true);

  await setDeaf(tenant, false);
  await tenant.stripe.products.create({ name: 'three' });
  await billgraph.settled();
  expect(await ready()).toEqual({ status: 200, webhooks: true });
  expect((await health()).isDeaf).toBe(false);
});
