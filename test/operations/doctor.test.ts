import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type StripeProxy, startStripeProxy } from '../rig/stripe-proxy.ts';

let proxy: StripeProxy;
let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  proxy = await startStripeProxy(() => billgraph.sandbox.url);
  billgraph = await startBillgraph({ stripeApiUrl: proxy.url });
});
beforeEach(async () => {
  proxy.instead.clear();
  proxy.ahead = 0;
  tenant = await createTenant(billgraph);
});
afterAll(async () => {
  await billgraph.close();
  proxy.close();
});

const document = '{ doctor { ok findings { check ok message mend } } }';
type Finding = { check: string; ok: boolean; message: string; mend: string | null };
async function doctor(): Promise<{ ok: boolean; findings: Finding[] }> {
  const { data, errors } = await ask(billgraph, tenant.apiKey, document);
  expect(errors).toBeUndefined();
  return data.doctor;
}
/** Those that are ill, each with a mend. */
async function ill(): Promise<Finding[]> {
  const { ok, findings } = await doctor();
  const ill = findings.filter(({ ok }) => !ok);
  expect(ok).toBe(!ill.length);
  for (const { mend } of ill) expect(mend).toEqual(expect.any(String));
  return ill;
}
const sql = (text: string) => billgraph.app.orm.em.fork().execute(text);
const error = (status: number, message: string) => ({
  status,
  body: { error: { type: 'invalid_request_error', message } },
});

async function setKey(secretKey: string) {
  const em = billgraph.app.orm.em.fork();
  const row = await em.findOneOrFail(StripeConnection, tenant.connectionId);
  row.sealedSecretKey = secretKey.startsWith('v1') ? secretKey : billgraph.app.sealer.seal(secretKey, row.id);
  await em.flush();
  billgraph.app.connections.forget(row.id);
  return row;
}
/** A key of the same account, as the sandbox reads it. */
const keyOf = ({ stripeAccountId }: StripeConnection, kind: string) =>
  `${kind}_51${stripeAccountId.replace('acct_1', '')}abc`;
const rowOf = () => billgraph.app.orm.em.fork().findOneOrFail(StripeConnection, tenant.connectionId);

