import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';
import { openShop, type Shop } from '../rig/shop.ts';

let billgraph: Billgraph;
let shop: Shop;
let token: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ corsOrigins: ['https://app.example.com'] });
  shop = await openShop(billgraph);
  token = await shop.tokenFor(shop.ada, ['entitlements:read', 'customers:read']);
});
afterAll(() => billgraph.close());

const query = 'query ($by: CustomerBy) { customerState(by: $by) { version customer { id name } } }';
const hash = createHash('sha256').update(query).digest('hex');
const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };

/** Asks by GET. */
async function get(asked: object, headers: Record<string, string> = {}, credential: string | null = token) {
  const parameters = Object.entries(asked).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const authorization = credential === null ? {} : { authorization: `Bearer ${credential}` };
  const response = await fetch(`${billgraph.url}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': '1', accept: 'application/json', ...authorization, ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, tag: response.headers.get('etag') };
}

/** Often enough that it is answered the short way at the end. */
async function often<Answer>(ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let times = 0; times < 4; times++) answers.push(await ask());
  return answers;
}

describe('a question by GET', () => {
  it('that is named by its hash is asked for its text once', async () => {
    const unknown = await get(persisted);
    expect(JSON.parse(unknown.text).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(unknown.tag).toBeNull();
    expect(unknown.headers.get('cache-control')).toBe('no-store');
    const told = await get({ query, ...persisted });
    expect(JSON.parse(told.text).data.customerState.customer).toEqual({ id: shop.ada.id, name: null });
    for (const { status, text } of await often(() => get(persisted))) expect([status, text]).toEqual([200, told.text]);
  });

  it('is answered with a strong tag, for this credential alone, and to be asked for again', async () => {
    for (const answer of await often(() => get(persisted))) {
      expect(answer.tag).toMatch(/^"[\w-]{43}"$/);
      expect(answer.headers.get('cache-control')).toBe('private, no-cache');
      for (const name of ['authorization', 'cookie', 'accept', 'billgraph-project', 'billgraph-environment'])
        expect(answer.headers.get('vary')?.toLowerCase()).toContain(name);
    }
    const { headers } = await get(persisted, { origin: 'https://app.example.com' });
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('access-control-expose-headers')).toContain('etag');
  });

  it('is answered 304 without a body as long as the answer is the same, and whole when it differs', async () => {
    const { tag } = await get(persisted);
    for (const condition of [tag!, `W/${tag}`, `"other", ${tag}`, '*'])
      for (const answer of await often(() => get(persisted, { 'if-none-match': condition }))) {
        expect([answer.status, answer.text, answer.tag]).toEqual([304, '', tag]);
        expect(answer.headers.get('content-type')).toBeNull();
        expect(answer.headers.get('ratelimit-policy')).toBeTruthy();
      }
    expect((await get(persisted, { 'if-none-match': '"other"' })).status).toBe(200);
    await shop.tenant.stripe.customers.update(shop.ada.stripeCustomerId, { name: 'Ada' });
    await billgraph.settled();
    const newer = await get(persisted, { 'if-none-match': tag! });
    expect([newer.status, JSON.parse(newer.text).data.customerState.customer.name]).toEqual([200, 'Ada']);
    expect(newer.tag).not.toBe(tag);
  });

  it('has another tag in another form, and none of another customer matches', async () => {
    const { tag } = await get(persisted);
    const form = await get(persisted, { accept: 'application/graphql-response+json', 'if-none-match': tag! });
    expect(form.status).toBe(200);
    const other = await shop.tokenFor(shop.bob, ['entitlements:read', 'customers:read']);
    expect((await get(persisted, { 'if-none-match': tag! }, other)).status).toBe(200);
  });
});

describe('is not kept, whatever a client says that it has', () => {
  const any = { 'if-none-match': '*' };

  it('an answer with an error, in part or in whole', async () => {
    const poor = await shop.tokenFor(shop.ada, ['entitlements:read']);
    for (const answer of await often(() => get(persisted, any, poor))) {
      expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('FORBIDDEN');
      expect([answer.tag, answer.headers.get('cache-control')]).toEqual([null, 'no-store']);
    }
    expect((await get({ query: '{ nothing }' }, any)).tag).toBeNull();
  });

  it('one for a credential that does not hold', async () => {
    for (const credential of ['bs_test_nothing', `${token}x`]) {
      const answer = await get(persisted, any, credential);
      expect([answer.status, answer.tag]).toEqual([401, null]);
    }
  });

  it('one to a page of another site, by a request that needs no leave', async () => {
    const answers = await often(() => get(persisted, { ...any, 'apollo-require-preflight': '' }));
    for (const { status, tag } of answers) expect([status, tag]).toEqual([400, null]);
  });

  it('one that is asked for by POST', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...any };
    const body = JSON.stringify({ query });
    for (const response of await often(() => fetch(`${billgraph.url}/graphql`, { method: 'POST', headers, body })))
      expect([response.status, response.headers.get('etag')]).toEqual([200, null]);
  });

  it.each([
    { ...persisted, variables: '{' },
    { ...persisted, variables: '[]' },
    { extensions: 'null' },
    { extensions: { persistedQuery: { version: 2, sha256Hash: hash } } },
    { extensions: { persistedQuery: { version: 1 } } },
    { extensions: { persistedQuery: { version: 1, sha256Hash: {} } } },
    { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
  ])('what makes no sense: %j', async (asked) => {
    const answer = await get(asked, any);
    expect([answer.tag, JSON.parse(answer.text).errors.length]).toEqual([null, 1]);
    expect(answer.status).toBeLessThan(500);
  });
});
