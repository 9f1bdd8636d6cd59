import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let foreign: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  customerId = data.createCustomer.customer.id;
});
afterAll(() => billgraph.close());

const mint = (input: object = {}, credential: string = tenant.apiKey) =>
  ask(billgraph, credential, CreateCustomerTokenDocument, {
    input: { customerId, scopes: ['customers:read'], ...input },
  });
const me = (token: string) => ask(billgraph, token, '{ customers { nodes { id } } }');

describe('answers', () => {
  it('a token of 15 minutes that anybody can check with the public keys', async () => {
    const { data } = await mint();
    const { token, expiresAt } = data.createCustomerToken;
    const jwks = await (await fetch(`${billgraph.url}/.well-known/jwks.json`)).json();
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks as never));
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: expect.stringMatching(/^sig_/) });
    expect(payload).toMatchObject({ sub: customerId, environment: 'TEST', scope: 'customers:read' });
    expect(payload.exp! - payload.iat!).toBe(900);
    expect(Date.parse(expiresAt)).toBe(payload.exp! * 1000);
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });

  it('a token of the lifetime that was asked for', async () => {
    const { iat, exp } = decodeJwt((await mint({ ttl: 60 })).data.createCustomerToken.token);
    expect(exp! - iat!).toBe(60);
  });
});

describe('refuses', () => {
  it.each([[0], [-1], [86_401]])('a lifetime of %i seconds', async (ttl) => {
    expect(refusalsOf(await mint({ ttl }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'ttl' }]);
  });

  it('a scope that no frontend may hold', async () => {
    expect(refusalsOf(await mint({ scopes: ['customers:write'] }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'scopes' },
    ]);
    expect(refusalsOf(await mint({ scopes: ['everything'] }))).toEqual([{ code: 'BAD_USER_INPUT', field: 'scopes' }]);
  });

  it("another tenant's customer, a random one and a malformed one alike", async () => {
    const alike = [
      await mint({}, foreign.apiKey),
      await mint({ customerId: 'pc_00000000000000000000000000' }),
      await mint({ customerId: 'x' }),
    ];
    expect(alike.map(({ errors }) => errors![0]!.message)).toEqual(Array(3).fill(alike[0]!.errors![0]!.message));
    expect(alike.flatMap(refusalsOf)).toEqual(Array(3).fill({ code: 'NOT_FOUND', field: 'customerId' }));
  });
});

describe('is not allowed', () => {
  it('without the scope', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await mint({}, key))).toEqual([{ code: 'FORBIDDEN' }]);
  });

  it('to grant what the key does not hold', async () => {
    const key = await tenant.newApiKey({ scopes: ['customer_tokens:write', 'customers:read'] });
    const { errors } = await mint({ scopes: ['customers:read', 'subscriptions:read'] }, key);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', missingScopes: ['subscriptions:read'] } }]);
  });

  it('to a customer token', async () => {
    const { token } = (await mint()).data.createCustomerToken;
    expect(refusalsOf(await mint({}, token))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});

describe('a token that does not hold', () => {
  const forged = async (change: (claims: Record<string, unknown>, header: Record<string, unknown>) => void) => {
    const { token } = (await mint()).data.createCustomerToken;
    const [claims, header] = [
      decodeJwt(token) as Record<string, unknown>,
      decodeProtectedHeader(token) as Record<string, unknown>,
    ];
    change(claims, header);
    return { claims, header };
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  it.each([
    [
      'alg none',
      (header: Record<string, unknown>, claims: object) => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
    ],
    [
      'another signature',
      (header: Record<string, unknown>, claims: object) => `${encode(header)}.${encode(claims)}.${'A'.repeat(86)}`,
    ],
    ['three words', () => 'not.a.token'],
    ['one word', () => 'nonsense'],
  ])('%s', async (_name, make) => {
    const { claims, header } = await forged(() => {});
    const answer = await me(make(header, claims));
    expect(answer.status).toBe(401);
    expect(refusalsOf(answer)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it.each([
    ['a key of their own', { alg: 'EdDSA' }],
    ['HS256 with our public key as the secret', { alg: 'HS256' }],
  ])('signed with %s', async (_name, { alg }) => {
    const { claims, header } = await forged(() => {});
    const { keys } = (await (await fetch(`${billgraph.url}/.well-known/jwks.json`)).json()) as {
      keys: { x: string }[];
    };
    const key = alg === 'HS256' ? Buffer.from(keys[0]!.x, 'base64url') : (await generateKeyPair('EdDSA')).privateKey;
    const token = await new SignJWT(claims).setProtectedHeader({ ...header, alg } as never).sign(key);
    expect((await me(token)).status).toBe(401);
  });

  it('with an unknown kid', async () => {
    const { claims } = await forged(() => {});
    const { privateKey } = await generateKeyPair('EdDSA');
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'sig_unknown' }).sign(privateKey);
    expect((await me(token)).status).toBe(401);
  });

  it('that has expired', async () => {
    const { token } = (await mint({ ttl: 1 })).data.createCustomerToken;
    const end = decodeJwt(token).exp! * 1000;
    await new Promise((resolve) => setTimeout(resolve, end - Date.now() + 20));
    const answer = await me(token);
    expect(answer.status).toBe(401);
    expect(answer.errors![0]!.message).toContain('expired');
  });
});
