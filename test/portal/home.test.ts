import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitClasses, limitsWith } from '../../src/limits/limit-classes.ts';
import { type Clones, openClones } from '../matrix/clone-rows.ts';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { portalLink, type Seen, Visitor } from './visitor.ts';

/** The first page of the portal, for customers who have much, and for those who come often. */

let billgraph: Billgraph;
let shop: Shop;
let rows: Clones;
beforeAll(async () => {
  billgraph = await startBillgraph({ rateLimits: limitsWith() });
  shop = await openShop(billgraph);
  rows = await openClones(billgraph.databaseUrl, randomInt);
});
afterAll(async () => {
  await rows.close();
  await billgraph.close();
});

async function visit(customer: { id: string }) {
  const visitor = new Visitor(billgraph);
  const home = await visitor.go(await portalLink(billgraph, shop.tenant.apiKey, { customerId: customer.id }));
  return { visitor, home };
}
const idIn = async (table: string, { id }: { id: string }) =>
  (await rows.sql(`select id from ${table} where customer_id = $1`, [id]))[0].id as string;
const later = (table: string, ids: string[], set: string) =>
  rows.sql(`update ${table} set created_at = now() + interval '1 day', ${set} where id = any($1)`, [ids]);
const subscriptionsIn = ({ text }: Seen) =>
  [...text.matchAll(/subscriptions\/(ps_\w+)\/cancel"/g)].map(([, id]) => id!);

it('shows what lasts before what is over, however much of that came later', async () => {
  const lasting = await idIn('subscription', shop.ada);
  const over = await rows.clone('subscription', lasting, 31);
  await later('subscription', over, `status = 'CANCELED', ended_at = now()`);
  const { home } = await visit(shop.ada);
  expect(subscriptionsIn(home)).toEqual([lasting]);
  expect(home.text).toContain('It renews on');
  expect(home.text.split('It ended on')).toHaveLength(4);
  await rows.remove('subscription', over);
});

it('leads on to what lasts of more than a page, each once', async () => {
  const first = await idIn('subscription', shop.ada);
  const others = await rows.clone('subscription', first, 9);
  const { visitor, home } = await visit(shop.ada);
  const next = /href="([^"]*\?before=[^"]*)">Older subscriptions/.exec(home.text)![1]!;
  const older = await visitor.go(next);
  expect(older.text).not.toContain('Older subscriptions');
  expect([...subscriptionsIn(home), ...subscriptionsIn(older)].toSorted()).toEqual([first, ...others].toSorted());
  expect((await visitor.go(`${home.path}?before=nonsense`)).status).toBe(400);
  await rows.remove('subscription', others);
});

it('says what pays, however many payment methods were saved later', async () => {
  const pays = await idIn('payment_method', shop.ada);
  const others = await rows.clone('payment_method', pays, 21);
  await later('payment_method', others, `last4 = '0000'`);
  const { home } = await visit(shop.ada);
  expect(home.text.match(/Visa ending in 4242[^<]*<\/span><span class="state good">Pays your invoices/g)).toHaveLength(
    1,
  );
  expect(home.text.match(/Pays your invoices/g)).toHaveLength(1);
  await rows.remove('payment_method', others);
});

it('is opened ten times a minute and more, and each document of a page counts', async () => {
  const { id: other } = await createPrice(shop.tenant, { unitAmount: 9_900 });
  await billgraph.settled();
  const [{ id: priceId }] = await rows.sql('select id from price where stripe_price_id = $1', [other]);
  await rows.sql('update project_settings set self_service_price_ids = array[$1]', [priceId]);
  const { visitor, home } = await visit(shop.bob);
  // Three questions each: what lasts, what is over, and the customer.
  for (let views = 1; views < 20; views++) expect((await visitor.go(home.path)).status).toBe(200);
  // Two each: the subscription, and what the change costs.
  const confirm = `${home.path}/subscriptions/${await idIn('subscription', shop.bob)}/plan/confirm?price=${priceId}`;
  let confirmed = 0;
  while (confirmed < 50 && (await visitor.go(confirm)).status === 200) confirmed++;
  expect(confirmed).toBe((limitClasses.CUSTOMERS.points - 20 * 3) / 2);
  const refused = await visitor.go(home.path);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('Too many requests');
});
