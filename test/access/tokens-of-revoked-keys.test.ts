import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
  CreatePortalSessionDocument,
} from '../../src/client/operations.generated.ts';
import { Visitor } from '../portal/visitor.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';
import { createOperator, type TestOperator } from '../rig/operator.ts';

/** Customer tokens, and what was opened by them, end with the key that minted them, on two servers of one database. */

let billgraph: Billgraph;
let another: Awaited<ReturnType<typeof startAnother>>;
let tenant: TestTenant;
let owner: TestOperator;
let customerId: string;
beforeAll(async () => {
  const encryptionKeys = [randomBytes(32)];
  billgraph = await startBillgraph({ encryptionKeys });
  another = await startAnother(billgraph, { encryptionKeys });
  tenant = await createTenant(billgraph);
  owner = await createOperator(billgraph, tenant);
  const made = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  customerId = made.data.createCustomer.customer.id;
});
afterAll(async () => {
  await another.close();
  await billgraph.close();
});

const mint = () => ({ input: { customerId, scopes: ['customers:read', 'portal:write'], ttl: 86_400 } });
async function minted() {
  const key = await tenant.newApiKey({});
  const { id } = (await ask(billgraph, key, '{ viewer { id } }')).data.viewer;
  const { token } = (await ask(billgraph, key, CreateCustomerTokenDocument, mint())).data.createCustomerToken;
  return { id, token };
}
const statusOf = async (at: { url: string }, token: string) =>
  (await ask(at, token, '{ customers { totalCount } }')).status;
const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { revokedAt } } }';
const rotate =
  'mutation ($id: ID!, $hours: Int) { rotateApiKey(input: { apiKeyId: $id, overlapHours: $hours }) { apiKey { id } } }';
const isRefused = async (token: string) => {
  // A process knows what is revoked for five seconds: less than four are not enough without the word of the other one.
  for (const at of [billgraph, another])
    await expect.poll(() => statusOf(at, token), { timeout: 3_500, interval: 20 }).toBe(401);
};
const holds = async (token: string) => {
  for (const at of [billgraph, another]) expect(await statusOf(at, token)).toBe(200);
};

it('ends the tokens of a key that is revoked, and no others', async () => {
  const [stolen, other] = [await minted(), await minted()];
  expect(decodeJwt(stolen.token).azp).toBe(stolen.id);
  const own = (await owner.ask(CreateCustomerTokenDocument, mint())).data.createCustomerToken.token;
  expect(decodeJwt(own).azp).toBeUndefined();
  await holds(stolen.token);
  expect((await owner.ask(revoke, { id: stolen.id })).errors).toBeUndefined();
  await isRefused(stolen.token);
  const { errors } = await ask(another, stolen.token, '{ customers { totalCount } }');
  expect(errors![0]).toMatchObject({
    message: expect.stringContaining('was revoked'),
    extensions: { code: 'UNAUTHENTICATED' },
  });
  await holds(other.token);
  await holds(own);
});

it('closes the portals that such a token has opened, whether somebody is in them or not', async () => {
  const [stolen, other] = [await minted(), await minted()];
  const returnUrl = 'https://app.example.com/account';
  const open = async (token: string) => {
    const answer = await ask(billgraph, token, CreatePortalSessionDocument, {
      input: { kind: 'BILLGRAPH', returnUrl },
    });
    return answer.data.createPortalSession.url as string;
  };
  const [entered, waiting, others] = [await open(stolen.token), await open(stolen.token), await open(other.token)];
  const visitor = new Visitor(billgraph);
  const home = await visitor.go(entered);
  expect(home.status).toBe(200);
  await owner.ask(revoke, { id: stolen.id });
  await isRefused(stolen.token);
  expect((await visitor.go(home.path)).status).toBe(410);
  expect((await new Visitor(billgraph).go(waiting)).status).toBe(410);
  expect((await new Visitor(billgraph).go(others)).status).toBe(200);
});

it('ends those of a key that is replaced at once, and not of one that is replaced with an overlap', async () => {
  const [leaked, aged] = [await minted(), await minted()];
  await owner.ask(rotate, { id: leaked.id, hours: 0 });
  await owner.ask(rotate, { id: aged.id, hours: 1 });
  await isRefused(leaked.token);
  await holds(aged.token);
});

it('ends them also where the connection that listens was lost', async () => {
  const { id, token } = await minted();
  await holds(token);
  const listening = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen billgraph_api_keys'`;
  await billgraph.app.orm.em.getConnection().execute(listening);
  await owner.ask(revoke, { id });
  await isRefused(token);
});
