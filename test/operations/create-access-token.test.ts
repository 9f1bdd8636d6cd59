import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant, testPublicUrl } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let shop: Shop;
let foreign: TestTenant;
let audience: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [shop, foreign] = await Promise.all([openShop(billgraph), createTenant(billgraph)]);
  audience = `${shop.tenant.projectId}/TEST`;
  await give('export', 'BOOLEAN', {});
  await give('support', 'ENUMERATED', { options: ['basic', 'priority'], option: 'priority' });
  await give('seats', 'LIMIT', { limit: '12.5' });
  await give('storage', 'LIMIT', {});
});
afterAll(() => billgraph.close());

/** Gives Ada a feature. */
async function give(
  key: string,
  type: string,
  of: { options?: string[]; option?: string; limit?: string; end?: Date },
) {
  const { projectId } = shop.tenant;
  const feature = newId('fea');
  const sql = (text: string, values: unknown[]) => asOwner(billgraph.databaseUrl, text, values);
  await sql(
    `insert into feature (id, project_id, environment, key, name, type, options, created_at, updated_at)
     values ($1, $2, 'TEST', $3, $3, $4, $5, now(), now())`,
    [feature, projectId, key, type, of.options ?? []],
  );
  await sql(
    `insert into feature_grant (id, project_id, environment, customer_id, feature_id, kind, limit_value, option, reason, actor_kind, actor_id, starts_at, expires_at, created_at)
     values ($1, $2, 'TEST', $3, $4, 'GRANT', $5, $6, 'A test', 'API_KEY', 'key', now(), $7, now())`,
    [newId('fgr'), projectId, shop.ada.id, feature, of.limit ?? null, of.option ?? null, of.end ?? null],
  );
}

const document = `mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { token expiresAt version } }`;
const sign = (input: object = {}, credential = shop.tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { customerId: shop.ada.id, ...input } });
const tokenOf = async (input: object = {}) => (await sign(input)).data.createAccessToken.token as string;

/** The lines of the documentation, as they stand there. */
function linesOfTheDocs(values: Record<string, unknown>): (token: string) => Promise<any> {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/access-token.md'), 'utf8');
  const [, code = ''] = /```js\n(import [\s\S]*?)```/.exec(docs) ?? [];
  const [imported, ...lines] = code.trim().split('\n');
  expect(imported).toBe(`import { createRemoteJWKSet, jwtVerify } from 'jose';`);
  expect(lines).toHaveLength(3);
  const body = lines.join('\n').replace('export const accessOf =', 'return');
  const scope = { createRemoteJWKSet, jwtVerify, ...values };
  return new Function(...Object.keys(scope), body)(...Object.values(scope));
}

/** The docs fetch the keys at the address that the token names: in the tests that is no name of the network. */
const accessOf = (token: string, project = audience) => {
  const local = (address: URL) => createRemoteJWKSet(new URL(address.href.replace(testPublicUrl, billgraph.url)));
  return linesOfTheDocs({ BILLGRAPH_URL: testPublicUrl, PROJECT: project, createRemoteJWKSet: local })(token);
};

