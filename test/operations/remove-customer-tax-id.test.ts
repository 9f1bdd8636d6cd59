import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let customer: { id: string; stripeCustomerId: string };
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const input = { email: 'ada@example.com' };
  customer = (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
});
afterAll(() => billgraph.close());

async function added(value: string): Promise<string> {
  const document = 'mutation ($input: AddCustomerTaxIdInput!) { addCustomerTaxId(input: $input) { taxId { id } } }';
  const input = { customerId: customer.id, type: 'eu_vat', value };
  return (await ask(billgraph, tenant.apiKey, document, { input })).data.addCustomerTaxId.taxId.id;
}
const document = `mutation ($input: RemoveCustomerTaxIdInput!) { removeCustomerTaxId(input: $input) {
  customer { id taxIds { nodes { id } } }
} }`;
const remove = (taxIdId: string, credential: string | null = tenant.apiKey, more: object = {}) =>
  ask(billgraph, credential, document, { input: { taxIdId, ...more } });
const answer = { removeCustomerTaxId: { customer: { id: expect.any(String), taxIds: { nodes: [] } } } };
const inStripe = async () => (await tenant.stripe.customers.listTaxIds(customer.stripeCustomerId)).data;

describe('answers', () => {
  it('the customer without it, and nothing of it stays, whatever webhooks come late', async () => {
    const id = await added('DE123456789');
    expect(await remove(id)).toMatchObject({ errors: undefined, data: answer });
    expect(await inStripe()).toEqual([]);
    await billgraph.settled();
    const [row] = await asOwner(billgraph.databaseUrl, `select * from tax_id where id = '${id}'`);
    expect(row).toMatchObject({
      type: 'eu_vat',
      value: null,
      country: null,
      verified_name: null,
      verified_address: null,
    });
    expect((await ask(billgraph, tenant.apiKey, `{ node(id: "${id}") { id } }`)).data.node).toBeNull();
  });

  it("the same where Stripe's answer was lost, and where somebody was quicker in the dashboard", async () => {
    const lost = await added('DE222333444');
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'DELETE /v1/customers/*', next: 10 });
    expect((await remove(lost, tenant.apiKey, { idempotencyKey: 'lost' })).errors).toMatchObject([
      { extensions: { code: 'STRIPE_ERROR', retryable: true } },
    ]);
    await behave(tenant);
    expect((await remove(lost, tenant.apiKey, { idempotencyKey: 'lost' })).data).toEqual(answer);

    const quick = await added('DE555666777');
    const [{ stripe_tax_id }] = await asOwner(billgraph.databaseUrl, `select * from tax_id where id = '${quick}'`);
    await misbehave(tenant, { kind: 'webhook_drop' });
    await tenant.stripe.customers.deleteTaxId(customer.stripeCustomerId, stripe_tax_id);
    await behave(tenant);
    expect((await remove(quick)).data).toEqual(answer);
  });
});

describe('refuses', () => {
  it("another tenant's, one that is gone, a random and a malformed id", async () => {
    const id = await added('DE888888888');
    const notFound = [{ code: 'NOT_FOUND', field: 'taxIdId' }];
    expect(refusalsOf(await remove(id, (await createTenant(billgraph)).apiKey))).toEqual(notFound);
    await remove(id);
    for (const taxIdId of [id, 'ptx_00000000000000000000000000', 'x'])
      expect(refusalsOf(await remove(taxIdId))).toEqual(notFound);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await remove('x', null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await remove('x', reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
