import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spawnAnother } from '../rig/another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { catalogOf } from '../rig/catalog.ts';
import { ask } from '../rig/graph.ts';
import { type StripeProxy, startStripeProxy } from '../rig/stripe-proxy.ts';

/** A server is killed when Stripe has done one of the three things that changePriceAmount asks of it, before the server knows. */

type Doomed = { child: ChildProcess; url: string; proxy: StripeProxy; atBorder: Promise<void> };

let billgraph: Billgraph;
let tenant: TestTenant;
let doomed: Doomed[];
beforeAll(async () => {
  const encryptionKey = randomBytes(32).toString('hex');
  billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')] });
  tenant = await createTenant(billgraph);
  doomed = await Promise.all([1, 2, 3].map((write) => spawnDoomed(encryptionKey, write)));
}, 60_000);
afterAll(async () => {
  for (const { child, proxy } of doomed) {
    child.kill('SIGKILL');
    proxy.close();
  }
  await billgraph.close();
});

/** A server whose so manyeth write is done by Stripe, and never answered. */
async function spawnDoomed(encryptionKey: string, unanswered: number): Promise<Doomed> {
  const { promise: atBorder, resolve } = Promise.withResolvers<void>();
  let writes = 0;
  const proxy = await startStripeProxy(() => billgraph.sandbox.url, {
    back: async ({ method }) => {
      if (method !== 'POST' || ++writes !== unanswered) return;
      resolve();
      return 'lost';
    },
  });
  const server = await spawnAnother({ databaseUrl: billgraph.databaseUrl, stripeApiUrl: proxy.url, encryptionKey });
  return { ...server, proxy, atBorder };
}

const document = `mutation ($input: ChangePriceAmountInput!) { changePriceAmount(input: $input) {
  price { id stripePriceId lookupKey } archivedPrice { id active replacedBy { id } }
} }`;

it.each([
  ['the new price', 0],
  ['the default price', 1],
  ['the archived price', 2],
])('after %s: another server goes on, and there is one new price', async (what, at) => {
  const { child, url, atBorder } = doomed[at]!;
  const catalog = catalogOf(billgraph, tenant);
  const product = await catalog.newProduct();
  const old = await catalog.newPrice(product.id, { lookupKey: what });
  await tenant.stripe.products.update(product.stripeProductId, { default_price: old.stripePriceId });
  const input = { priceId: old.id, unitAmount: 200, idempotencyKey: what };
  const call = (server: { url: string }) => ask(server, tenant.apiKey, document, { input });
  const lost = call({ url }).catch(() => null);
  await atBorder;
  child.kill('SIGKILL');
  await lost;
  // As a client does: again where it is told to.
  let answer = await call(billgraph);
  while (answer.errors?.[0]?.extensions.retryable) answer = await call(billgraph);
  expect(answer.errors).toBeUndefined();
  const { price, archivedPrice } = answer.data.changePriceAmount;
  expect(archivedPrice).toEqual({ id: old.id, active: false, replacedBy: { id: price.id } });
  expect((await call(billgraph)).data).toEqual(answer.data);
  const { data } = await tenant.stripe.prices.list({ product: product.stripeProductId });
  expect(data).toMatchObject([
    { id: price.stripePriceId, active: true, lookup_key: what },
    { id: old.stripePriceId, active: false, lookup_key: null },
  ]);
  expect(await tenant.stripe.products.retrieve(product.stripeProductId)).toMatchObject({
    default_price: price.stripePriceId,
  });
});
