import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/reader/print.ts';
import { openReader, type ReaderRig } from './rig.ts';
import { insert, makeTenants, type Row, randomOf, seed as seedRows } from './tenants.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const random = randomOf(seed);
const scope: Scope = { projectId: 'prj_a', environment: 'TEST', customerId: null };
let rig: ReaderRig;

beforeAll(async () => {
  rig = await openReader();
  await seedRows(rig, makeTenants(seed, 3));
});
afterAll(() => rig.close());

/** A customer of this test's own tenant, made at one of a few instants a microsecond apart. */
function customer(id: string, tenant = scope): Row {
  const created_at = `2026-02-01 00:00:00.00000${random(3)}+00`;
  return {
    id,
    project_id: tenant.projectId,
    environment: tenant.environment,
    connection_id: 'conn_x',
    evidence: '0',
    stripe_customer_id: `cus_${id}`,
    metadata: {},
    created_at,
    updated_at: created_at,
  };
}

describe(`a walk through a list that changes, with SEED=${seed}`, () => {
  it.each([
    ['forwards', 'after', 'first', 'endCursor', 'hasNextPage'],
    ['backwards', 'before', 'last', 'startCursor', 'hasPreviousPage'],
  ])('%s meets every row that stays, once, in order', async (_way, bound, size, cursor, more) => {
    const document = `query($at: String) { customers(${size}: 3, ${bound}: $at) { pageInfo { ${cursor} ${more} } nodes { id } } }`;
    for (let round = 0; round < 5; round++) {
      await rig.sql('delete from customer where stripe_customer_id like $1', ['cus_w%']);
      const staying = Array.from({ length: 20 }, (_, n) => customer(`ws_${round}_${random(1e9)}_${n}`));
      const leaving = Array.from({ length: 10 }, (_, n) => customer(`wl_${round}_${random(1e9)}_${n}`));
      await insert(rig, 'customer', [...staying, ...leaving]);

      const met: string[] = [];
      for (let at: string | null = null, goesOn = true; goesOn; ) {
        const { data, errors } = await rig.ask(scope, document, { at });
        expect(errors).toBeUndefined();
        const { nodes, pageInfo } = data.customers;
        const page = nodes.map(({ id }: { id: string }) => id);
        if (size === 'first') met.push(...page);
        else met.unshift(...page);
        at = pageInfo[cursor];
        goesOn = pageInfo[more];
        await insert(rig, 'customer', [customer(`wn_${round}_${random(1e9)}`)]);
        // Among those that leave may be the one that the cursor was taken from.
        const gone = leaving.pop();
        if (gone) await rig.sql('delete from customer where id = $1', [gone.id]);
        if (random(2) && page.length)
          await rig.sql(`delete from customer where id = $1 and id like 'wl%'`, [page.at(-1)]);
      }
      expect(new Set(met).size, 'no row twice').toBe(met.length);
      const wanted = staying.toSorted((a, b) => (`${a.created_at}${a.id}` < `${b.created_at}${b.id}` ? -1 : 1));
      expect(met.filter((id) => id.startsWith('ws'))).toEqual(wanted.map(({ id }) => id));
    }
    await rig.sql('delete from customer where stripe_customer_id like $1', ['cus_w%']);
  });
});

describe('a page', () => {
  const crowded: Scope = { projectId: 'prj_b', environment: 'LIVE', customerId: null };

  beforeAll(() =>
    insert(
      rig,
      'customer',
      Array.from({ length: 120 }, (_, n) => customer(`pc_c${n}`, crowded)),
    ),
  );

  it('has 50 rows by default, and 100 at the most', async () => {
    const sizes = await rig.ask(
      crowded,
      '{ default: customers { nodes { id } } most: customers(last: 100) { nodes { id } } }',
    );
    expect(sizes.data.default.nodes).toHaveLength(50);
    expect(sizes.data.most.nodes).toHaveLength(100);
  });

  it('is one statement, whatever its size', async () => {
    for (const size of [1, 100]) {
      rig.sent.length = 0;
      await rig.ask(
        crowded,
        `{ customers(first: ${size}) { totalCount edges { node { id subscriptions { totalCount nodes { price { product { prices { nodes { id } } } } } } } } } }`,
      );
      expect(rig.sent).toHaveLength(1);
    }
  });

  it('says how many there are even when it is empty', async () => {
    const last = await rig.ask(crowded, '{ customers(last: 1) { edges { cursor } } }');
    const { cursor } = last.data.customers.edges[0];
    const { data } = await rig.ask(
      crowded,
      'query($after: String) { customers(after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after: cursor },
    );
    const [{ count }] = await rig.sql(
      `select count(*)::int from customer where project_id = 'prj_b' and environment = 'LIVE' and stripe_customer_id is not null and deleted_at is null`,
    );
    expect(data.customers).toEqual({ totalCount: count, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  it('goes on from a cursor that another document answered', async () => {
    const { data } = await rig.ask(
      crowded,
      '{ plain: customers(first: 2) { edges { cursor node { id } } } rich: customers(first: 2) { totalCount edges { cursor node { id subscriptions { totalCount nodes { id } } } } } }',
    );
    expect(data.rich.edges.map(({ cursor }: { cursor: string }) => cursor)).toEqual(
      data.plain.edges.map(({ cursor }: { cursor: string }) => cursor),
    );
  });
});

describe('a page is refused', () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    ['{ customers(first: 0) { nodes { id } } }', 'first'],
    ['{ customers(first: 101) { nodes { id } } }', 'first'],
    ['{ customers(first: -1) { nodes { id } } }', 'first'],
    ['{ customers(last: 0) { nodes { id } } }', 'last'],
    ['{ customers(first: 1, last: 1) { nodes { id } } }', 'last'],
    ['{ customers { nodes { subscriptions(first: 1000) { nodes { id } } } } }', 'subscriptions.first'],
    ['{ customers { nodes { subscriptions { nodes { items(before: "x") { nodes { id } } } } } } }', 'items.before'],
    ...[
      '',
      'x',
      '\0',
      cursor('2026-01-01 00:00:00+00'),
      cursor('2026-02-31 00:00:00+00 pc_1'),
      cursor('2026-01-01 24:00:00+00 pc_1'),
      cursor('2026-01-01 00:00:00+99 pc_1'),
      cursor('2026-01-01 00:00:00+00 pc\0_1'),
      cursor(`2026-01-01 00:00:00+00 ${'x'.repeat(10_000)}`),
      cursor(`infinity pc_1`),
      cursor("2026-01-01 00:00:00+00'; drop table customer -- pc_1"),
    ].map((after) => [`{ customers(after: ${JSON.stringify(after)}) { nodes { id } } }`, 'after']),
  ])('%s', async (document, field) => {
    rig.sent.length = 0;
    const { errors } = await rig.ask(scope, document);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT', details: { field } });
    expect(rig.sent).toEqual([]);
  });
});

describe('a look-up', () => {
  it.each(['', ' ', '%', '\0', 'pc_\0', "' or true --", 'x'.repeat(100_000), '\ud800', '💶'])(
    'finds nobody by %j',
    async (id) => {
      const { data, errors } = await rig.ask(scope, 'query($id: String!) { customer(id: $id) { id } }', { id });
      expect(errors).toBeUndefined();
      expect(data.customer).toBeNull();
    },
  );
});
