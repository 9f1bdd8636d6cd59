import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SigningKey } from '../../src/identity/tokens/signing-key.entity.ts';
import { resealSecrets } from '../../src/sealing/reseal-secrets.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { StripeConnection } from '../../src/tenancy/connections/stripe-connection.entity.ts';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';

const [old, fresh] = [randomBytes(32), randomBytes(32)];
let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph({ encryptionKeys: [old] });
  await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await fetch(`${billgraph.url}/.well-known/jwks.json`);
});
afterAll(() => billgraph.close());

const reseal = (keys: Buffer[]) => resealSecrets({ em: billgraph.app.orm.em.fork(), sealer: createSealer(keys) });
const sealed = async () => {
  const em = billgraph.app.orm.em.fork();
  const connections = await em.findAll(StripeConnection, { orderBy: { id: 'asc' } });
  const keys = await em.findAll(SigningKey);
  return [
    ...connections.flatMap((row) =>
      [row.sealedSecretKey, ...row.sealedWebhookSecrets, row.sealedThinSecret].map((text) => [row.id, text]),
    ),
    ...keys.map((row) => [row.id, row.sealedPrivateJwk]),
  ] as [string, string][];
};

it('seals every secret by the new key, after which the old one may go', async () => {
  const before = (await sealed()).map(([id, text]) => createSealer([old]).open(text, id));
  expect(before.length).toBeGreaterThanOrEqual(5);
  const counts = await reseal([fresh, old]);
  expect(counts.map(({ resealed }) => resealed)).toEqual([2, 2, 2, 1, 0, 0, 0, 0, 0]);
  expect((await sealed()).map(([id, text]) => createSealer([fresh]).open(text, id))).toEqual(before);
  expect((await reseal([fresh])).every(({ resealed }) => resealed === 0)).toBe(true);
});

it('changes nothing where a key is missing', async () => {
  const before = await sealed();
  await expect(reseal([randomBytes(32)])).rejects.toThrow('No configured ENCRYPTION_KEY');
  expect(await sealed()).toEqual(before);
});

/** A sealed column that is not listed would keep the old key needed, and nobody would know. */
it('knows every sealed column', async () => {
  const rows = await billgraph.app.orm.em
    .getConnection()
    .execute(`select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = current_schema() and column_name like 'sealed%' order by name`);
  const known = (await reseal([fresh])).map(({ table, column }) => `${table}.${column}`).sort();
  expect(rows.map(({ name }) => name)).toEqual(known);
});
