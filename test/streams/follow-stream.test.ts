import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BillingError, createBillingClient } from '../../src/client/create-billing-client.ts';
import {
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
  CustomerStateChangedDocument,
  type CustomerStateChangedSubscription,
} from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startAnother, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { startDatabaseProxy } from '../rig/database-proxy.ts';
import { ask } from '../rig/graph.ts';

/** The client that follows a state, behind a network that fails it. Writes are carried out by another server than its own. */

const soon = { timeout: 10_000 };
let billgraph: Billgraph;
let another: Awaited<ReturnType<typeof startAnother>>;
let network: Awaited<ReturnType<typeof startDatabaseProxy>>;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  const encryptionKeys = [randomBytes(32)];
  billgraph = await startBillgraph({ encryptionKeys });
  another = await startAnother(billgraph, { encryptionKeys, streams: { heartbeat: 100 } });
  network = await startDatabaseProxy(another.url);
  tenant = await createTenant(billgraph);
  const made = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  customerId = made.data.createCustomer.customer.id;
});
afterAll(async () => {
  await network.close();
  await another.close();
  await billgraph.close();
});

const rename = async (name: string) => {
  const update = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }';
  expect((await ask(billgraph, tenant.apiKey, update, { input: { customerId, name } })).errors).toBeUndefined();
};

function follow(token: string | (() => Promise<string>), variables = { customerId }) {
  const told: { name: string | null; id: string | undefined }[] = [];
  const failures: Error[] = [];
  const url = new URL('/graphql', network.url).href;
  const client = createBillingClient({ url, token, following: { retryAfter: 20, quiet: 1_500 } });
  const next = ({ customerStateChanged: { customer } }: CustomerStateChangedSubscription, id: string | undefined) =>
    void told.push({ name: customer.name, id });
  const stop = client.onCustomerState(CustomerStateChangedDocument, variables, {
    next,
    failed: (failure) => void failures.push(failure),
  });
  return { told, failures, stop, last: () => told.at(-1)?.name };
}

it('is told of the newest state after connections were lost, and of none twice', async () => {
  await rename('Ada');
  const { told, failures, stop, last } = follow(tenant.apiKey);
  await expect.poll(last, soon).toBe('Ada');
  network.cut();
  network.heal();
  await rename('Ada of one cut');
  await expect.poll(last, soon).toBe('Ada of one cut');
  network.cut();
  await rename('Ada while away');
  await rename('Ada while still away');
  network.heal();
  await expect.poll(last, soon).toBe('Ada while still away');
  const versions = told.map(({ id }) => BigInt(id!));
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => Number(a - b)));
  expect(failures).toEqual([]);
  stop();
  await expect.poll(() => another.app.streams.count(), soon).toBe(0);
});

it('takes a connection for lost that is silent', async () => {
  const { stop, last } = follow(tenant.apiKey);
  await expect.poll(last, soon).toBeDefined();
  network.silence();
  await rename('Ada unheard');
  network.heal();
  await expect.poll(last, soon).toBe('Ada unheard');
  stop();
});

it('gets another credential where the one before has ended, and stops where that cannot help', async () => {
  const input = { customerId, scopes: ['entitlements:read', 'customers:read', 'subscriptions:read'] };
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input });
  const tokens = ['bs_test_nonsense', data.createCustomerToken.token];
  const { stop, last, failures } = follow(async () => tokens.shift()!);
  await expect.poll(last, soon).toBeDefined();
  expect([tokens, failures]).toEqual([[], []]);
  stop();

  const fixed = follow('bs_test_nonsense');
  await expect
    .poll(() => fixed.failures, soon)
    .toMatchObject([{ code: 'UNAUTHENTICATED' } satisfies Partial<BillingError>]);
  const unknown = follow(tenant.apiKey, { customerId: 'pc_none' });
  await expect.poll(() => unknown.failures, soon).toMatchObject([{ code: 'NOT_FOUND', field: 'customerId' }]);
});

it('need not be ours: the client of graphql-sse speaks the same', async () => {
  const client = createClient({
    url: `${another.url}/graphql/stream`,
    headers: { authorization: `Bearer ${tenant.apiKey}` },
  });
  const query = 'subscription ($id: ID!) { customerStateChanged(customerId: $id) { version customer { name } } }';
  const events = client.iterate<{ customerStateChanged: { customer: { name: string } } }>({
    query,
    variables: { id: customerId },
  });
  const name = async () => (await events.next()).value?.data?.customerStateChanged.customer.name;
  await name();
  await rename('Ada elsewhere');
  expect(await name()).toBe('Ada elsewhere');
  await events.return?.();
  const refused = client.iterate({ query, variables: { id: 'pc_none' } });
  expect((await refused.next()).value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  expect(await refused.next()).toMatchObject({ done: true });
  client.dispose();
});
