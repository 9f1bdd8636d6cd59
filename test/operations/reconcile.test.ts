import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { routingMetadata } from '../../src/tenant.ts';
import { driftOf, forgetEvents, reconcile, rowsOf, setDeaf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph();
});
afterAll(() => billgraph.close());

/** A tenant with a subscriber, whose webhooks arrived so far. */
async function withSubscriber() {
  const tenant = await createTenant(billgraph);
  const price = await createPrice(tenant);
  const customer = await tenant.stripe.customers.create({
    email: 'ada@example.com',
    metadata: routingMetadata(tenant),
  });
  const subscription = await subscribe(tenant, customer.id, price.id);
  await billgraph.settled();
  return { tenant, price, customer, subscription };
}

async function subscribe({ stripe }: TestTenant, customer: string, price: string) {
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  return stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: card.id });
}

const byObject = (one: { object: string }, other: { object: string }) => (one.object < other.object ? -1 : 1);

const statusOf = async (id: string) =>
  (await rowsOf(billgraph, 'select status from subscription where stripe_subscription_id = $1', [id]))[0]?.status;

describe('heals', () => {
  it('what missing webhooks would have told, and says so', async () => {
    const { tenant, customer, subscription } = await withSubscriber();
    await setDeaf(tenant, true);
    await tenant.stripe.customers.update(customer.id, { name: 'Ada' });
    await tenant.stripe.subscriptions.cancel(subscription.id);
    expect(await statusOf(subscription.id)).toBe('ACTIVE');
    await reconcile(billgraph, tenant);
    expect(await statusOf(subscription.id)).toBe('CANCELED');
    const { items, ...report } = await driftOf(billgraph, tenant);
    expect(report).toMatchObject({ open: 0, isRunning: false, lastError: null, sweptAt: expect.any(String) });
    expect(items).toContainEqual(
      expect.objectContaining({
        object: customer.id,
        objectType: 'customer',
        field: 'name',
        local: null,
        stripe: 'Ada',
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({ object: subscription.id, field: 'status', local: 'ACTIVE', stripe: 'CANCELED' }),
    );
    expect(items.map(({ reason }) => reason)).toEqual(items.map(() => 'WEBHOOK_MISSING'));
    expect(items.every(({ healedAt }) => healedAt)).toBe(true);
    const recovered = await rowsOf(
      billgraph,
      `select type, outcome from inbound_event where recovered and connection_id = $1`,
      [tenant.connectionId],
    );
    expect(recovered).toContainEqual({ type: 'customer.subscription.deleted', outcome: 'applied' });
  });

  it('a row that somebody edited here, or lost', async () => {
    const { tenant, customer, subscription } = await withSubscriber();
    await rowsOf(billgraph, `update customer set name = 'Mallory' where stripe_customer_id = $1`, [customer.id]);
    const [invoice] = await rowsOf(
      billgraph,
      `delete from invoice where subscription_id = (select id from subscription where stripe_subscription_id = $1)
       returning stripe_invoice_id as id`,
      [subscription.id],
    );
    await rowsOf(billgraph, 'delete from subscription where stripe_subscription_id = $1', [subscription.id]);
    await reconcile(billgraph, tenant);
    expect(await statusOf(subscription.id)).toBe('ACTIVE');
    const { items } = await driftOf(billgraph, tenant);
    expect(items).toMatchObject([
      { object: customer.id, field: 'name', local: 'Mallory', stripe: null, reason: 'EDITED_IN_STRIPE' },
      { object: subscription.id, field: null, local: null, stripe: 'exists', reason: 'EDITED_IN_STRIPE' },
      { object: invoice.id, objectType: 'invoice', field: null, stripe: 'exists', reason: 'EDITED_IN_STRIPE' },
      // It went with its invoice.
      { objectType: 'invoice_payment', field: null, stripe: 'exists', reason: 'EDITED_IN_STRIPE' },
    ]);
    expect(items.every(({ healedAt }) => healedAt)).toBe(true);
  });

  it('invoices and their lines that somebody edited here, and drafts that Stripe deleted without a word', async () => {
    const { tenant, customer, subscription } = await withSubscriber();
    const draft = await tenant.stripe.invoices.create({ customer: customer.id });
    await billgraph.settled();
    await setDeaf(tenant, true);
    await tenant.stripe.invoices.del(draft.id);
    // As if the event were older than thirty days.
    await rowsOf(billgraph, 'insert into reconciliation (connection_id, events_until) values ($1, $2)', [
      tenant.connectionId,
      Math.floor(Date.now() / 1000) + 86_400,
    ]);
    const [invoice] = await rowsOf(
      billgraph,
      `update invoice set amount_paid = 1 where subscription_id = (select id from subscription where stripe_subscription_id = $1)
       returning id, stripe_invoice_id as stripe`,
      [subscription.id],
    );
    await rowsOf(billgraph, 'update invoice_line set amount = 2 where invoice_id = $1', [invoice.id]);
    await reconcile(billgraph, tenant);
    const { items, open } = await driftOf(billgraph, tenant);
    expect(open).toBe(0);
    const ofInvoices = items.filter(({ objectType }) => objectType === 'invoice');
    expect(ofInvoices).toHaveLength(3);
    const differs = { object: invoice.stripe, reason: 'EDITED_IN_STRIPE' };
    expect(ofInvoices).toContainEqual(expect.objectContaining({ ...differs, field: 'amountPaid', local: '1' }));
    expect(ofInvoices).toContainEqual(expect.objectContaining({ ...differs, field: 'lines' }));
    expect(ofInvoices).toContainEqual(
      expect.objectContaining({ object: draft.id, field: null, local: 'exists', stripe: null }),
    );
    const sql = `select i.amount_paid, l.amount from invoice i join invoice_line l on l.invoice_id = i.id
      where i.connection_id = $1`;
    const rows = await rowsOf(billgraph, sql, [tenant.connectionId]);
    expect(rows).toEqual([{ amount_paid: rows[0].amount, amount: rows[0].amount }]);
    expect(Number(rows[0].amount)).toBeGreaterThan(2);
  });

  it('meters that were renamed, archived and taken up again in Stripe without a word', async () => {
    const tenant = await createTenant(billgraph);
    const usage = usageOf(billgraph, tenant);
    const [renamed, archived, reactivated] = [await usage.newMeter(), await usage.newMeter(), await usage.newMeter()];
    await usage.archiveMeter({ meterId: reactivated.id });
    await billgraph.settled();
    await setDeaf(tenant, true);
    const { meters } = tenant.stripe.billing;
    await meters.update(renamed.stripeMeterId, { display_name: 'Renamed' });
    await meters.deactivate(archived.stripeMeterId);
    await meters.reactivate(reactivated.stripeMeterId);
    await meters.create({ display_name: 'x', event_name: 'nobodys', default_aggregation: { formula: 'sum' } });
    await billgraph.settled();
    await forgetEvents(billgraph, '^billing.meter');
    await reconcile(billgraph, tenant);
    const { items, open, lastError } = await driftOf(billgraph, tenant);
    expect({ open, lastError }).toEqual({ open: 0, lastError: null });
    const [at] = await rowsOf(billgraph, 'select archived_at as since from meter where id = $1', [archived.id]);
    expect(items.map(({ healedAt, ...item }) => ({ ...item, isHealed: healedAt !== null })).toSorted(byObject)).toEqual(
      [
        { object: renamed.stripeMeterId, field: 'displayName', local: 'Calls', stripe: 'Renamed' },
        { object: archived.stripeMeterId, field: 'archivedAt', local: null, stripe: expect.any(String) },
        { object: reactivated.stripeMeterId, field: 'archivedAt', local: expect.any(String), stripe: null },
      ]
        .map((item) => ({
          ...item,
          objectType: 'billing.meter',
          reason: 'EDITED_IN_STRIPE',
          firstSeenAt: expect.any(String),
          isHealed: true,
        }))
        .toSorted(byObject),
    );
    expect(at.since).not.toBeNull();
    const answer = await ask(billgraph, tenant.apiKey, '{ meters { nodes { displayName } } }');
    expect(answer.data.meters.nodes.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
      'Renamed',
      'Calls',
    ]);
  });

  it('what Stripe deleted without a word', async () => {
    const { tenant, customer, subscription } = await withSubscriber();
    const lonely = await tenant.stripe.products.create({ name: 'Gone', metadata: routingMetadata(tenant) });
    await billgraph.settled();
    await setDeaf(tenant, true);
    await tenant.stripe.products.del(lonely.id);
    await tenant.stripe.customers.del(customer.id);
    // As if the events were older than thirty days.
    await rowsOf(billgraph, 'insert into reconciliation (connection_id, events_until) values ($1, $2)', [
      tenant.connectionId,
      Math.floor(Date.now() / 1000) + 86_400,
    ]);
    await reconcile(billgraph, tenant);
    const products = await rowsOf(billgraph, 'select active from product where stripe_product_id = $1', [lonely.id]);
    expect(products).toEqual([{ active: false }]);
    const customers = await rowsOf(billgraph, 'select email, deleted_at from customer where stripe_customer_id = $1', [
      customer.id,
    ]);
    expect(customers).toEqual([{ email: null, deleted_at: expect.any(Date) }]);
    expect(await statusOf(subscription.id)).toBe('CANCELED');
    const { open, items } = await driftOf(billgraph, tenant);
    expect(open).toBe(0);
    expect(new Set(items.map(({ object }) => object))).toEqual(new Set([lonely.id, customer.id, subscription.id]));
  });

  it('an event that died, by its reason', async () => {
    const { tenant, customer } = await withSubscriber();
    await rowsOf(billgraph, `update customer set name = 'Mallory' where stripe_customer_id = $1`, [customer.id]);
    await rowsOf(
      billgraph,
      `update inbound_event set outcome = 'dead' where type = 'customer.created' and connection_id = $1`,
      [tenant.connectionId],
    );
    await reconcile(billgraph, tenant);
    expect((await driftOf(billgraph, tenant)).items).toMatchObject([{ object: customer.id, reason: 'WEBHOOK_FAILED' }]);
  });
});

describe('a customer who changed to another subscription unheard', () => {
  it('is never without access: the new one comes before the old one goes', async () => {
    const { tenant, price, customer, subscription } = await withSubscriber();
    await setDeaf(tenant, true);
    await tenant.stripe.subscriptions.cancel(subscription.id);
    const next = await subscribe(tenant, customer.id, price.id);
    await asOwner(
      billgraph.databaseUrl,
      `create table access_log as select now() as at, 0::bigint as live;
       create or replace function log_access() returns trigger language plpgsql security definer as $$ begin
         insert into access_log select clock_timestamp(), count(*) from subscription
         where customer_id = new.customer_id and status in ('ACTIVE', 'TRIALING', 'PAST_DUE');
         return null; end $$;
       create constraint trigger log_access after insert or update on subscription
         deferrable initially deferred for each row execute function log_access();
       delete from access_log`,
    );
    onTestFinished(async () => {
      await asOwner(billgraph.databaseUrl, 'drop trigger log_access on subscription; drop table access_log');
    });
    await reconcile(billgraph, tenant);
    expect([await statusOf(subscription.id), await statusOf(next.id)]).toEqual(['CANCELED', 'ACTIVE']);
    const log = await asOwner<{ live: string }>(billgraph.databaseUrl, 'select live from access_log');
    expect(log.length).toBeGreaterThan(1);
    expect(log.filter(({ live }) => Number(live) < 1)).toEqual([]);
    const { items } = await driftOf(billgraph, tenant);
    expect(items.find(({ object, field }) => object === subscription.id && field === 'status')).toMatchObject({
      local: 'ACTIVE',
      stripe: 'CANCELED',
      reason: 'DIFFERENT_LIVE_SUBSCRIPTION',
    });
  });
});

describe('a dry run', () => {
  it('finds, and changes nothing; the next one heals', async () => {
    const { tenant, customer, subscription } = await withSubscriber();
    await setDeaf(tenant, true);
    await tenant.stripe.customers.update(customer.id, { name: 'Ada' });
    await rowsOf(billgraph, `update subscription set quantity = 7 where stripe_subscription_id = $1`, [
      subscription.id,
    ]);
    await reconcile(billgraph, tenant, { dryRun: true });
    const found = await driftOf(billgraph, tenant);
    expect(found.open).toBe(2);
    expect(found.items).toMatchObject([
      { object: customer.id, field: 'name', reason: 'WEBHOOK_MISSING', healedAt: null },
      {
        object: subscription.id,
        field: 'quantity',
        local: '7',
        stripe: '1',
        reason: 'EDITED_IN_STRIPE',
        healedAt: null,
      },
    ]);
    const [row] = await rowsOf(billgraph, 'select name from customer where stripe_customer_id = $1', [customer.id]);
    expect(row.name).toBeNull();
    expect(
      await rowsOf(billgraph, 'select from inbound_event where recovered and connection_id = $1', [
        tenant.connectionId,
      ]),
    ).toEqual([]);

    await reconcile(billgraph, tenant);
    const healed = await driftOf(billgraph, tenant);
    expect(healed).toMatchObject({ open: 0, totalCount: 2 });
    expect(healed.items.every(({ healedAt }) => healedAt)).toBe(true);
  });

  it('finds nothing where all is well', async () => {
    const { tenant } = await withSubscriber();
    await reconcile(billgraph, tenant, { dryRun: true });
    expect(await driftOf(billgraph, tenant)).toMatchObject({ open: 0, items: [], lastError: null });
  });
});

it('says why it cannot ask Stripe, and goes on when it can', async () => {
  const { tenant } = await withSubscriber();
  const { app } = billgraph;
  const [{ sealed_secret_key: good }] = await rowsOf(
    billgraph,
    'select sealed_secret_key from stripe_connection where id = $1',
    [tenant.connectionId],
  );
  const setKey = async (sealed: string) => {
    await rowsOf(billgraph, 'update stripe_connection set sealed_secret_key = $2 where id = $1', [
      tenant.connectionId,
      sealed,
    ]);
    app.connections.forget(tenant.connectionId);
  };
  await setKey(app.sealer.seal('sk_live_wrong', tenant.connectionId));
  const document = 'mutation { reconcile(input: {}) { dryRun } }';
  await ask(billgraph, tenant.apiKey, document);
  await expect.poll(async () => (await driftOf(billgraph, tenant)).lastError, { timeout: 10_000 }).toContain('live');
  expect((await driftOf(billgraph, tenant)).isRunning).toBe(true);
  await setKey(good);
  await expect.poll(async () => (await driftOf(billgraph, tenant)).isRunning, { timeout: 15_000 }).toBe(false);
});

describe('is not allowed', () => {
  it.each([
    ['mutation { reconcile(input: {}) { dryRun } }', 'webhooks:read'],
    ['{ driftReport { open } }', 'webhooks:write'],
    ['{ ingestionHealth { backlog } }', 'webhooks:write'],
  ] as const)('%s with %s alone, without a credential, or for one of two projects', async (document, scope) => {
    const tenant = await createTenant(billgraph);
    const key = await tenant.newApiKey({ scopes: [scope] });
    expect(refusalsOf(await ask(billgraph, key, document))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await ask(billgraph, null, document))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    await createTenant(billgraph, { teamId: tenant.teamId });
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, document))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
