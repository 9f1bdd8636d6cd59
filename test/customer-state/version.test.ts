import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mergeChanges } from '../../src/customer-state/merge-changes.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { createRandom } from '../storm/random.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const rounds = Number(process.env.ROUNDS ?? 40);
const writers = 4;

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
  await asOwner(
    billgraph.databaseUrl,
    `insert into invoice select (jsonb_populate_record(i, jsonb_build_object(
       'id', i.id || '_' || writer, 'stripe_invoice_id', i.stripe_invoice_id || '_' || writer))).*
     from invoice i, generate_series(0, ${writers - 1}) writer`,
  );
});
afterAll(() => billgraph.close());

const sql = <Row>(text: string, values?: unknown[]) => asOwner<Row>(billgraph.databaseUrl, text, values);

/** A customer's state, and its version, in one snapshot. */
const looking = `
  select c.id,
    (select sum(changes) from customer_change v where v.customer_id = c.id or (v.customer_id is null and v.project_id = c.project_id))::int as version,
    md5(concat(to_jsonb(c) - 'evidence',
      (select json_agg(to_jsonb(i) - 'evidence' order by i.id) from invoice i where i.customer_id = c.id),
      (select json_agg(to_jsonb(s) - 'evidence' order by s.id) from subscription s where s.customer_id = c.id),
      (select json_agg(to_jsonb(x) order by x.id) from subscription_item x join subscription s on s.id = x.subscription_id where s.customer_id = c.id),
      (select json_agg(to_jsonb(g)) from project_settings g where g.project_id = c.project_id),
      (select json_agg(to_jsonb(p) - 'evidence' order by p.id) from price p where p.project_id = c.project_id))) as state
  from customer c order by c.id`;
type Look = { id: string; version: number; state: string };

const versionOf = async ({ id }: { id: string }) => (await sql<Look>(looking)).find((look) => look.id === id)!.version;

it(`never stays the same when the state differs, whoever writes, and no writer waits for another, with SEED=${seed}`, async () => {
  const stats = `select deadlocks::int from pg_stat_database where datname = current_database()`;
  const people = [shop.ada.id, shop.bob.id];
  const states = new Map<string, string>();
  const refusals: unknown[] = [];
  let looks = 0;
  let writing = writers;

  async function write(writer: number) {
    const random = createRandom(seed + writer);
    const client = new pg.Client(billgraph.databaseUrl);
    await client.connect();
    // Of the rows that several writers change, each takes one, at the end: they would wait for each other with any kind of version.
    const shared = [
      `update customer set name = $1 where id = $2`,
      `update subscription set metadata = jsonb_build_object('n', $1::text) where customer_id = $2`,
      `update subscription_item set quantity = $1::int where subscription_id = (select id from subscription where customer_id = $2)`,
      `update price set nickname = $1 where project_id = (select project_id from customer where id = $2)`,
    ];
    try {
      for (let round = 0; round < rounds; round++) {
        await client.query('begin');
        for (const person of random.shuffle(people))
          await client.query(`update invoice set amount_due = $1 where customer_id = $2 and id like '%\\_${writer}'`, [
            random.below(1_000),
            person,
          ]);
        await client.query(random.pick(shared), [String(random.below(1_000)), random.pick(people)]);
        await client.query(random.chance(0.8) ? 'commit' : 'rollback');
      }
    } catch (failure) {
      refusals.push(failure);
    } finally {
      writing--;
      await client.end();
    }
  }

  async function look() {
    const client = new pg.Client(billgraph.databaseUrl);
    await client.connect();
    const newest = new Map<string, number>();
    for (let last = false; !last; ) {
      last = writing === 0;
      for (const { id, version, state } of (await client.query<Look>(looking)).rows) {
        looks++;
        expect(version).toBeGreaterThanOrEqual(newest.get(id) ?? 0);
        newest.set(id, version);
        const known = states.get(`${id} ${version}`);
        if (known !== undefined) expect(`${id} ${version} ${state}`).toBe(`${id} ${version} ${known}`);
        states.set(`${id} ${version}`, state);
      }
    }
    await client.end();
  }

  async function merge() {
    while (writing) await billgraph.app.orm.em.fork().transactional((em) => mergeChanges({ em }));
  }

  await Promise.all([
    ...Array.from({ length: writers }, (_, writer) => write(writer)),
    look(),
    look(),
    merge(),
    merge(),
  ]);
  expect(refusals).toEqual([]);
  expect(looks).toBeGreaterThan(rounds);
  expect(states.size).toBeGreaterThan(10);
  expect(await sql(stats)).toEqual([{ deadlocks: 0 }]);
});

it('is merged without a change of the sum, to one row for each customer and side', async () => {
  await sql(`update customer set phone = '1'`);
  await sql(`update project_settings set brand_color = '#112233'`);
  const before = await sql<Look>(looking);
  const em = billgraph.app.orm.em.fork();
  for (let merged = 1; merged; ) merged = (await em.transactional((em) => mergeChanges({ em }))).length;
  expect(await sql<Look>(looking)).toEqual(before);
  const many = await sql(
    'select customer_id from customer_change group by project_id, environment, customer_id having count(*) > 1',
  );
  expect(many).toEqual([]);
});

it('stays where nothing is said anew, and grows with what is', async () => {
  const growth = async (text: string) => {
    const before = await versionOf(shop.ada);
    await sql(text.replaceAll('$ada', `'${shop.ada.id}'`));
    return (await versionOf(shop.ada)) - before;
  };
  expect(await growth(`update subscription set evidence = evidence + 1`)).toBe(0);
  expect(await growth(`update invoice set evidence = evidence + 1, amount_due = amount_due`)).toBe(0);
  expect(await growth(`update price set evidence = evidence + 1`)).toBe(0);
  expect(await growth(`update customer set name = 'Grace' where id <> $ada`)).toBe(0);
  expect(await growth(`update customer set name = 'Ada L.' where id = $ada`)).toBe(1);
  expect(await growth(`update subscription_item set quantity = quantity + 7`)).toBe(1);
  expect(await growth(`update product set name = name || '!'`)).toBe(1);
  expect(await growth(`update project_settings set grace_period_days = 3`)).toBe(1);
  expect(await growth(`delete from invoice where id like '%\\_0'`)).toBe(1);
});

it('grows moments after an instant has come at which the state changes by itself', async () => {
  const before = await versionOf(shop.ada);
  await sql(`update subscription set current_period_end = now() + interval '1 second' where customer_id = $1`, [
    shop.ada.id,
  ]);
  await expect.poll(() => versionOf(shop.ada), { timeout: 10_000, interval: 50 }).toBe(before + 2);
});
