import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  for (const of of [tenant, foreign]) await createPrice(of);
  await tenant.stripe.customers.create({ email: 'stranger@example.com' });
  await tenant.stripe.coupons.create({ percent_off: 10, duration: 'once' });
  await billgraph.settled();
});
afterAll(() => billgraph.close());

type Node = Record<string, string>;
const idsOf = ({ nodes }: { nodes: Node[] }) => nodes.map(({ id }) => id);

const events = async (args = '', fields = 'id type status objectType objectId', of = tenant) => {
  const answer = await ask(billgraph, of.apiKey, `{ webhookEvents${args} { totalCount nodes { ${fields} } } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.webhookEvents;
};

describe('answers', () => {
  it('what came, with what became of it', async () => {
    const { nodes, totalCount } = await events();
    expect(totalCount).toBe(nodes.length);
    expect(nodes.map(({ id: _, objectId: __, ...rest }: Node) => rest)).toEqual([
      { type: 'product.created', status: 'APPLIED', objectType: 'product' },
      { type: 'price.created', status: 'APPLIED', objectType: 'price' },
      { type: 'customer.created', status: 'UNROUTED', objectType: 'customer' },
    ]);
    expect(nodes[0].objectId).toMatch(/^prod_/);
  });

  it('times, versions and tries; the payload where it is asked for', async () => {
    const { nodes } = await events(
      '(first: 1)',
      'id apiVersion recovered attempts lastError lagMilliseconds payload createdAt receivedAt doneAt',
    );
    const [event] = nodes;
    expect(event).toMatchObject({ recovered: false, attempts: 0, lastError: null });
    expect(Math.abs(event.lagMilliseconds - (Date.parse(event.doneAt) - Date.parse(event.receivedAt)))).toBeLessThan(2);
    expect(JSON.parse(event.payload)).toMatchObject({ id: event.id, object: 'event', api_version: event.apiVersion });
    expect(Date.parse(event.createdAt)).toBe(JSON.parse(event.payload).created * 1000);
  });

  it('what a filter finds', async () => {
    const all = (await events()).nodes;
    const typesOf = async (filter: string) => (await events(`(filter: ${filter})`)).nodes.map(({ type }: Node) => type);
    expect(await typesOf('{ status: [UNROUTED, DEAD] }')).toEqual(['customer.created']);
    expect(await typesOf('{ status: [] }')).toEqual([]);
    expect(await typesOf('{ type: ["price.created", "x"] }')).toEqual(['price.created']);
    expect(await typesOf(`{ objectId: "${all[0].objectId}" }`)).toEqual(['product.created']);
    expect(await typesOf('{ failing: true }')).toEqual([]);
    expect(await typesOf('{ failing: false, recovered: false }')).toHaveLength(3);
    expect(await typesOf('{ recovered: true }')).toEqual([]);
    expect(await typesOf('{ receivedAfter: "2999-01-01T00:00:00Z" }')).toEqual([]);
    expect(await typesOf('{ receivedBefore: "2999-01-01T00:00:00Z" }')).toHaveLength(3);
    expect((await events('(filter: { status: [UNROUTED] })')).totalCount).toBe(1);
  });

  it('pages, forwards and backwards', async () => {
    const ids = idsOf(await events());
    const page = async (args: string) => {
      const document = `{ webhookEvents(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
      return (await ask(billgraph, tenant.apiKey, document)).data.webhookEvents;
    };
    const first = await page('first: 2');
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(idsOf(second)).toEqual(ids.slice(2));
    const last = await page('last: 1');
    expect(idsOf(last)).toEqual(ids.slice(-1));
    const before = await page(`last: 5, before: "${last.pageInfo.startCursor}"`);
    expect(idsOf(before)).toEqual(ids.slice(0, -1));
  });

  it("nothing of another team's", async () => {
    expect((await events('', 'id', foreign)).totalCount).toBe(2);
  });
});

describe('refuses', () => {
  it.each([
    ['first: 0', 'first'],
    ['after: "x"', 'after'],
    [`after: "${Buffer.from('2026-11-21 09:00:00+00 abc').toString('base64url')}"`, 'after'],
    ['filter: { type: [""] }', 'filter.type.0'],
    ['filter: { objectId: " " }', 'filter.objectId'],
  ])('%s', async (args, field) => {
    const answer = await ask(billgraph, tenant.apiKey, `{ webhookEvents(${args}) { nodes { id } } }`);
    expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read', 'webhooks:write'] });
    expect(refusalsOf(await ask(billgraph, key, '{ webhookEvents { totalCount } }'))).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await ask(billgraph, null, '{ webhookEvents { totalCount } }'))).toEqual([
      { code: 'UNAUTHENTICATED' },
    ]);
  });

  it('with a key that reaches one of two projects', async () => {
    const first = await createTenant(billgraph);
    const second = await createTenant(billgraph, { teamId: first.teamId });
    const document = '{ webhookEvents { totalCount } }';
    expect(refusalsOf(await ask(billgraph, first.apiKey, document))).toEqual([{ code: 'FORBIDDEN' }]);
    const whole = await first.newApiKey({ projectIds: [first.projectId, second.projectId] });
    const answer = await ask(billgraph, whole, document, {}, { 'billgraph-project': first.projectId });
    expect(answer).toMatchObject({ errors: undefined, data: { webhookEvents: { totalCount: 0 } } });
  });
});
