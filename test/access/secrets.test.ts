import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { createLog, scrub } from '../../src/log.ts';
import { createSealer } from '../../src/sealing/sealing.ts';
import { portalLink } from '../portal/visitor.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask } from '../rig/graph.ts';

describe('sealing', () => {
  const [key, old] = [randomBytes(32), randomBytes(32)];

  it('opens what it sealed, and what an older key sealed', () => {
    const sealed = createSealer([old]).seal('sk_test_1', 'conn_1');
    expect(createSealer([key, old]).open(sealed, 'conn_1')).toBe('sk_test_1');
    expect(sealed).not.toContain('sk_test_1');
  });

  it('seals anew what an older key sealed, so that the older key can go', () => {
    const sealed = createSealer([old]).seal('sk_test_1', 'conn_1');
    const resealed = createSealer([key, old]).reseal(sealed, 'conn_1');
    expect(createSealer([key]).open(resealed, 'conn_1')).toBe('sk_test_1');
    expect(createSealer([key, old]).reseal(resealed, 'conn_1')).toBe(resealed);
  });

  it('seals the same text differently each time', () => {
    const sealer = createSealer([key]);
    expect(sealer.seal('a', 'conn_1')).not.toBe(sealer.seal('a', 'conn_1'));
  });

  it.each([
    ['another row', (sealed: string) => [sealed, 'conn_2']],
    ['an altered text', (sealed: string) => [`${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, 'conn_1']],
    ['a key that is not configured', (sealed: string) => [sealed.replace(/^v1\.\w+/, 'v1.00000000'), 'conn_1']],
    ['nonsense', () => ['nonsense', 'conn_1']],
  ])('refuses %s', (_name, change) => {
    const sealer = createSealer([key]);
    const [sealed, rowId] = change(sealer.seal('sk_test_1', 'conn_1')) as [string, string];
    expect(() => sealer.open(sealed, rowId)).toThrow();
  });
});

describe('logs', () => {
  it('are scrubbed of credentials by their look, wherever they stand', () => {
    const secrets = ['sk_test_51AbC', 'rk_live_51AbC', 'whsec_AbC', 'bs_live_AbC123', 'eyJhbGci.eyJzdWIi.c2lnbmF0dXJl'];
    const lines: string[] = [];
    const log = createLog('info', (line) => lines.push(line));
    for (const secret of secrets) {
      log.info({ deep: { in: [secret] } }, `in words: ${secret}`);
      log.error({ err: new Error(`an error with ${secret}`) });
    }
    log.info({ headers: { authorization: 'Bearer abc.def' }, url: 'postgresql://user:hunter2@host/db' });
    for (const secret of [...secrets, 'abc.def', 'hunter2']) expect(lines.join('')).not.toContain(secret);
    expect(scrub('postgresql://user:hunter2@host/db')).toBe('postgresql://user:[secret]@host/db');
    for (const line of lines) JSON.parse(line);
  });
});

describe('canaries', () => {
  let billgraph: Billgraph;
  let tenant: TestTenant;
  beforeAll(async () => {
    billgraph = await startBillgraph();
    tenant = await createTenant(billgraph);
  });
  afterAll(() => billgraph.close());

  /** Of the link, of the browser's cookie, and of its forms: sent as a browser does, and once as none does. */
  async function portalSecrets(link: string): Promise<string[]> {
    const opened = await fetch(link.replace(testPublicUrl, billgraph.url), { redirect: 'manual' });
    const cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
    const page = `${billgraph.url}${opened.headers.get('location')}`;
    const text = await (await fetch(page, { headers: { cookie } })).text();
    const form = /name="form" value="([^"]+)"/.exec(text)![1]!;
    const body = new URLSearchParams({ form, once: crypto.randomUUID() });
    const headers = { cookie, origin: testPublicUrl };
    const submit = (headers: Record<string, string>) =>
      fetch(`${page}/payment-method`, { method: 'POST', body, headers });
    expect((await submit(headers)).status).toBe(200);
    expect((await submit({ ...headers, origin: 'https://evil.example' })).status).toBe(403);
    expect((await fetch(`${page}x`, { headers: { cookie } })).status).toBe(401);
    return [new URL(link).searchParams.get('token')!, cookie.split('=')[1]!, form];
  }

  it('of every kind are in no log line, no answer and no table', async () => {
    const connection = (await billgraph.app.connections.byId(tenant.connectionId))!;
    const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, {
      input: { email: 'ada@example.com' },
    });
    const mint = { input: { customerId: data.createCustomer.customer.id, scopes: ['customers:read'] } };
    const { token } = (await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, mint)).data.createCustomerToken;
    await ask(billgraph, token, '{ customers { nodes { id } } }');
    const wrong = [
      await ask(billgraph, `${tenant.apiKey}x`, '{ customers { totalCount } }'),
      await ask(billgraph, `${token}x`, '{ customers { totalCount } }'),
    ];
    const link = await portalLink(billgraph, tenant.apiKey, { customerId: mint.input.customerId });
    const portal = await portalSecrets(link);
    await billgraph.settled();

    const secretKey = (connection.stripe as unknown as { _api: { auth?: string } })._api.auth;
    const canaries = [
      tenant.apiKey,
      token,
      ...portal,
      ...connection.webhookSecrets,
      ...(secretKey ? [secretKey.replace('Bearer ', '')] : []),
    ];
    expect(canaries.every((canary) => canary.length > 20)).toBe(true);
    const tables = await asOwner(billgraph.databaseUrl, `select tablename from pg_tables where schemaname = 'public'`);
    const dump = await Promise.all(
      tables.map(({ tablename }) =>
        asOwner(billgraph.databaseUrl, `select row_to_json(t)::text as row from "${tablename}" t`),
      ),
    );
    expect(dump.flat().length).toBeGreaterThan(5);
    for (const canary of canaries) {
      expect(billgraph.logged.join('')).not.toContain(canary);
      expect(JSON.stringify(wrong)).not.toContain(canary);
      expect(JSON.stringify(dump)).not.toContain(canary);
    }
  });
});