describe('answers', () => {
  it('with what is used, held and left of a limit that a meter counts against, and until when', async () => {
    const { tenant, bob } = shop;
    const [usage, features] = [usageOf(billgraph, tenant), featuresOf(billgraph, tenant)];
    const meter = await usage.newMeter('SUM');
    await features.newFeature('calls', { type: 'LIMIT', meter: meter.id });
    await features.made('grantFeature', { customerId: bob.id, feature: 'calls', limit: '10', reason: 'A test' });
    await usage.report([{ meter: meter.id, customerId: bob.id, value: '2.5' }]);
    const reserve = `mutation { reserveUsage(input: { customerId: "${bob.id}", feature: "calls", amount: "4" }) { resetsAt } }`;
    const { data } = await ask(billgraph, tenant.apiKey, reserve);
    const { calls } = (await accessOf(await tokenOf({ customerId: bob.id }))).features;
    const resetsAt = Math.floor(Date.parse(data.reserveUsage.resetsAt) / 1_000);
    expect(calls).toEqual({ limit: '10', used: '2.5', remaining: '3.5', resetsAt });
  });

  it('a token that the lines of docs/access-token.md check without asking us, with what the customer has', async () => {
    const { data, errors } = await sign();
    expect(errors).toBeUndefined();
    const { token, expiresAt, version } = data.createAccessToken;
    const claims = await accessOf(token);
    expect(claims).toEqual({
      sub: shop.ada.id,
      iss: testPublicUrl,
      aud: audience,
      iat: expect.any(Number),
      exp: Date.parse(expiresAt) / 1000,
      project: shop.tenant.projectId,
      environment: 'TEST',
      features: { export: true, support: 'priority', seats: { limit: '12.5' }, storage: { limit: null } },
      version: Number(version),
    });
    expect(claims.exp - claims.iat).toBe(300);
    const state = await ask(
      billgraph,
      shop.tenant.apiKey,
      `{ customerState(by: { id: "${shop.ada.id}" }) { version } }`,
    );
    expect(state.data.customerState.version).toBe(version);
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'EdDSA',
      kid: expect.stringMatching(/^sig_/),
      typ: 'billgraph-access+jwt',
    });
  });

  it('a token of the lifetime that was asked for, and none that outlives what it says', async () => {
    const lifeOf = (token: string) => decodeJwt(token).exp! - decodeJwt(token).iat!;
    expect(lifeOf(await tokenOf({ ttl: 3_600 }))).toBe(3_600);
    const end = new Date(Math.floor(Date.now() / 1000) * 1000 + 100_500);
    await give('trial_of_export', 'BOOLEAN', { end });
    const { exp } = decodeJwt(await tokenOf({ ttl: 3_600 }));
    expect(exp).toBe(Math.floor(end.getTime() / 1000));
  });

  it('nothing of what the customer has not', async () => {
    const { data } = await sign({ customerId: shop.bob.id });
    expect(decodeJwt(data.createAccessToken.token)).toMatchObject({ sub: shop.bob.id, features: {} });
  });

  it('a customer token with the scope: for its own customer, whom it need not name', async () => {
    const own = await shop.tokenFor(shop.ada, ['access_tokens:write']);
    for (const customerId of [shop.ada.id, null]) {
      const { data } = await sign({ customerId }, own);
      expect(decodeJwt(data.createAccessToken.token).sub).toBe(shop.ada.id);
    }
    expect(refusalsOf(await sign({ customerId: shop.bob.id }, own))).toEqual([
      { code: 'NOT_FOUND', field: 'customerId' },
    ]);
  });
});

describe('refuses', () => {
  it.each([[0], [-1], [3_601]])('a lifetime of %i seconds', async (ttl) => {
    expect(refusalsOf(await sign({ ttl }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'ttl' }]);
  });

  it('a key that names nobody', async () => {
    expect(refusalsOf(await sign({ customerId: null }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'customerId' }]);
  });

  it("another tenant's customer, a random one and a malformed one alike", async () => {
    const alike = [await sign({}, foreign.apiKey)];
    for (const customerId of ['pc_00000000000000000000000000', 'x', '', 'pc_\0'])
      alike.push(await sign({ customerId }));
    expect(new Set(alike.map(({ errors }) => errors![0]!.message)).size).toBe(1);
    expect(alike.flatMap(refusalsOf)).toEqual(Array(alike.length).fill({ code: 'NOT_FOUND', field: 'customerId' }));
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await shop.tenant.newApiKey({ scopes: ['entitlements:read', 'customer_tokens:write'] });
    expect(refusalsOf(await sign({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('as a credential of this server', async () => {
    const answer = await ask(billgraph, await tokenOf(), '{ customers { totalCount } }');
    expect([answer.status, refusalsOf(answer)[0]?.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.errors?.[0]?.message).toMatch(/access token is no credential/);
  });

  it('to be taken for one, where a customer token is shown to the lines of the docs', async () => {
    await expect(accessOf(await shop.tokenFor(shop.ada, ['customers:read']))).rejects.toThrow(/"aud"|"typ"|"iss"/);
  });

  it('to be altered, signed by somebody else, or shown to another project or environment', async () => {
    const token = await tokenOf();
    await expect(accessOf(token, `${shop.tenant.projectId}/LIVE`)).rejects.toThrow(/"aud"/);
    await expect(accessOf(token, `${foreign.projectId}/TEST`)).rejects.toThrow(/"aud"/);
    const [header, , signature] = token.split('.');
    const more = Buffer.from(JSON.stringify({ ...decodeJwt(token), features: { all: true } })).toString('base64url');
    await expect(accessOf(`${header}.${more}.${signature}`)).rejects.toThrow(/signature/);
    const { privateKey } = await generateKeyPair('EdDSA');
    const forged = new SignJWT(decodeJwt(token)).setProtectedHeader(decodeProtectedHeader(token) as { alg: string });
    await expect(accessOf(await forged.sign(privateKey))).rejects.toThrow(/signature/);
    const jwks = await (await fetch(`${billgraph.url}/.well-known/jwks.json`)).json();
    await expect(jwtVerify(token, createLocalJWKSet(jwks as never))).resolves.toBeTruthy();
  });
});
