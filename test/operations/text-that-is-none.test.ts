import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateCheckoutSessionDocument,
  CreateCustomerDocument,
  CreateCustomerTokenDocument,
} from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** U+0000, which PostgreSQL cannot hold; half a surrogate pair, which nobody can send; white space in an address. */

let billgraph: Billgraph;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const input = { email: 'ada@example.com' };
  customerId = (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer.id;
});
afterAll(() => billgraph.close());

const page = 'https://example.com/';
const checkout = (input: object) =>
  ask(billgraph, tenant.apiKey, CreateCheckoutSessionDocument, {
    input: { customerId, mode: 'SETUP', successUrl: page, cancelUrl: page, ...input },
  });

it.each(['a\0b', 'a\ud800b'])('metadata with the key %j is refused', async (key) => {
  const metadata = { [key]: 'x' };
  const input = { email: 'bob@example.com', metadata };
  const customer = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input });
  for (const { errors } of [customer, await checkout({ metadata })])
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: expect.stringMatching(/^metadata\./) } },
    ]);
});

it.each(['\ud800', '\0', ' ', '\n', '\t'])('an address that holds %j is refused', async (text) => {
  for (const field of ['successUrl', 'cancelUrl'])
    expect(refusalsOf(await checkout({ [field]: `${page}${text}x` }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
});

it.each(['\0', 'pc_\0', 'pri_\0', '\ud800', '', 'x'.repeat(100_000)])(
  'an id such as %.10j is not found',
  async (id) => {
    const notFound = (field: string) => [{ code: 'NOT_FOUND', field }];
    expect(refusalsOf(await checkout({ customerId: id }))).toEqual(notFound('customerId'));
    expect(refusalsOf(await checkout({ mode: 'SUBSCRIPTION', priceId: id }))).toEqual(notFound('priceId'));
    const token = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, {
      input: { customerId: id, scopes: [] },
    });
    expect(refusalsOf(token)).toEqual(notFound('customerId'));
  },
);

it('a cursor of the year 0 is refused', async () => {
  const at = Buffer.from('0000-01-01 00:00:00+00 pc_1').toString('base64url');
  const answer = await ask(
    billgraph,
    tenant.apiKey,
    '{ customers(after: $at) { nodes { id } } }'.replace('$at', `"${at}"`),
  );
  expect(refusalsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', field: 'after' }]);
});
