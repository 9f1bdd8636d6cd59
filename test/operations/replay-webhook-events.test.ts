import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routingMetadata } from '../../src/tenant.ts';
import { rowsOf } from '../reconciliation/reconciliation.rig.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const document = 'mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { replayed } }';
const replay = (input: object, credential = tenant.apiKey) => ask(billgraph, credential, document, { input });

/** A customer whose row was spoilt after its events were done. */
async function spoiltCustomer() {
  const { id } = await tenant.stripe.customers.create({ name: 'Ada', metadata: routingMetadata(tenant) });
  await billgraph.settled();
  await rowsOf(billgraph, `update customer set name = 'Mallory' where stripe_customer_id = $1`, [id]);
  const [event] = await rowsOf(
    billgraph,
    `select event_id as id, lane_key as lane from inbound_event where lane_key like $1`,
    [`%/${id}`],
  );
  return { id, event };
}

const nameOf = async (id: string) =>
  (await rowsOf(billgraph, 'select name from customer where stripe_customer_id = $1', [id]))[0].name;

describe('answers', () => {
  it('how many events are pending again, and brings their objects', async () => {
    const { id, event } = await spoiltCustomer();
    const answer = await replay({ ids: [event.id, event.id, 'evt_unknown', '\0'] });
    expect(answer).toMatchObject({ errors: undefined, data: { replayWebhookEvents: { replayed: 1 } } });
    await billgraph.settled();
    expect(await nameOf(id)).toBe('Ada');
  });

  it('by a filter', async () => {
    const { id } = await spoiltCustomer();
    const { data } = await replay({ filter: { objectId: id, status: ['APPLIED'] } });
    expect(data.replayWebhookEvents.replayed).toBe(1);
    await billgraph.settled();
    expect(await nameOf(id)).toBe('Ada');
  });

  it('a dead event lives again, with its lane', async () => {
    const { id, event } = await spoiltCustomer();
    await rowsOf(billgraph, `update inbound_event set outcome = 'dead' where event_id = $1`, [event.id]);
    await rowsOf(
      billgraph,
      `insert into lane (key, run_at, attempts, last_error) values ($1, 'infinity', 25, 'no luck')`,
      [event.lane],
    );
    const view = '{ webhookEvents(filter: { status: [DEAD] }) { nodes { id attempts lastError } } }';
    expect((await ask(billgraph, tenant.apiKey, view)).data.webhookEvents.nodes).toEqual([
      { id: event.id, attempts: 25, lastError: 'no luck' },
    ]);
    const { data } = await replay({ filter: { status: ['DEAD'] } });
    expect(data.replayWebhookEvents.replayed).toBe(1);
    await billgraph.settled();
    expect(await nameOf(id)).toBe('Ada');
    expect(await rowsOf(billgraph, 'select from lane where key = $1', [event.lane])).toEqual([]);
  });

  it('all of them at once, from several sides', async () => {
    await Promise.all(Array.from({ length: 5 }, spoiltCustomer));
    const answers = await Promise.all(Array.from({ length: 8 }, () => replay({ filter: {} })));
    expect(answers.map(({ errors }) => errors)).toEqual(Array(8).fill(undefined));
    await billgraph.settled();
    const undone = await rowsOf(billgraph, 'select from inbound_event where done_at is null');
    const spoilt = await rowsOf(billgraph, `select from customer where name = 'Mallory'`);
    const deadlocks = await rowsOf(
      billgraph,
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect([undone.length, spoilt.length, Number(deadlocks[0].deadlocks)]).toEqual([0, 0, 0]);
  });
});

describe('refuses', () => {
  it.each([
    [{ ids: Array(1_001).fill('evt_1') }, 'ids'],
    [{ filter: { type: Array(101).fill('x') } }, 'filter.type'],
    [{ filter: { objectId: '\0' } }, 'filter.objectId'],
  ])('%#: too much, and what is no text', async (input, field) => {
    expect(refusalsOf(await replay(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('both, and neither', async () => {
    for (const input of [{}, { ids: ['evt_1'], filter: {} }, { ids: null }])
      expect(refusalsOf(await replay(input))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['webhooks:read'] });
    expect(refusalsOf(await replay({ filter: {} }, key))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it("for another team's events", async () => {
    const { id, event } = await spoiltCustomer();
    const foreign = await createTenant(billgraph);
    expect((await replay({ ids: [event.id] }, foreign.apiKey)).data.replayWebhookEvents.replayed).toBe(0);
    expect(await nameOf(id)).toBe('Mallory');
  });
});
