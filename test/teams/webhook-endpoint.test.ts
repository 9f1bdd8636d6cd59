import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subscribedEventTypes } from '../../src/ingestion/webhooks/event-types.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { ensureWebhookEndpoint } from '../../src/tenancy/webhook-endpoints/ensure-webhook-endpoint.ts';
import { rollWebhookSecret } from '../../src/tenancy/webhook-endpoints/roll-webhook-secret.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
});
beforeEach(async () => {
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const rowOf = () => billgraph.app.orm.em.fork().findOneOrFail(StripeConnection, tenant.connectionId);
const endpoints = async () => (await tenant.stripe.webhookEndpoints.list({ limit: 100 })).data;
const secretsOf = async () => {
  const { id, sealedWebhookSecrets } = await rowOf();
  return sealedWebhookSecrets.map((sealed) => billgraph.app.sealer.open(sealed, id));
};

async function withRow(
  work: (tools: Parameters<typeof rollWebhookSecret>[0], connection: StripeConnection) => Promise<void>,
) {
  const em = billgraph.app.orm.em.fork();
  const connection = await em.findOneOrFail(StripeConnection, tenant.connectionId);
  const write: (typeof em)['transactional'] = (work) => em.transactional(work);
  await work({ write, stripe: tenant.stripe, sealer: billgraph.app.sealer }, connection);
  billgraph.app.connections.forget(tenant.connectionId);
}
const ensure = (publicUrl = billgraph.url) =>
  withRow((tools, connection) => ensureWebhookEndpoint(tools, connection, publicUrl));
const roll = (overlap?: number) => withRow((tools, connection) => rollWebhookSecret(tools, connection, overlap));

/** The lane that ends the overlap, before its time. */
async function retire() {
  await billgraph.app.orm.em.execute(
    `update lane set run_at = now() where key like 'webhook-endpoint/${tenant.connectionId}/%'`,
  );
  await billgraph.app.worker!.idle();
}

/** Whether Stripe's deliveries arrive. */
async function arrives() {
  const { id } = await tenant.stripe.products.create({ name: 'Pro' });
  await billgraph.settled();
  const [row] = await billgraph.app.orm.em
    .fork()
    .execute(`select count(*)::int as count from inbound_event where payload->'data'->'object'->>'id' = '${id}'`);
  return row!.count as number;
}

/** Whether a delivery that is signed with this secret is taken. */
async function takes(secret: string) {
  const account = (await rowOf()).stripeAccountId;
  const event = { id: `evt_${Math.random()}`, object: 'event', type: 'product.created', livemode: false, account };
  const payload = JSON.stringify({ ...event, created: 1, data: { object: { id: 'prod_x', object: 'product' } } });
  const signature = tenant.stripe.webhooks.generateTestHeaderString({ payload, secret });
  const { status } = await fetch(`${billgraph.url}/webhooks/stripe/${tenant.connectionId}`, {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  });
  return status === 200;
}

describe('ensureWebhookEndpoint', () => {
  it('leaves one that is well alone, however often', async () => {
    const before = await endpoints();
    expect(before).toHaveLength(1);
    await ensure();
    await ensure();
    expect(await endpoints()).toEqual(before);
    expect(await secretsOf()).toHaveLength(1);
  });

  it('moves it with the address of the server, enables it and asks for what is missing', async () => {
    const [{ id } = { id: '' }] = await endpoints();
    await tenant.stripe.webhookEndpoints.update(id, { enabled_events: ['customer.created'], disabled: true });
    await ensure('https://billing.example.com');
    expect(await endpoints()).toMatchObject([
      {
        id,
        url: `https://billing.example.com/webhooks/stripe/${tenant.connectionId}`,
        enabled_events: [...subscribedEventTypes],
        status: 'enabled',
      },
    ]);
    await ensure();
    expect(await arrives()).toBe(1);
  });

  it('replaces one whose secret nobody knows: the start that made it was cut off', async () => {
    const [orphan] = await endpoints();
    const row = { stripeWebhookEndpointId: null, sealedWebhookSecrets: [] };
    await billgraph.app.orm.em.fork().nativeUpdate(StripeConnection, { id: tenant.connectionId }, row);
    await ensure();
    const now = await endpoints();
    expect(now).toMatchObject([{ url: orphan!.url }]);
    expect(now[0]!.id).not.toBe(orphan!.id);
    expect(await arrives()).toBe(1);
  });

  it('makes it anew where somebody deleted it', async () => {
    await tenant.stripe.webhookEndpoints.del((await endpoints())[0]!.id);
    await ensure();
    expect(await endpoints()).toHaveLength(1);
    expect(await arrives()).toBe(1);
  });

  it("replaces one of another API version, with an overlap, and leaves others' endpoints alone", async () => {
    const foreign = await tenant.stripe.webhookEndpoints.create({
      url: 'https://other.example.com/webhooks',
      enabled_events: ['charge.refunded'],
    });
    const [, { url }] = (await endpoints()) as [Stripe.WebhookEndpoint, Stripe.WebhookEndpoint];
    const old = await tenant.stripe.webhookEndpoints.create({
      url,
      enabled_events: [...subscribedEventTypes],
      api_version: '2023-08-16',
    });
    await withRow(({ write, sealer }, { id }) =>
      write(async (em) => {
        const connection = await em.findOneOrFail(StripeConnection, id);
        connection.stripeWebhookEndpointId = old.id;
        connection.sealedWebhookSecrets = [sealer.seal(old.secret!, id)];
      }),
    );
    await ensure();
    const ours = (await endpoints()).filter(({ id }) => id !== foreign.id);
    expect(ours).toHaveLength(2);
    expect(ours.find(({ id }) => id !== old.id)!.api_version).not.toBe('2023-08-16');
    expect(await arrives()).toBe(1);
    await retire();
    expect((await endpoints()).map(({ id }) => id).sort()).toEqual(
      [foreign.id, (await rowOf()).stripeWebhookEndpointId].sort(),
    );
    expect(await arrives()).toBe(1);
  });
});

describe('rollWebhookSecret', () => {
  it('takes both secrets until the old one ends', async () => {
    const [old] = await secretsOf();
    await roll();
    const [fresh, second] = await secretsOf();
    expect(second).toBe(old);
    expect(fresh).not.toBe(old);
    expect([await takes(old!), await takes(fresh!)]).toEqual([true, true]);
    expect(await arrives()).toBe(1);
    const untilItEnds = (await rowOf()).webhookSecretRetiresAt!.getTime() - Date.now();
    expect(untilItEnds / 3_600_000).toBeCloseTo(24, 1);

    await retire();
    expect(await secretsOf()).toEqual([fresh]);
    expect([await takes(old!), await takes(fresh!)]).toEqual([false, true]);
    expect(await endpoints()).toHaveLength(1);
    expect(await arrives()).toBe(1);
  });

  it('ends the old one at once where it was leaked', async () => {
    const [leaked] = await secretsOf();
    await roll(0);
    await billgraph.app.worker!.idle();
    expect(await takes(leaked!)).toBe(false);
    expect(await endpoints()).toHaveLength(1);
  });

  it('twice in a row: two overlap, not three, and the first roll ends nothing any more', async () => {
    const [eldest] = await secretsOf();
    await roll(60);
    await roll(60);
    expect(await secretsOf()).toHaveLength(2);
    expect(await endpoints()).toHaveLength(2);
    expect(await takes(eldest!)).toBe(false);
    const { webhookSecretRetiresAt } = await rowOf();
    await billgraph.app.orm.em.execute(
      `update lane set run_at = now() where key like 'webhook-endpoint/${tenant.connectionId}/%'
       and key not like '%/${webhookSecretRetiresAt!.getTime()}'`,
    );
    await billgraph.app.worker!.idle();
    expect(await secretsOf()).toHaveLength(2);
    await retire();
    expect(await endpoints()).toHaveLength(1);
    expect(await arrives()).toBe(1);
  });

  it.each([-1, 0.5, 86_401, Number.NaN])('refuses an overlap of %d seconds', async (overlap) => {
    await expect(roll(overlap)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'overlap' } });
  });

  it('refuses where there is no endpoint of ours', async () => {
    await tenant.stripe.webhookEndpoints.del((await endpoints())[0]!.id);
    await expect(roll()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the destination of thin events', () => {
  const destinations = async () =>
    (await tenant.stripe.v2.core.eventDestinations.list({ include: ['webhook_endpoint.url'] })).data;
  const thinSecret = async () => {
    const { id, sealedThinSecret } = await rowOf();
    return billgraph.app.sealer.open(sealedThinSecret!, id);
  };
  /** Whether Stripe's report of usage for a customer that it does not know arrives, signed. */
  async function reports() {
    const event_name = `calls_${crypto.randomUUID()}`;
    const { billing } = tenant.stripe;
    const meter = { display_name: 'Calls', event_name, default_aggregation: { formula: 'sum' } } as const;
    const { id } = await billing.meters.create(meter);
    await billing.meterEvents.create({ event_name, payload: { stripe_customer_id: 'cus_nobody', value: '1' } });
    await billgraph.settled();
    const sql = `select count(*)::int as count from meter_error_report where stripe_meter_id = '${id}'`;
    return (await billgraph.app.orm.em.fork().execute(sql))[0]!.count as number;
  }

  it('is made with the endpoint, and left alone where it is well', async () => {
    const before = await destinations();
    expect(before).toMatchObject([
      {
        id: (await rowOf()).stripeEventDestinationId,
        event_payload: 'thin',
        enabled_events: ['v1.billing.meter.error_report_triggered'],
        webhook_endpoint: { url: `${billgraph.url}/webhooks/stripe/${tenant.connectionId}` },
      },
    ]);
    await ensure();
    await ensure();
    expect(await destinations()).toEqual(before);
    expect(await reports()).toBe(1);
  });

  it('moves with the address of the server, is enabled and asks for what is missing', async () => {
    const [{ id } = { id: '' }] = await destinations();
    await tenant.stripe.v2.core.eventDestinations.update(id, { enabled_events: ['v1.billing.meter.no_meter_found'] });
    await tenant.stripe.v2.core.eventDestinations.disable(id);
    await ensure('https://billing.example.com');
    const url = `https://billing.example.com/webhooks/stripe/${tenant.connectionId}`;
    expect(await destinations()).toMatchObject([{ id, status: 'enabled', webhook_endpoint: { url } }]);
    await ensure();
    expect(await reports()).toBe(1);
  });

  it('is replaced where nobody knows its secret, and made anew where somebody deleted it', async () => {
    const [orphan] = await destinations();
    const row = { stripeEventDestinationId: null, sealedThinSecret: null };
    await billgraph.app.orm.em.fork().nativeUpdate(StripeConnection, { id: tenant.connectionId }, row);
    await ensure();
    const now = await destinations();
    expect(now).toHaveLength(1);
    expect(now[0]!.id).not.toBe(orphan!.id);
    expect(await reports()).toBe(1);
    await tenant.stripe.v2.core.eventDestinations.del(now[0]!.id);
    await ensure();
    expect(await destinations()).toHaveLength(1);
    expect(await reports()).toBe(1);
  });

  it("keeps its secret when the endpoint's is rolled, and when the older one retires", async () => {
    const secret = await thinSecret();
    await roll();
    await retire();
    expect(await thinSecret()).toBe(secret);
    expect(await takes(secret)).toBe(true);
    expect(await destinations()).toHaveLength(1);
    expect(await reports()).toBe(1);
  });

  it("leaves others' destinations alone", async () => {
    await tenant.stripe.v2.core.eventDestinations.create({
      name: 'Other',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.billing.meter.no_meter_found'],
      webhook_endpoint: { url: 'https://other.example.com/webhooks' },
    });
    await ensure();
    expect(await destinations()).toHaveLength(2);
  });
});
