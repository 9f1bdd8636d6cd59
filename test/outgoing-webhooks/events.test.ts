import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordBillingEvents } from '../../src/ingestion/billing-events/record-billing-events.ts';
import { pruneOutgoingMessages } from '../../src/outgoing/deliveries/prune-outgoing-messages.ts';
import { enqueueOutgoing } from '../../src/outgoing/webhooks/enqueue-outgoing.ts';
import { type OutgoingEventType, outgoingEventTypes } from '../../src/outgoing/webhooks/outgoing-event-types.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { createEndpoint, deliveriesOf, type Receiver, startReceiver, type TestEndpoint } from './receiver.ts';

let billgraph: Billgraph;
let shop: Shop;
let all: Receiver;
let paid: Receiver;
let endpoint: TestEndpoint;
let side: { projectId: string; environment: 'TEST' };
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  shop = await openShop(billgraph);
  side = { projectId: shop.tenant.projectId, environment: 'TEST' };
});
afterAll(async () => {
  await Promise.all([all?.close(), paid?.close()]);
  await billgraph.close();
});

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const count = async (table: string) => (await sql(`select count(*)::int as n from ${table}`))[0].n;
/** All is merged, told and delivered. */
async function quiet() {
  await billgraph.settled();
  const unmerged = () => sql('select 1 from customer_change where not is_total limit 1');
  await expect.poll(unmerged, { timeout: 10_000 }).toEqual([]);
  await billgraph.settled();
}
const typesOf = ({ received }: Receiver) => received.map(({ json }) => json.type as OutgoingEventType);

it('nobody is told where nobody asks: no row is written', async () => {
  await quiet();
  expect(await count('billing_event')).toBeGreaterThan(0);
  expect(await count('outgoing_message')).toBe(0);
});

it('tells of subscriptions, invoices and states, to each endpoint what it wants', async () => {
  [all, paid] = [await startReceiver(), await startReceiver()];
  endpoint = await createEndpoint(billgraph, shop.tenant, all);
  await createEndpoint(billgraph, shop.tenant, { url: paid.url, eventTypes: ['invoice.paid'] });
  const subscription = await shop.tenant.stripe.subscriptions.create({
    customer: shop.ada.stripeCustomerId,
    items: [{ price: shop.price }],
  });
  await quiet();
  await shop.tenant.stripe.subscriptions.cancel(subscription.id);
  await quiet();

  const types = new Set(typesOf(all));
  for (const type of ['subscription.created', 'subscription.updated', 'subscription.ended', 'invoice.finalized'])
    expect(types).toContain(type);
  for (const type of ['invoice.paid', 'customer.state_changed']) expect(types).toContain(type);
  expect(typesOf(paid)).toEqual(['invoice.paid']);
  expect(paid.received[0]!.id).toBe(all.received.find(({ json }) => json.type === 'invoice.paid')!.id);

  for (const { json, headers, id } of all.received) {
    expect(Object.keys(json)).toEqual(['type', 'timestamp', 'data']);
    const { data } = outgoingEventTypes[json.type as OutgoingEventType];
    expect([json.type, Object.keys(json.data).sort()]).toEqual([json.type, Object.keys(data).sort()]);
    expect([json.data.customerId, headers['webhook-id']]).toEqual([shop.ada.id, id]);
  }
  const ended = all.received.find(({ json }) => json.type === 'subscription.ended')!.json.data;
  const [{ id }] = await sql(`select id from subscription where stripe_subscription_id = '${subscription.id}'`);
  expect(ended).toMatchObject({ subscriptionId: id, before: { status: 'ACTIVE' }, after: { status: 'CANCELED' } });
  const versions = all.received.flatMap(({ json }) => json.data.version ?? []);
  const [{ version }] = await sql(
    `select sum(changes)::text as version from customer_change where coalesce(customer_id, '${shop.ada.id}') = '${shop.ada.id}'`,
  );
  expect(versions).toContain(version);
  // Nothing personal, whoever it is about.
  expect(JSON.stringify(all.received.map(({ body }) => body))).not.toMatch(/example\.com|4242|@/);
});

it('tells that metadata changed, and not what it holds', async () => {
  all.received.length = 0;
  await shop.tenant.stripe.subscriptions.update(shop.bob.stripeSubscriptionId, { metadata: { note: 'call Ada' } });
  await quiet();
  const [{ json, body }] = all.received.filter(({ json }) => json.type === 'subscription.updated') as [any];
  expect(json.data).toMatchObject({ changed: ['metadata'], before: {}, after: {} });
  expect(body).not.toContain('call Ada');
});

