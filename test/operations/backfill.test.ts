import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { type StripeProxy, startStripeProxy } from '../rig/stripe-proxy.ts';

/** A backfill that meets trouble. What it answers where all is well, refuses and is not allowed: start-backfill.test.ts. */
let proxy: StripeProxy;
let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  proxy = await startStripeProxy(() => billgraph.sandbox.url);
  billgraph = await startBillgraph({ stripeApiUrl: proxy.url });
});
beforeEach(async () => {
  proxy.instead.clear();
  tenant = await createTenant(billgraph);
  for (const name of ['A', 'B', 'C']) await tenant.stripe.products.create({ name });
});
afterAll(async () => {
  await billgraph.close();
  proxy.close();
});

const sql = (text: string) => billgraph.app.orm.em.fork().execute(text);
const failure = (status: number, message: string) => ({ status, body: { error: { type: 'api_error', message } } });

async function start(objects: string[]): Promise<string> {
  const document = `mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { backfill { id } } }`;
  const input = { objects, assign: { projectId: tenant.projectId } };
  const { data, errors } = await ask(billgraph, tenant.apiKey, document, { input });
  expect(errors).toBeUndefined();
  return data.startBackfill.backfill.id;
}
async function find(id: string) {
  const document = `query ($id: ID!) { backfill(id: $id) { state error finishedAt progress { object seen isDone } } }`;
  return (await ask(billgraph, tenant.apiKey, document, { id })).data.backfill;
}
const until = (id: string, state: object) => expect.poll(() => find(id), { timeout: 10_000 }).toMatchObject(state);
const wake = (id: string, set = '') => sql(`update lane set run_at = now() ${set} where key = 'backfill/${id}'`);

it('waits while Stripe is down, says so, and goes on by itself', async () => {
  proxy.instead.set('GET /v1/products', failure(500, 'Stripe is down.'));
  const id = await start(['PRODUCTS']);
  await until(id, { state: 'RUNNING', error: expect.stringContaining('Stripe is down.'), finishedAt: null });
  await wake(id, ', attempts = 1000');
  await expect
    .poll(() => sql(`select 1 from lane where key = 'backfill/${id}' and attempts > 1000 and owner is null`))
    .toHaveLength(1);
  expect(await find(id)).toMatchObject({ state: 'RUNNING' });
  proxy.instead.clear();
  await wake(id);
  const progress = [{ object: 'PRODUCTS', seen: 3, isDone: true }];
  await until(id, { state: 'COMPLETED', error: null, finishedAt: expect.any(String), progress });
});

it('says which right a restricted key lacks, and does not wait for ever', async () => {
  proxy.instead.set('GET /v1/products', failure(403, "Having the 'rak_product_read' permission would allow this."));
  const id = await start(['PRODUCTS']);
  await until(id, { state: 'RUNNING', error: expect.stringContaining('rak_product_read') });
  await wake(id, ', attempts = 1000');
  await until(id, { state: 'FAILED', error: expect.stringContaining('rak_product_read') });
});

it('is given up where it fails again and again by its own fault, and makes room for another one', async () => {
  proxy.instead.set('GET /v1/products', failure(400, 'This list is no more.'));
  const id = await start(['PRODUCTS']);
  await until(id, { state: 'RUNNING', error: expect.stringContaining('no more') });
  await wake(id, ', attempts = 1000');
  await until(id, { state: 'FAILED', error: expect.stringContaining('no more'), finishedAt: expect.any(String) });
  expect(await sql(`select from lane where key = 'backfill/${id}'`)).toHaveLength(0);
  proxy.instead.clear();
  await until(await start(['PRODUCTS']), { state: 'COMPLETED' });
});

it('goes on where the object at which it stood was deleted, and where a test clock was', async () => {
  proxy.instead.set('GET /v1/products', failure(500, 'Stripe is down.'));
  const id = await start(['PRODUCTS']);
  await until(id, { error: expect.stringContaining('down') });
  const sections = [
    { object: 'PRODUCTS', testClock: null },
    { object: 'CUSTOMERS', testClock: 'clock_gone' },
  ];
  const cursor = { id: 'prod_gone', created: Math.floor(Date.now() / 1000) + 1 };
  await sql(
    `update backfill set objects = '{PRODUCTS,CUSTOMERS}', sections = '${JSON.stringify(sections)}', section = 0,
       cursor = '${JSON.stringify(cursor)}' where id = '${id}'`,
  );
  const gone = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'test_clock',
    message: 'No such clock',
  };
  proxy.instead.set('GET /v1/customers', { status: 400, body: { error: gone } });
  proxy.instead.delete('GET /v1/products');
  await wake(id);
  const progress = [
    { object: 'PRODUCTS', seen: 3 },
    { object: 'CUSTOMERS', seen: 0 },
  ];
  await until(id, { state: 'COMPLETED', progress });
});

it('gives an object up that Stripe cannot answer for, after some tries, and takes in the rest', async () => {
  const { id: product } = await tenant.stripe.products.create({ name: 'Old' });
  const price = { product, currency: 'usd', unit_amount: 100 };
  const { id: cursed } = await tenant.stripe.prices.create(price);
  await billgraph.settled();
  await sql(`delete from price; delete from product`);
  proxy.instead.set(`GET /v1/products/${product}`, failure(500, 'Not this one.'));
  const id = await start(['PRICES']);
  await until(id, { error: expect.stringContaining('Not this one.') });
  await wake(id, ', attempts = 20');
  await until(id, { state: 'COMPLETED' });
  expect(await sql(`select stripe_id from backfill_failure where backfill_id = '${id}'`)).toEqual([
    { stripe_id: cursed },
  ]);
});
