import { afterAll, beforeAll, expect, it } from 'vitest';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { newId } from '../../src/ids.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
let ours: { billgraph_project_id: string };
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection({ projects: 2 });
  ours = { billgraph_project_id: connection.projectIds[0]! };
});
afterAll(() => ingestion.close());

let second = 1_790_000_000;

/** Later events are of later seconds. */
async function bring(type: string, object: object, fields: object = {}) {
  const event = anEvent(type, object, { created: ++second, ...fields });
  await deliver(ingestion, connection, event);
  await ingestion.worker.idle();
  const [row] = await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id]);
  return row!.outcome;
}

async function customerOf(id: string) {
  const [row] = await ingestion.rows('select * from customer where stripe_customer_id = $1', [id]);
  return row;
}

/** A row that createCustomer has begun: Stripe has not answered yet. */
async function begin(fields: object = {}): Promise<string> {
  const em = ingestion.orm.em.fork();
  const tenant = { projectId: ours.billgraph_project_id, environment: 'TEST', connectionId: connection.id } as const;
  const customer = em.create(Customer, { id: newId('pc'), ...tenant, ...fields });
  await em.flush();
  return customer.id;
}

it('takes a customer in that names a project of the team', async () => {
  const metadata = { ...ours, plan: 'gold' };
  expect(
    await bring('customer.created', aCustomer('cus_in', { email: ' Ada@Example.COM', name: 'Ada', metadata })),
  ).toBe('applied');
  expect(await customerOf('cus_in')).toMatchObject({
    id: expect.stringMatching(/^pc_/),
    project_id: ours.billgraph_project_id,
    environment: 'TEST',
    email: 'ada@example.com',
    name: 'Ada',
    external_id: null,
    metadata: { plan: 'gold' },
    deleted_at: null,
  });
});

it('follows what Stripe says later, also what is taken away', async () => {
  await bring('customer.created', aCustomer('cus_follow', { name: 'Old', metadata: { ...ours, a: '1', b: '2' } }));
  await bring('customer.updated', aCustomer('cus_follow', { email: null, metadata: { ...ours, b: '3' } }));
  expect(await customerOf('cus_follow')).toMatchObject({ email: null, name: null, metadata: { b: '3' } });
});

it('leaves a customer unrouted that names no project, or one of another team, even where there is one project', async () => {
  const other = await ingestion.newConnection();
  const strange = { billgraph_project_id: other.projectIds[0] };
  expect(await bring('customer.created', aCustomer('cus_bare'))).toBe('unrouted');
  expect(await bring('customer.created', aCustomer('cus_strange', { metadata: strange }))).toBe('unrouted');
  const event = anEvent('customer.created', aCustomer('cus_only'));
  await deliver(ingestion, other, event);
  await ingestion.worker.idle();
  expect(await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id])).toEqual([
    { outcome: 'unrouted' },
  ]);
  expect(await ingestion.rows("select 1 from customer where stripe_customer_id ~ 'cus_(bare|strange|only)'")).toEqual(
    [],
  );
});

it('links the row that was begun for it', async () => {
  const id = await begin({ email: 'begun@example.com', externalId: 'u_begun' });
  const metadata = { ...ours, billgraph_id: id };
  await bring('customer.created', aCustomer('cus_begun', { email: 'begun@example.com', metadata }));
  expect(await customerOf('cus_begun')).toMatchObject({ id, external_id: 'u_begun', email: 'begun@example.com' });
});

it.each([
  ['is linked already', async () => (await customerOf('cus_linked'))!.id as string],
  ['does not exist', async () => newId('pc')],
  ['is of another kind', async () => newId('pp')],
  [
    'is of another connection',
    async () => {
      const other = await ingestion.newConnection();
      const em = ingestion.orm.em.fork();
      const tenant = { projectId: other.projectIds[0]!, environment: 'TEST', connectionId: other.id } as const;
      const { id } = em.create(Customer, { id: newId('pc'), ...tenant });
      await em.flush();
      return id;
    },
  ],
])('does not believe a row id that %s', async (why, foreignId) => {
  if (!(await customerOf('cus_linked'))) await bring('customer.created', aCustomer('cus_linked', { metadata: ours }));
  const billgraph_id = await foreignId();
  const id = `cus_liar_${why.replaceAll(' ', '')}`;
  expect(await bring('customer.created', aCustomer(id, { metadata: { ...ours, billgraph_id } }))).toBe('applied');
  expect((await customerOf(id))!.id).not.toBe(billgraph_id);
});

