import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { anEntitlement, anEntitlementSummary } from './payment-objects.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
  ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody'));
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;
let customers = 0;

function aKnownCustomer() {
  const id = `cus_${++customers}`;
  ingestion.stripe.objects.set(id, aCustomer(id, { metadata: ours }));
  return id;
}

async function bring(summary: object, fields: object = {}) {
  const event = anEvent('entitlements.active_entitlement_summary.updated', summary, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

/** What Stripe lists now. */
const holds = (customer: string, features: string[]) =>
  ingestion.stripe.entitlements.set(customer, features.map(anEntitlement));

async function featuresOf(customer: string) {
  const rows = await ingestion.rows(
    `select lookup_key from active_entitlement e join customer c on c.id = e.customer_id
     where stripe_customer_id = $1 order by lookup_key`,
    [customer],
  );
  return rows.map(({ lookup_key }) => lookup_key);
}

it('brings what a customer may use, whom nobody knew, and asks for no list', async () => {
  const customer = aKnownCustomer();
  expect(await bring(anEntitlementSummary(customer, ['export', 'seats']))).toBe('applied');
  const rows = await ingestion.rows(
    `select e.* from active_entitlement e join customer c on c.id = e.customer_id where stripe_customer_id = $1 order by lookup_key`,
    [customer],
  );
  expect(rows).toMatchObject([
    {
      id: expect.stringMatching(/^pae_/),
      project_id: ours.billgraph_project_id,
      environment: 'TEST',
      stripe_feature_id: 'feat_export',
      stripe_entitlement_id: 'ent_export',
      lookup_key: 'export',
    },
    { lookup_key: 'seats' },
  ]);
  expect(ingestion.stripe.asked).not.toContain('active_entitlements');
});

it('follows what comes and goes, until there is nothing', async () => {
  const customer = aKnownCustomer();
  await bring(anEntitlementSummary(customer, ['export', 'seats']));
  const [{ id: kept }] = (await ingestion.rows(
    `select e.id from active_entitlement e join customer c on c.id = e.customer_id
     where stripe_customer_id = $1 and lookup_key = 'seats'`,
    [customer],
  )) as [{ id: string }];
  await bring(anEntitlementSummary(customer, ['seats', 'sso']));
  expect(await featuresOf(customer)).toEqual(['seats', 'sso']);
  expect(await ingestion.rows('select from active_entitlement where id = $1', [kept])).toHaveLength(1);
  await bring(anEntitlementSummary(customer, []));
  expect(await featuresOf(customer)).toEqual([]);
});

it('lists what is cut off, all pages', async () => {
  const customer = aKnownCustomer();
  const features = Array.from({ length: 23 }, (_, n) => `feature_${String(n).padStart(2, '0')}`);
  holds(customer, features);
  await bring(anEntitlementSummary(customer, features.slice(0, 10), { has_more: true }));
  expect(await featuresOf(customer)).toEqual(features);
});

it('lists after an event that came late, two of one second, and one of an older shape', async () => {
  const customer = aKnownCustomer();
  await bring(anEntitlementSummary(customer, ['new']));
  holds(customer, ['newest']);
  expect(await bring(anEntitlementSummary(customer, ['old']), { created: second - 100 })).toBe('applied');
  expect(await featuresOf(customer)).toEqual(['newest']);

  second += 100;
  holds(customer, ['truth']);
  const created = ++second;
  const tied = ['left', 'right'].map((feature) =>
    anEvent('entitlements.active_entitlement_summary.updated', anEntitlementSummary(customer, [feature]), { created }),
  );
  await Promise.all([...tied, ...tied].map((event) => deliver(ingestion, connection, event)));
  await ingestion.worker.idle();
  expect(await featuresOf(customer)).toEqual(['truth']);

  second += 100;
  holds(customer, ['listed']);
  await bring(anEntitlementSummary(customer, ['older']), { api_version: '2023-08-16' });
  expect(await featuresOf(customer)).toEqual(['listed']);
});

it('of a customer that Stripe deleted, nothing stays', async () => {
  const customer = aKnownCustomer();
  await bring(anEntitlementSummary(customer, ['export']));
  ingestion.stripe.objects.set(customer, { id: customer, object: 'customer', deleted: true });
  expect(await bring(anEntitlementSummary(customer, ['export']), { created: second - 100 })).toBe('applied');
  expect(await featuresOf(customer)).toEqual([]);
});

it('concludes nothing from a customer that the account does not know: the key may be of another account', async () => {
  const customer = aKnownCustomer();
  await bring(anEntitlementSummary(customer, ['export']));
  ingestion.stripe.objects.delete(customer);
  expect(await bring(anEntitlementSummary(customer, []), { created: second - 100 })).toBeNull();
  expect(await featuresOf(customer)).toEqual(['export']);
  await ingestion.rows('delete from lane where key like $1', [`%${customer}`]);
});

it('of a customer of no project is unrouted, and comes when it is assigned', async () => {
  const summary = anEntitlementSummary('cus_nobody', ['export']);
  expect(await bring(summary)).toBe('unrouted');
  expect(await featuresOf('cus_nobody')).toEqual([]);
  ingestion.stripe.objects.set('cus_nobody', aCustomer('cus_nobody', { metadata: ours }));
  expect(await bring(summary)).toBe('applied');
  expect(await featuresOf('cus_nobody')).toEqual(['export']);
});