it('a burst of changes of a customer is told once, and one of the whole side once for all', async () => {
  const changes = Array.from(
    { length: 20 },
    (_, n) => `update customer set name = 'n${n}' where id = '${shop.bob.id}'`,
  );
  all.received.length = 0;
  await sql(`begin; ${changes.join(';')}; commit`);
  await quiet();
  expect(all.received.map(({ json }) => json.data)).toEqual([
    { customerId: shop.bob.id, externalId: 'u_bob', version: expect.stringMatching(/^\d+$/) },
  ]);
  all.received.length = 0;
  await sql(`insert into customer_change (project_id, environment) values ('${side.projectId}', 'TEST'), ('${side.projectId}', 'TEST');
    notify billgraph_customer_state, '${side.projectId}/TEST'`);
  await quiet();
  expect(all.received.map(({ json }) => json.data)).toEqual([
    { customerId: null, externalId: null, version: expect.stringMatching(/^\d+$/) },
  ]);
});

const fact = (daysAgo: number, occurrence: number) => ({
  ...side,
  type: 'subscription.updated' as const,
  customerId: shop.ada.id,
  subjectId: 'ps_1',
  occurrence,
  before: { status: 'ACTIVE' },
  after: { status: 'PAST_DUE' },
  occurredAt: new Date(Date.now() - daysAgo * 86_400_000),
});

it('history is no news, and a fact is told once', async () => {
  all.received.length = 0;
  const em = billgraph.app.orm.em.fork();
  await em.transactional((em) => recordBillingEvents(em, [fact(4, 1), fact(2, 2), fact(2, 2)]));
  await em.transactional((em) => recordBillingEvents(em, [fact(4, 1), fact(2, 2)]));
  await billgraph.settled();
  expect(all.received.map(({ json }) => json.timestamp.slice(0, 10))).toEqual([
    fact(2, 2).occurredAt.toISOString().slice(0, 10),
  ]);
  expect(await count(`billing_event where subject_id = 'ps_1'`)).toBe(2);
});

it('what is rolled back is told to nobody', async () => {
  const before = await count('outgoing_message');
  const event = { ...side, type: 'invoice.paid' as const, customerId: null, data: {}, occurredAt: new Date() };
  const em = billgraph.app.orm.em.fork();
  const undone = em.transactional(async (em) => {
    await enqueueOutgoing(em, [event]);
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  expect(await count('outgoing_message')).toBe(before);
});

const update = (enabled: boolean) =>
  ask(
    billgraph,
    shop.tenant.apiKey,
    `mutation { updateOutgoingEndpoint(input: { endpointId: "${endpoint.id}", enabled: ${enabled} }) { endpoint { enabled } } }`,
  );
const replay = async (input: object) => {
  const document =
    'mutation ($input: ReplayOutgoingMessagesInput!) { replayOutgoingMessages(input: $input) { replayed hasMore } }';
  const { data, errors } = await ask(billgraph, shop.tenant.apiKey, document, { input });
  expect(errors).toBeUndefined();
  await billgraph.settled();
  return data.replayOutgoingMessages.replayed;
};

it('what an endpoint missed while it was disabled can be replayed, and what it had as well, under the same ids', async () => {
  all.received.length = 0;
  await update(false);
  const em = billgraph.app.orm.em.fork();
  await em.transactional((em) => recordBillingEvents(em, [fact(0, 3)]));
  await billgraph.settled();
  const document = '{ outgoingMessages(last: 1) { nodes { id type customerId body } } }';
  const [message] = (await ask(billgraph, shop.tenant.apiKey, document)).data.outgoingMessages.nodes;
  expect(message).toMatchObject({ type: 'subscription.updated', customerId: shop.ada.id });
  expect(await deliveriesOf(billgraph, shop.tenant, { messageId: message.id })).toEqual([]);
  expect(await replay({ ids: [message.id] })).toBe(0);

  await update(true);
  const missed = { filter: { type: ['subscription.updated'], customerId: shop.ada.id }, undelivered: true };
  expect(await replay({ ...missed, endpointId: endpoint.id })).toBe(1);
  expect(await replay(missed)).toBe(0);
  expect(await replay({ ids: [message.id] })).toBe(1);
  expect(all.received.map(({ id, body }) => ({ id, body }))).toEqual(
    Array(2).fill({ id: message.id, body: message.body }),
  );
  const [delivery] = await deliveriesOf(billgraph, shop.tenant, { messageId: message.id });
  expect(delivery).toMatchObject({ status: 'DELIVERED', attempts: 1 });
});

it('is kept for thirty days, and longer while it is on its way', async () => {
  const [{ id }] = await sql('select message_id as id from outgoing_delivery limit 1');
  await sql(`update outgoing_message set created_at = now() - interval '31 days';
    update outgoing_delivery set status = 'PENDING', next_attempt_at = now() + interval '1 day' where message_id = '${id}'`);
  const before = await count('outgoing_message');
  expect(await pruneOutgoingMessages({ em: billgraph.app.orm.em.fork() })).toBe(before - 1);
  expect(await count('outgoing_delivery')).toBeGreaterThan(0);
  expect(await sql('select distinct message_id as id from outgoing_delivery')).toEqual([{ id }]);
});
