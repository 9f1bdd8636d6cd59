import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let customer: { id: string; stripeCustomerId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  await silence(tenant);
  const input = { email: 'ada@example.com' };
  customer = (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
});
afterAll(() => billgraph.close());

const document = `mutation ($input: AddCustomerTaxIdInput!) { addCustomerTaxId(input: $input) {
  taxId { id type value country status verifiedName stripeTaxId customer { id } }
} }`;
const add = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { input: { customerId: customer.id, type: 'eu_vat', ...input } });
const inStripe = async () => (await tenant.stripe.customers.listTaxIds(customer.stripeCustomerId)).data;

describe('answers', () => {
  it('the tax id, here and in Stripe, without a webhook; a customer token reads its own', async () => {
    const { data, errors } = await add({ value: 'DE123456789' });
    expect(errors).toBeUndefined();
    const { taxId } = data.addCustomerTaxId;
    const told = { type: 'eu_vat', value: 'DE123456789', country: 'DE', customer: { id: customer.id } };
    expect(taxId).toMatchObject({ ...told, id: expect.stringMatching(/^ptx_/) });
    expect(await inStripe()).toMatchObject([{ id: taxId.stripeTaxId, type: 'eu_vat', value: 'DE123456789' }]);
    const mint = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
    const scopes = ['customers:read'];
    const minted = await ask(billgraph, tenant.apiKey, mint, { input: { customerId: customer.id, scopes } });
    const read = `{ customer(by: { id: "${customer.id}" }) { taxIds { nodes { id value } } } node(id: "${taxId.id}") { id } }`;
    expect((await ask(billgraph, minted.data.createCustomerToken.token, read)).data).toEqual({
      customer: { taxIds: { nodes: [{ id: taxId.id, value: 'DE123456789' }] } },
      node: { id: taxId.id },
    });
    const [told2] = await asOwner(
      billgraph.databaseUrl,
      `select after::text from audit_entry where subject_id = '${taxId.id}'`,
    );
    expect(told2.after).not.toContain('123456789');
  });

  it('one where nobody can be asked for its kind', async () => {
    const { data } = await add({ type: 'us_ein', value: '12-3456789' });
    expect(data.addCustomerTaxId.taxId).toMatchObject({ country: 'US', status: 'UNAVAILABLE', verifiedName: null });
  });

  it("the same tax id where Stripe's answer was lost, and no second one", async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/customers/*', next: 10 });
    const input = { value: 'DE999999999', idempotencyKey: 'lost' };
    expect((await add(input)).errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data } = await add(input);
    expect((await inStripe()).filter(({ value }) => value === 'DE999999999')).toMatchObject([
      { id: data.addCustomerTaxId.taxId.stripeTaxId },
    ]);
  });
});

describe('refuses', () => {
  it.each([
    [{ type: 'xx_vat', value: 'DE123456789' }, 'type'],
    [{ type: 'EU_VAT', value: 'DE123456789' }, 'type'],
    [{ value: ' ' }, 'value'],
    [{ value: 'x'.repeat(256) }, 'value'],
    [{ value: 'nul \0' }, 'value'],
    [{ value: '123' }, 'value'],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await add(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it("a customer who is deleted before Stripe's answer comes, each time alike", async () => {
    const made = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'gone@example.com' } });
    const { id: customerId } = made.data.createCustomer.customer;
    const input = { customerId, value: 'DE111222333', idempotencyKey: 'deleted meanwhile' };
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/customers/*', next: 10 });
    expect(refusalsOf(await add(input))).toMatchObject([{ code: 'STRIPE_ERROR' }]);
    await behave(tenant);
    const del = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { deletedCustomerId } }';
    expect((await ask(billgraph, tenant.apiKey, del, { input: { customerId } })).errors).toBeUndefined();
    for (const _again of [1, 2])
      expect(refusalsOf(await add(input))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
  });

  it("another tenant's customer, a random and a malformed id", async () => {
    const notFound = [{ code: 'NOT_FOUND', field: 'customerId' }];
    expect(refusalsOf(await add({ value: 'DE1' }, (await createTenant(billgraph)).apiKey))).toEqual(notFound);
    for (const customerId of ['pc_00000000000000000000000000', 'x'])
      expect(refusalsOf(await add({ customerId, value: 'DE1' }))).toEqual(notFound);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await add({ value: 'DE1' }, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await add({ value: 'DE1' }, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
