import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/reader/print.ts';
import { openReader, type ReaderRig, type Sent } from './rig.ts';
import { makeTenants, seed } from './tenants.ts';

const scope: Scope = { projectId: 'prj_a', environment: 'TEST', customerId: null };
let rig: ReaderRig;

beforeAll(async () => {
  rig = await openReader();
  await seed(rig, makeTenants(1, 3));
});
afterAll(() => rig.close());

async function statementOf(document: string, variables: Record<string, unknown> = {}, as = scope): Promise<Sent> {
  rig.sent.length = 0;
  const { errors } = await rig.ask(as, document, variables);
  expect(errors).toBeUndefined();
  expect(rig.sent).toHaveLength(1);
  return rig.sent[0]!;
}

describe('a statement', () => {
  it('joins the only list of a level, and folds each of several into a column', async () => {
    const one = await statementOf(
      '{ customers { nodes { email subscriptions { nodes { items { nodes { price { product { name } } } } } } } } }',
    );
    expect(one.text).not.toContain('json_agg');
    expect(one.text.match(/left join lateral/g)).toHaveLength(2);
    const two = await statementOf(
      '{ customers { nodes { a: subscriptions(first: 1) { nodes { id } } b: subscriptions(last: 1) { nodes { id } } } } }',
    );
    expect(two.text.match(/json_agg/g)).toHaveLength(2);
    expect(two.text).not.toContain('lateral');
    const counted = await statementOf('{ customers { nodes { subscriptions { totalCount nodes { id } } } } }');
    expect(counted.text).toContain('json_agg');
  });

  it('is the same text for every page and value', async () => {
    const document =
      'query($first: Int, $after: String) { customers(first: $first, after: $after) { edges { cursor node { id } } } }';
    const first = await statementOf(document, { first: 1 });
    const { data } = await rig.ask(scope, document, { first: 1 });
    const next = await statementOf(
      document,
      { first: 100, after: data.customers.edges[0].cursor },
      { ...scope, projectId: 'prj_b' },
    );
    expect(next.text).toBe(first.text);
  });

  it('asks for no column that is not selected, and for a row more only where it tells something', async () => {
    const plain = await statementOf('{ customers(first: 7) { nodes { email } } }');
    expect(plain.text).toMatch(/^select t0\."id",t0\."email" from /);
    expect(plain.values).toContain(7);
    const more = await statementOf('{ customers(first: 7) { nodes { email } pageInfo { hasNextPage } } }');
    expect(more.values).toContain(8);
    const counted = await statementOf('{ customers { totalCount } }');
    expect(counted.text).not.toContain('limit');
  });

  it('is prepared from its second use on', async () => {
    const document = '{ customers { nodes { email name externalId } } }';
    expect((await statementOf(document)).name).toBeUndefined();
    const { name } = await statementOf(document);
    expect(name).toMatch(/^read_\d+$/);
    expect((await statementOf(document)).name).toBe(name);
  });

  it('has a limit in size', async () => {
    const lists = Array.from({ length: 70 }, (_, n) => `l${n}: subscriptions(first: ${1 + n}) { nodes { id } }`);
    rig.sent.length = 0;
    const { errors } = await rig.ask(scope, `{ customers { nodes { ${lists.join(' ')} } } }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(rig.sent).toEqual([]);
    const { data } = await rig.ask(scope, `{ customers(first: 1) { nodes { ${lists.slice(0, 60).join(' ')} } } }`);
    expect(Object.keys(data.customers.nodes[0])).toHaveLength(60);
  });

  it('takes at most a thousand names of a connection, whatever is asked', async () => {
    const fields = ['email', 'name', 'externalId', 'stripeCustomerId', 'metadata', 'createdAt', 'updatedAt'];
    const nested = ['status', 'quantity', 'endedAt', 'cancelAt'];
    const names = new Set<string>();
    for (let bits = 1; bits < 1100; bits++) {
      const pick = (names: string[], from: number) => names.filter((_, n) => bits & (1 << (n + from))).join(' ');
      const document = `{ customers(first: 1) { nodes { id ${pick(fields, 0)} subscriptions(first: 1) { nodes { id ${pick(nested, 7)} } } } } }`;
      await rig.ask(scope, document);
      const { name } = await statementOf(document);
      if (name) names.add(name);
    }
    expect(names.size).toBeGreaterThan(900);
    expect(names.size).toBeLessThanOrEqual(1_000);
  }, 60_000);

  it('is right for more combinations of switches than are kept', async () => {
    const switches = Array.from({ length: 7 }, (_, n) => `$s${n}: Boolean!`).join(' ');
    const fields = Array.from({ length: 7 }, (_, n) => `f${n}: stripeCustomerId @include(if: $s${n})`).join(' ');
    const document = `query(${switches}) { customers(first: 1) { nodes { id ${fields} } } }`;
    for (let bits = 0; bits < 256; bits++) {
      const variables = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`s${n}`, Boolean(bits & (1 << n))]));
      const { data } = await rig.ask(scope, document, variables);
      expect(Object.keys(data.customers.nodes[0])).toHaveLength(1 + Object.values(variables).filter(Boolean).length);
    }
  });
});

describe('under a generic plan', () => {
  const documents = {
    one: 'query { customer(id: "pc_g77") { email subscriptions { nodes { status price { product { name } } } } subscription { id } } }',
    'one by email': 'query { customerByEmail(email: "g77@example.com") { id } }',
    list: '{ customers { nodes { email subscriptions { nodes { status price { product { name } } } } } } }',
    'the last page':
      '{ customers(last: 10) { pageInfo { startCursor } nodes { subscriptions { totalCount nodes { id } } } } }',
    subscriptions: '{ subscriptions(first: 20) { nodes { customer { email } items { nodes { quantity } } } } }',
  };
  let client: pg.Client;

  beforeAll(async () => {
    const tenant = `'prj_a', 'TEST'`;
    await rig.sql(`insert into customer (id, project_id, environment, connection_id, stripe_customer_id, email, created_at, updated_at)
      select 'pc_g' || n, ${tenant}, 'conn_x', 'cus_g' || n, 'g' || n || '@example.com', now() + n * interval '1 s', now() from generate_series(1, 20000) n`);
    await rig.sql(`insert into subscription (id, project_id, environment, connection_id, customer_id, stripe_subscription_id, status, stripe_status, cancel_at_period_end, created_at, updated_at)
      select 'ps_g' || n, ${tenant}, 'conn_x', 'pc_g' || n, 'sub_g' || n, 'ACTIVE', 'active', false, now() + n * interval '1 s', now() from generate_series(1, 20000) n`);
    await rig.sql(`insert into subscription_item (id, project_id, environment, subscription_id, price_id, stripe_subscription_item_id, created_at, updated_at)
      select 'psi_g' || n, ${tenant}, 'ps_g' || n, (select id from price limit 1), 'si_g' || n, now(), now() from generate_series(1, 20000) n`);
    await rig.sql('analyze');
    client = new pg.Client(rig.url);
    await client.connect();
    await client.query(`set plan_cache_mode = force_generic_plan`);
  });
  afterAll(() => client.end());

  it.each(Object.entries(documents))('%s scans no large table', async (_name, document) => {
    const { text, values } = await statementOf(document);
    await client.query(`prepare statement as ${text}`);
    const list = values.map((value) => client.escapeLiteral(String(value))).join();
    const { rows } = await client.query(`explain execute statement(${list})`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    await client.query('deallocate statement');
    expect(plan).not.toMatch(/Seq Scan on (customer|subscription|subscription_item)/);
  });
});
