import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** An app that signs tokens of its own, and publishes its keys. */
let app: { url: string; server: Server; keys: object[]; asked: number; status: number };
let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let customerId: string;
let privateKey: CryptoKey;
beforeAll(async () => {
  app = await startApp();
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  [customerId] = await Promise.all([
    newCustomer(tenant, 'u_1'),
    newCustomer(tenant, 'u_2'),
    newCustomer(foreign, 'u_3'),
  ]);
  privateKey = await newKey('app-1');
  await register(tenant);
});
afterAll(async () => {
  await billgraph.close();
  app.server.close();
});
beforeEach(() => {
  app.status = 200;
});

async function startApp() {
  const server = createServer((_request, response) => {
    app.asked += 1;
    response.writeHead(app.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: app.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  return { url, server, keys: [] as object[], asked: 0, status: 200 };
}

async function newKey(kid: string, alg = 'EdDSA'): Promise<CryptoKey> {
  const pair = await generateKeyPair(alg);
  app.keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg });
  return pair.privateKey;
}

async function newCustomer({ apiKey }: TestTenant, externalId: string): Promise<string> {
  const input = { email: `${externalId}@example.com`, externalId };
  return (await ask(billgraph, apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer.id;
}

/** Who registers first, comes first. */
let registered = 0;
async function register({ projectId, teamId }: TestTenant, change: object = {}) {
  const settings = {
    tokenIssuer: 'https://app.example.com',
    tokenAudience: `billing-${projectId}`,
    tokenJwksUrl: app.url,
    tokenAlgorithms: ['EdDSA', 'ES256'],
    tokenScopes: ['customers:read', 'customers:write'],
    tokenTeamId: teamId,
    tokenSince: new Date(++registered * 1000),
    ...change,
  };
  await billgraph.app.orm.em.fork().nativeUpdate(ProjectSettings, { projectId, environment: 'TEST' }, settings);
}

type Making = { claims?: JWTPayload; header?: object; key?: CryptoKey | Uint8Array; expires?: string | number | null };
function sign({ claims, header, key, expires = '5m' }: Making = {}): Promise<string> {
  const jwt = new SignJWT({
    iss: 'https://app.example.com',
    aud: `billing-${tenant.projectId}`,
    sub: 'u_1',
    ...claims,
  }).setProtectedHeader({ alg: 'EdDSA', kid: 'app-1', ...header } as never);
  if (expires !== null) jwt.setExpirationTime(expires);
  return jwt.sign(key ?? privateKey);
}
const seenBy = (token: string, named?: TestTenant) =>
  ask(
    billgraph,
    token,
    '{ customers { nodes { id } } }',
    {},
    named ? { 'billgraph-project': named.projectId, 'billgraph-environment': 'TEST' } : {},
  );

describe("an app's own token", () => {
  it('speaks for the customer whose external id it carries, and for nobody else', async () => {
    const { data } = await seenBy(await sign());
    expect(data.customers.nodes).toEqual([{ id: customerId }]);
  });

  it('holds the scopes that the project gave, of those that a frontend may hold', async () => {
    const create = await ask(billgraph, await sign(), CreateCustomerDocument, { input: { email: 'x@example.com' } });
    expect(refusalsOf(create)).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await ask(billgraph, await sign(), '{ products { nodes { id } } }'))).toEqual([
      { code: 'FORBIDDEN' },
    ]);
  });

  it('may be signed by a key that the app has made since', async () => {
    const next = await newKey('app-2', 'ES256');
    const token = await sign({ header: { alg: 'ES256', kid: 'app-2' }, key: next });
    // The keys are asked for again at most each half minute: another issuer begins afresh.
    await register(tenant, { tokenJwksUrl: `${app.url}?2` });
    await expect.poll(async () => (await seenBy(token)).status, { timeout: 8_000 }).toBe(200);
  });

  it('does not ask the app for its keys each time', async () => {
    await seenBy(await sign());
    const before = app.asked;
    for (let n = 0; n < 5; n++) await seenBy(await sign());
    expect(app.asked).toBe(before);
  });
});

describe('another team that registers the same issuer and audience', () => {
  const claims = { iss: 'https://shared.example', aud: ['billing', 'userinfo'], sub: 'u_1' };
  const same = { tokenIssuer: claims.iss, tokenAudience: 'billing' };

  it('later, with the same keys or its own, changes nothing for who came first; its own customers are all that it gains', async () => {
    const [victim, attacker] = [await createTenant(billgraph), await createTenant(billgraph)];
    const [own, theirs] = [await newCustomer(victim, 'u_1'), await newCustomer(attacker, 'u_1')];
    await register(victim, same);
    await register(attacker, same);
    const token = await sign({ claims });
    for (const at of [undefined, victim]) expect((await seenBy(token, at)).data.customers.nodes).toEqual([{ id: own }]);
    expect((await seenBy(token, attacker)).data.customers.nodes).toEqual([{ id: theirs }]);
    const late = await createTenant(billgraph);
    await register(late, { ...same, tokenAudience: 'userinfo', tokenJwksUrl: `${app.url}?theirs` });
    expect((await seenBy(token)).data.customers.nodes).toEqual([{ id: own }]);
  });

  it('before, keeps nobody from its tokens who names his project', async () => {
    const [squatter, victim] = [await createTenant(billgraph), await createTenant(billgraph)];
    const squatted = { iss: 'https://squatted.example', aud: 'billing', sub: 'u_1' };
    const taken = { tokenIssuer: squatted.iss, tokenAudience: 'billing' };
    await register(squatter, taken);
    await register(victim, taken);
    const own = await newCustomer(victim, 'u_1');
    const token = await sign({ claims: squatted });
    expect((await seenBy(token, victim)).data.customers.nodes).toEqual([{ id: own }]);
    expect((await seenBy(token)).status).toBe(401);
    // Nor does its key open the project of the other.
    const { privateKey } = await generateKeyPair('EdDSA');
    expect((await seenBy(await sign({ claims: squatted, key: privateKey }), victim)).status).toBe(401);
  });
});

describe('refuses', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1000);
  it.each<[string, () => Promise<string> | string, string]>([
    ['one that has expired', () => sign({ expires: now() - 60 }), 'expired'],
    ['one without an end', () => sign({ expires: null }), 'exp'],
    ['one that is not valid yet', () => sign({ claims: { nbf: now() + 600 } }), 'nbf'],
    ['another audience', () => sign({ claims: { aud: 'somebody else' } }), 'registered'],
    ['an unknown issuer', () => sign({ claims: { iss: 'https://evil.example' } }), 'registered'],
    ['no issuer', () => sign({ claims: { iss: undefined } }), 'registered'],
    ['an issuer that is no text', () => sign({ claims: { iss: 'https://app.example.com\0' } }), 'registered'],
    ['a customer that the project does not have', () => sign({ claims: { sub: 'u_3' } }), 'no customer'],
    ['an external id that is no text', () => sign({ claims: { sub: 'u_1\0' } }), 'no customer'],
    ['no external id', () => sign({ claims: { sub: undefined } }), 'claim sub'],
    ['a claim that is no text', () => sign({ claims: { sub: 7 as never } }), 'claim sub'],
    ['a key of somebody else', async () => sign({ key: (await generateKeyPair('EdDSA')).privateKey }), 'signature'],
    ['an unknown kid', () => sign({ header: { kid: 'app-9' } }), 'applicable key'],
    ['alg none', () => `${encode({ alg: 'none', kid: 'app-1' })}.${encode({ iss: 'https://app.example.com' })}.`, ''],
    [
      'HS256 with the public key as the secret',
      () => sign({ header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(app.keys[0]).padEnd(64)) }),
      'alg',
    ],
    [
      'an algorithm that the project does not allow',
      async () => sign({ header: { alg: 'ES384', kid: 'app-3' }, key: await newKey('app-3', 'ES384') }),
      'alg',
    ],
  ])('%s', async (_name, make, says) => {
    const answer = await seenBy(await make());
    expect(answer.status).toBe(401);
    expect(refusalsOf(answer)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    expect(answer.errors![0]!.message).toContain(says);
  });

  it('audiences of several projects of a team, unless the request names one', async () => {
    const sibling = await createTenant(billgraph, { teamId: tenant.teamId });
    const issuer = 'https://both.example';
    await register(sibling, { tokenIssuer: issuer, tokenAudience: 'ours' });
    const other = await createTenant(billgraph, { teamId: tenant.teamId });
    await register(other, { tokenIssuer: issuer, tokenAudience: 'also ours' });
    const u4 = await newCustomer(sibling, 'u_4');
    const token = await sign({ claims: { iss: issuer, aud: ['ours', 'also ours'], sub: 'u_4' } });
    const answer = await seenBy(token);
    expect(answer.status).toBe(401);
    expect(answer.errors![0]!.message).toContain('several projects');
    expect((await seenBy(token, sibling)).data.customers.nodes).toEqual([{ id: u4 }]);
    expect((await seenBy(token, other)).errors![0]!.message).toContain('no customer');
    expect((await seenBy(token, tenant)).errors![0]!.message).toContain('registered');
  });

  it('an app whose keys cannot be read', async () => {
    await register(foreign, { tokenIssuer: 'https://other.example', tokenJwksUrl: `${app.url}?broken` });
    app.status = 500;
    const claims = { iss: 'https://other.example', aud: `billing-${foreign.projectId}`, sub: 'u_3' };
    const answer = await seenBy(await sign({ claims }));
    expect(answer.status).toBe(401);
  });

  it('keys at a private address, where that is not allowed', async () => {
    const careful = await startBillgraph();
    try {
      const theirs = await createTenant(careful);
      await ask(careful, theirs.apiKey, CreateCustomerDocument, {
        input: { email: 'a@example.com', externalId: 'u_1' },
      });
      const settings = { tokenIssuer: 'https://app.example.com', tokenAudience: 'billing', tokenAlgorithms: ['EdDSA'] };
      for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
        const tokenJwksUrl = app.url.replace('127.0.0.1', host);
        const { projectId } = theirs;
        const change = { ...settings, tokenJwksUrl, tokenIssuer: `https://${host}` };
        await careful.app.orm.em.fork().nativeUpdate(ProjectSettings, { projectId, environment: 'TEST' }, change);
        const before = app.asked;
        const token = await sign({ claims: { iss: `https://${host}`, aud: 'billing' } });
        const answer = await ask(careful, token, '{ customers { nodes { id } } }');
        expect(answer.status).toBe(401);
        expect(answer.errors![0]!.message).toContain('cannot be read');
        expect(app.asked).toBe(before);
      }
    } finally {
      await careful.close();
    }
  });
});
