import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKey } from '../../src/identity/access/api-key.entity.ts';
import { hashApiKey } from '../../src/identity/access/api-key-format.ts';
import { ApiKeyUsage } from '../../src/limits/api-key-usage.entity.ts';
import { createUsageCounter } from '../../src/limits/count-usage.ts';
import { limitsWith } from '../../src/limits/limit-classes.ts';
import { pruneUsage } from '../../src/limits/prune-usage.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { slowCounter } from '../rig/counters.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph({ rateLimits: limitsWith({ READS: 3 }), counter: slowCounter() });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const idOf = async (secret: string) =>
  (await billgraph.app.orm.em.fork().findOneOrFail(ApiKey, { hash: hashApiKey(secret) })).id;
const usageOf = async (apiKeyId: string) =>
  (await billgraph.app.orm.em.fork().find(ApiKeyUsage, { apiKeyId }, { orderBy: { day: 'asc' } })).map(
    ({ day, requests, weight, refused }) => ({ day, requests, weight, refused }),
  );
const today = () => new Date().toISOString().slice(0, 10);

describe('the usage of a key', () => {
  it('is counted, with what was refused, and when it was used last', async () => {
    const key = await tenant.newApiKey({});
    const id = await idOf(key);
    const before = new Date();
    for (let n = 0; n < 5; n++) await ask(billgraph, key, '{ products { totalCount } }');
    await ask(billgraph, key, '{ customers(first: 100) { nodes { subscriptions(first: 9) { nodes { id } } } } }');
    await billgraph.app.usage.flush();
    expect(await usageOf(id)).toEqual([{ day: today(), requests: 6, weight: 9, refused: 2 }]);
    const { lastUsedAt } = await billgraph.app.orm.em.fork().findOneOrFail(ApiKey, { id });
    expect(lastUsedAt!.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('of several processes adds up, and is written when one stops', async () => {
    const key = await tenant.newApiKey({});
    const another = await startAnother(billgraph, {});
    await ask(billgraph, key, '{ customers { totalCount } }');
    await ask(another, key, '{ customers { totalCount } }');
    await another.close();
    await billgraph.app.usage.flush();
    expect(await usageOf(await idOf(key))).toEqual([{ day: today(), requests: 2, weight: 2, refused: 0 }]);
  });

  it('waits where the database does not take it, and is not written twice', async () => {
    const id = await idOf(await tenant.newApiKey({}));
    const { em } = billgraph.app.orm;
    const usage = createUsageCounter({ em, log: billgraph.app.log });
    usage.count(id, 3, false);
    await asOwner(billgraph.databaseUrl, 'alter table api_key_usage rename to elsewhere');
    await expect(usage.flush()).rejects.toThrow('api_key_usage');
    usage.count(id, 4, true);
    await asOwner(billgraph.databaseUrl, 'alter table elsewhere rename to api_key_usage');
    await usage.close();
    await usage.flush();
    expect(await usageOf(id)).toEqual([{ day: today(), requests: 2, weight: 7, refused: 1 }]);
  });

  it('of a key that is no more does not hold up that of others', async () => {
    const id = await idOf(await tenant.newApiKey({}));
    const usage = createUsageCounter({ em: billgraph.app.orm.em, log: billgraph.app.log });
    usage.count('key_gone', 1, false);
    usage.count(id, 1, false);
    await usage.close();
    expect(await usageOf(id)).toHaveLength(1);
  });

  it('is kept for 400 days', async () => {
    const id = await idOf(await tenant.newApiKey({}));
    const em = billgraph.app.orm.em.fork();
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    for (const days of [0, 399, 402])
      em.create(ApiKeyUsage, { apiKeyId: id, day: daysAgo(days), requests: 1, weight: 1, refused: 0 });
    await em.flush();
    await pruneUsage({ em: billgraph.app.orm.em.fork() });
    expect((await usageOf(id)).map(({ day }) => day)).toEqual([daysAgo(399), daysAgo(0)]);
  });
});