describe('answers', () => {
  it('that all is well', async () => {
    const { ok, findings } = await doctor();
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(findings.map(({ check }) => check)).toEqual([
      'KEY_VALID',
      'KEY_MODE',
      'CLOCK',
      'KEY_RIGHTS',
      'ENDPOINT',
      'ENDPOINT_API_VERSION',
      'ENDPOINT_EVENTS',
      'EVENT_DESTINATION',
      'WEBHOOK_SECRET',
      'BACKLOG',
      'USAGE',
      'REFERRALS',
      'MIGRATIONS',
      'WORKER',
    ]);
  });

  it('a key that Stripe refuses, and asks no further', async () => {
    proxy.instead.set('GET /v1/account', error(401, 'Expired API Key provided'));
    expect(await ill()).toMatchObject([{ check: 'KEY_VALID', message: expect.stringContaining('Expired') }]);
    expect((await doctor()).findings.map(({ check }) => check)).not.toContain('ENDPOINT');
  });

  it('a Stripe that breaks down', async () => {
    proxy.instead.set('GET /v1/account', { status: 500, body: { error: { type: 'api_error', message: 'Sorry.' } } });
    expect(await ill()).toMatchObject([{ check: 'KEY_VALID', message: expect.stringContaining('cannot be asked') }]);
  });

  it('a key of another account', async () => {
    await setKey(`sk_test_51${'0'.repeat(16)}abc`);
    expect(await ill()).toContainEqual(
      expect.objectContaining({
        check: 'KEY_VALID',
        message: expect.stringContaining((await rowOf()).stripeAccountId),
      }),
    );
  });

  it('a key of the other mode', async () => {
    await setKey(keyOf(await rowOf(), 'sk_live'));
    expect(await ill()).toContainEqual(
      expect.objectContaining({ check: 'KEY_MODE', message: expect.stringContaining('LIVE') }),
    );
  });

  it('a sealed key that does not open', async () => {
    await setKey('v1.00000000.AAAA.AAAA');
    expect(await ill()).toMatchObject([{ check: 'KEY_VALID', mend: expect.stringContaining('ENCRYPTION_KEY') }]);
  });

  it('the rights that a restricted key lacks, by name; and that one with all of them lacks none', async () => {
    await setKey(keyOf(await rowOf(), 'rk_test'));
    expect(await ill()).toEqual([]);
    const lacks = (right: string) =>
      error(403, `Having the '${right}' permission would allow this request to continue.`);
    proxy.instead.set('GET /v1/subscriptions', lacks('rak_subscription_read'));
    proxy.instead.set('POST /v1/customers/cus_billgraph_doctor', lacks('rak_customer_write'));
    expect(await ill()).toMatchObject([
      { check: 'KEY_RIGHTS', message: 'The restricted key lacks Customers: write, Subscriptions: read.' },
    ]);
    const writes = {
      'POST /v1/products/prod_billgraph_doctor': 'Products: write',
      'POST /v1/prices/price_billgraph_doctor': 'Prices: write',
      'GET /v1/coupons': 'Coupons: read',
      'GET /v1/promotion_codes': 'Promotion Codes: read',
      'POST /v1/payment_intents/pi_billgraph_doctor/cancel': 'PaymentIntents: write',
      'POST /v1/refunds/re_billgraph_doctor': 'Charges and Refunds: write',
      'POST /v1/payment_methods/pm_billgraph_doctor/detach': 'PaymentMethods: write',
    };
    for (const request of Object.keys(writes)) proxy.instead.set(request, lacks('rak_any'));
    const message = (await ill()).map((finding) => finding.message).join();
    for (const right of Object.values(writes)) expect(message).toContain(right);
    for (const request of Object.keys(writes)) proxy.instead.delete(request);
    proxy.instead.set('GET /v1/account', lacks('rak_account_read'));
    proxy.instead.set('GET /v1/webhook_endpoints', lacks('rak_webhook_read'));
    expect((await ill()).map(({ check }) => check)).toEqual(['KEY_RIGHTS', 'ENDPOINT']);
  });

  it('a destination of thin events that is gone, disabled, or not asked for what is needed', async () => {
    const { stripe } = tenant;
    const { stripeEventDestinationId: id } = await rowOf();
    const found = async () => (await ill()).map(({ check, message }) => [check, message]);
    await stripe.v2.core.eventDestinations.update(id!, { enabled_events: ['v1.billing.meter.no_meter_found'] });
    expect(await found()).toEqual([['EVENT_DESTINATION', expect.stringContaining('error_report_triggered')]]);
    await stripe.v2.core.eventDestinations.disable(id!);
    expect(await found()).toEqual([['EVENT_DESTINATION', expect.stringContaining('disabled')]]);
    await stripe.v2.core.eventDestinations.del(id!);
    expect(await found()).toEqual([['EVENT_DESTINATION', expect.stringContaining('no destination')]]);
    proxy.instead.set('GET /v2/core/event_destinations', error(403, 'Not permitted.'));
    expect(await found()).toEqual([['EVENT_DESTINATION', expect.stringContaining('no right')]]);
  });

  it.each([
    [120, 'behind'],
    [-120, 'ahead'],
  ])('a clock that Stripe sees %i seconds off', async (seconds, word) => {
    proxy.ahead = seconds * 1000;
    expect(await ill()).toMatchObject([{ check: 'CLOCK', message: expect.stringContaining(word) }]);
  });

  it('an endpoint that is disabled, of another version, without some events, doubled, or gone', async () => {
    const { webhookEndpoints } = tenant.stripe;
    const [endpoint] = (await webhookEndpoints.list()).data;
    await webhookEndpoints.update(endpoint!.id, { disabled: true, enabled_events: ['customer.created'] });
    expect(await ill()).toMatchObject([
      { check: 'ENDPOINT', message: expect.stringContaining('disabled') },
      { check: 'ENDPOINT_EVENTS', message: expect.stringContaining('invoice.paid') },
    ]);
    const old = { url: endpoint!.url, enabled_events: ['*' as const], api_version: '2023-08-16' as const };
    const { id } = await webhookEndpoints.create(old);
    expect((await ill())[0]).toMatchObject({ check: 'ENDPOINT', message: expect.stringContaining(id) });
    await webhookEndpoints.del(endpoint!.id);
    expect((await ill()).map(({ check }) => check)).toEqual(['ENDPOINT', 'ENDPOINT_API_VERSION']);
    await webhookEndpoints.del(id);
    expect(await ill()).toMatchObject([{ check: 'ENDPOINT', message: expect.stringContaining('no webhook endpoint') }]);
  });

  it('deliveries that were not taken, and no signing secret', async () => {
    const data = [
      { id: 'evt_lost', type: 'customer.created' },
      { id: 'evt_of_others', type: 'payout.paid' },
    ];
    proxy.instead.set('GET /v1/events', { status: 200, body: { object: 'list', data, has_more: false } });
    expect(await ill()).toMatchObject([{ check: 'WEBHOOK_SECRET', message: expect.stringContaining('1 events') }]);
    const arrived = (recovered: boolean) =>
      sql(`insert into inbound_event (connection_id, event_id, type, stripe_created, payload, outcome, done_at, recovered)
        values ('${tenant.connectionId}', 'evt_lost', 'customer.created', 1, '{}', 'applied', now(), ${recovered})`);
    await arrived(true);
    expect(await ill()).toMatchObject([{ check: 'WEBHOOK_SECRET' }]);
    await sql(`delete from inbound_event where event_id = 'evt_lost'`);
    await arrived(false);
    expect(await ill()).toEqual([]);
    await sql(`update stripe_connection set sealed_webhook_secrets = '{}' where id = '${tenant.connectionId}'`);
    expect(await ill()).toMatchObject([{ check: 'WEBHOOK_SECRET', message: 'There is no signing secret.' }]);
  });

  it('events that wait too long, and dead ones', async () => {
    await sql(`insert into inbound_event (connection_id, event_id, type, stripe_created, payload, received_at, outcome, done_at)
      values ('${tenant.connectionId}', 'evt_a', 'x', 1, '{}', now() - interval '2 minutes', null, null),
             ('${tenant.connectionId}', 'evt_b', 'x', 1, '{}', now(), 'dead', now())`);
    expect(await ill()).toMatchObject([
      { check: 'BACKLOG', message: expect.stringMatching(/^1 events have waited .* 1 are dead/) },
    ]);
  });

  it('tables that lack a migration', async () => {
    const { databaseUrl } = billgraph;
    const [last] = await asOwner(
      databaseUrl,
      'delete from migration where id = (select max(id) from migration) returning name',
    );
    expect(await ill()).toMatchObject([{ check: 'MIGRATIONS', message: expect.stringContaining(last!.name) }]);
    await asOwner(databaseUrl, 'insert into migration (name) values ($1)', [last.name]);
    expect(await ill()).toEqual([]);
  });
});

describe('refuses', () => {
  it('where Stripe is not connected', async () => {
    await sql(`update stripe_connection set environment = 'LIVE' where id = '${tenant.connectionId}'`);
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, document))).toEqual([{ code: 'CONFLICT' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, its scope, or the whole team', async () => {
    expect(refusalsOf(await ask(billgraph, null, document))[0]!.code).toBe('UNAUTHENTICATED');
    const without = await tenant.newApiKey({ scopes: ['customers:read', 'webhooks:write'] });
    expect(refusalsOf(await ask(billgraph, without, document))[0]!.code).toBe('FORBIDDEN');
    await createTenant(billgraph, { teamId: tenant.teamId });
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, document))[0]!.code).toBe('FORBIDDEN');
  });
});

describe('at the end', () => {
  it('answers that no worker is running', async () => {
    await billgraph.app.worker!.stop();
    expect(await ill()).toMatchObject([{ check: 'WORKER', mend: expect.stringContaining('WORKER=on') }]);
  });
});