it('keeps the address with who has it, and goes on', async () => {
  await bring('customer.created', aCustomer('cus_first', { email: 'same@example.com', metadata: ours }));
  expect(
    await bring(
      'customer.created',
      aCustomer('cus_second', { email: 'Same@example.com', name: 'Two', metadata: ours }),
    ),
  ).toBe('applied');
  expect(await customerOf('cus_first')).toMatchObject({ email: 'same@example.com' });
  expect(await customerOf('cus_second')).toMatchObject({ email: null, name: 'Two' });
  expect(ingestion.logged.some((line) => line.includes('another customer of the project has'))).toBe(true);

  await bring('customer.updated', aCustomer('cus_second', { email: 'own@example.com', metadata: ours }));
  await bring('customer.updated', aCustomer('cus_second', { email: 'same@example.com', metadata: ours }));
  expect(await customerOf('cus_second')).toMatchObject({ email: 'own@example.com' });
});

it('gives one address to one customer when two arrive together', async () => {
  const customers = ['cus_left', 'cus_right'].map((id) => aCustomer(id, { email: 'both@example.com', metadata: ours }));
  await Promise.all(customers.map((one) => deliver(ingestion, connection, anEvent('customer.created', one))));
  // Whoever finds the address taken while it writes comes again a little later.
  const emails = async () => {
    const rows = await ingestion.rows(
      "select email from customer where stripe_customer_id in ('cus_left', 'cus_right')",
    );
    return rows.map(({ email }) => email).sort();
  };
  await expect.poll(emails, { timeout: 10_000 }).toEqual(['both@example.com', null]);
});

it('lets two projects have the same address', async () => {
  const there = { billgraph_project_id: connection.projectIds[1] };
  await bring('customer.created', aCustomer('cus_here', { email: 'two@example.com', metadata: ours }));
  await bring('customer.created', aCustomer('cus_there', { email: 'two@example.com', metadata: there }));
  expect(await customerOf('cus_there')).toMatchObject({ email: 'two@example.com' });
});

it.each([['by its event'], ['by asking Stripe']])(
  'forgets everything personal of a deleted customer, %s, and keeps the row',
  async (way) => {
    const id = `cus_deleted_${way.length}`;
    const row = await begin({ externalId: `u_${id}` });
    const object = aCustomer(id, { name: 'Gone', metadata: { ...ours, billgraph_id: row, secret: 'x' } });
    await bring('customer.created', object);
    ingestion.stripe.objects.set(id, { id, object: 'customer', deleted: true });
    await bring('customer.deleted', object, way === 'by its event' ? {} : { api_version: '2020-08-27' });
    const deleted = {
      id: row,
      stripe_customer_id: id,
      email: null,
      name: null,
      external_id: null,
      metadata: {},
      deleted_at: expect.anything(),
    };
    expect(await customerOf(id)).toMatchObject(deleted);
    // An older event that comes late does not bring anything back.
    await bring('customer.updated', object, { created: second - 1 });
    expect(await customerOf(id)).toMatchObject(deleted);
    await begin({ externalId: `u_${id}`, email: object.email });
  },
);

it('concludes nothing from "no such customer": the key may be of another account', async () => {
  await bring('customer.created', aCustomer('cus_unknown', { name: 'Still here', metadata: ours }));
  const event = anEvent('customer.updated', aCustomer('cus_unknown'), { api_version: '2020-08-27', created: ++second });
  await deliver(ingestion, connection, event);
  await expect
    .poll(() => ingestion.rows("select last_error from lane where key like '%cus_unknown'"))
    .toEqual([{ last_error: 'No cus_unknown' }]);
  expect(await customerOf('cus_unknown')).toMatchObject({ name: 'Still here', deleted_at: null });
  ingestion.stripe.objects.set('cus_unknown', aCustomer('cus_unknown', { name: 'Found', metadata: ours }));
  await expect.poll(() => customerOf('cus_unknown')).toMatchObject({ name: 'Found' });
});

it('does not raise a deleted customer from the dead, nor one that left the project, when an older event comes late', async () => {
  const deleted = aCustomer('cus_dead', { metadata: ours });
  ingestion.stripe.objects.set('cus_dead', { id: 'cus_dead', object: 'customer', deleted: true });
  expect(await bring('customer.deleted', deleted)).toBe('ignored');
  expect(await bring('customer.updated', deleted, { created: second - 60 })).toBe('ignored');
  expect(await customerOf('cus_dead')).toBeUndefined();

  const left = aCustomer('cus_went');
  ingestion.stripe.objects.set('cus_went', left);
  expect(await bring('customer.updated', left)).toBe('unrouted');
  expect(await bring('customer.created', { ...left, metadata: ours }, { created: second - 60 })).toBe('unrouted');
  expect(await customerOf('cus_went')).toBeUndefined();
});
