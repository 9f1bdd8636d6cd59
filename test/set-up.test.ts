import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSealer } from '../src/sealing/sealing.ts';
import { setUp } from '../src/set-up.ts';
import { StripeConnection } from '../src/tenancy/connections/stripe-connection.entity.ts';
import { Team } from '../src/tenancy/teams/team.entity.ts';
import { type Billgraph, startBillgraph } from './rig/billgraph.ts';

/** What a start does with the configured Stripe keys. Each test goes on from the one before. */

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const account = randomBytes(8).toString('hex');
const stripeKey = (secret: string, of = account) => `sk_test_51${of}${secret}`;

let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys: [oldKey] });
});
afterAll(() => billgraph.close());

const start = (secretKey: string, options: { stripeApiUrl?: string; sealer?: Billgraph['app']['sealer'] } = {}) =>
  setUp(options.sealer ? { ...billgraph.app, sealer: options.sealer } : billgraph.app, {
    stripe: { TEST: { secretKey, webhookSecret: undefined }, LIVE: undefined },
    stripeApiUrl: options.stripeApiUrl ?? billgraph.sandbox.url,
    publicUrl: billgraph.url,
    databaseUrl: billgraph.databaseUrl,
  });
const connections = () => billgraph.app.orm.em.fork().findAll(StripeConnection);

it('makes one team, one connection and one endpoint, however many processes start at once', async () => {
  await Promise.all([start(stripeKey('first')), start(stripeKey('first')), start(stripeKey('first'))]);
  expect(await billgraph.app.orm.em.fork().count(Team)).toBe(1);
  const [connection, ...others] = await connections();
  expect(others).toEqual([]);
  const { stripe } = (await billgraph.app.connections.byId(connection!.id))!;
  expect((await stripe.webhookEndpoints.list()).data).toMatchObject([
    { url: `${billgraph.url}/webhooks/stripe/${connection!.id}` },
  ]);
});

it('takes another key of the same account', async () => {
  await start(stripeKey('second'));
  const [{ id, sealedSecretKey }] = (await connections()) as [StripeConnection];
  expect(billgraph.app.sealer.open(sealedSecretKey!, id)).toBe(stripeKey('second'));
});

it('refuses a key of another account: rows of two accounts must not mix', async () => {
  await expect(start(stripeKey('third', randomBytes(8).toString('hex')))).rejects.toThrow(
    /holds the TEST data of the Stripe account/,
  );
});

it('goes on without Stripe where Stripe cannot be reached, and says so', async () => {
  await start(stripeKey('second'), { stripeApiUrl: 'http://127.0.0.1:1' });
  expect(billgraph.logged.join('')).toContain('Stripe (TEST) cannot be reached');
});

it('seals the keys anew where ENCRYPTION_KEY has a new first one, so that the old one can go', async () => {
  await start(stripeKey('second'), { sealer: createSealer([newKey, oldKey]) });
  const [{ id, sealedSecretKey, sealedWebhookSecrets }] = (await connections()) as [StripeConnection];
  const withoutOldKey = createSealer([newKey]);
  expect(withoutOldKey.open(sealedSecretKey!, id)).toBe(stripeKey('second'));
  for (const sealed of sealedWebhookSecrets) expect(withoutOldKey.open(sealed, id)).toMatch(/^whsec_/);
});
