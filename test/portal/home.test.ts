import { randomBytes, randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitsWith } from '../../src/limits/limit-classes.ts';
import { type Clones, openClones } from '../matrix/clone-rows.ts';
import { type Billgraph, startAnother, startBillgraph } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { portalLink, type Seen, Visitor } from './visitor.ts';

/** The first page of the portal, for customers who have much, and for those who come often. */

const encryptionKeys = [randomBytes(32)];
let billgraph: Billgraph;
let strict: Awaited<ReturnType<typeof startAnother>>;
let shop: Shop;
let rows: Clones;
beforeAll(async () => {
  billgraph = await startBillgraph({ rateLimits: limitsWith(), encryptionKeys });
  strict = await startAnother(billgraph, { rateLimits: limitsWith({ CUSTOMERS: 5, FAILURES: 2 }), encryptionKeys });
  shop = await openShop(billgraph);
  rows = await openClones(billgraph.databaseUrl, randomInt);
});
afterAll(async () => {
  await rows.close();
  await strict.close();
  await billgraph.close();
});

async function visit(customer: { id: string }, at: { url: string } = billgraph) {
  const visitor = new Visitor(at);
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

it('is opened ten times a minute with the default limits', async () => {
  const { visitor, home } = await visit(shop.bob);
  for (let views = 1; views < 10; views++) expect((await visitor.go(home.path)).status).toBe(200);
});

it('costs three points, and a page of two questions costs two', async () => {
  const { id: other } = await createPrice(shop.tenant, { unitAmount: 9_900 });
  await billgraph.settled();
  const [{ id: priceId }] = await rows.sql('select id from price where stripe_price_id = $1', [other]);
  await rows.sql('update project_settings set self_service_price_ids = array[$1]', [priceId]);
  const { visitor, home } = await visit(shop.bob, strict);
  const change = `${home.path}/subscriptions/${await idIn('subscription', shop.bob)}/plan/confirm?price=${priceId}`;
  expect((await visitor.go(change)).status).toBe(200);
  const refused = await visitor.go(`${home.path}/invoices`);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('Too many requests');
});

it('that is closed may be looked at as often as one likes: it is no guess', async () => {
  const { visitor, home } = await visit(shop.ada, strict);
  await rows.sql('update portal_session set expires_at = now() where customer_id = $1', [shop.ada.id]);
  for (let views = 0; views < 4; views++) expect((await visitor.go(home.path)).status).toBe(410);
  for (const status of [401, 401, 429])
    expect((await new Visitor(strict).go('/portal/open?token=x')).status).toBe(status);
});

it('says that there is no invoice yet only where there is none behind its drafts', async () => {
  const invoice = await idIn('invoice', shop.ada);
  const drafts = await rows.clone('invoice', invoice, 12);
  await later('invoice', drafts, `status = 'DRAFT'`);
  const { visitor, home } = await visit(shop.ada);
  expect(home.text).not.toContain('There is no invoice yet');
  const older = await visitor.go(/href="([^"]*)">Older invoices/.exec(home.text)![1]!);
  expect(older.text).toContain('PDF');
});
