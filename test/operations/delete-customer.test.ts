import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const document = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { deletedCustomerId } }';
const remove = (customerId: string, credential: string | null = tenant.apiKey, more: object = {}) =>
  ask(billgraph, credential, document, { input: { customerId, ...more } });

async function created(input: object, { apiKey } = tenant): Promise<{ id: string; stripeCustomerId: string }> {
  return (await ask(billgraph, apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
}

describe('answers', () => {
  it('that it is gone: subscriptions have ended, what is personal is erased, what is owed stays', async () => {
    const of = await createTenant(billgraph);
    const input = { email: 'ada@example.com', externalId: 'u_1', name: 'Ada', phone: '1', description: 'd' };
    const { id, stripeCustomerId } = await created({ ...input, address: { city: 'Rome' }, metadata: { a: '1' } }, of);
    const price = await createPrice(of);
    const card = await of.stripe.paymentMethods.attach('pm_card_visa', { customer: stripeCustomerId });
    const items = [{ price: price.id }];
    await of.stripe.subscriptions.create({ customer: stripeCustomerId, items, default_payment_method: card.id });
    await billgraph.settled();
    await silence(of);

    expect(await remove(id, of.apiKey)).toMatchObject({
      errors: undefined,
      data: { deleteCustomer: { deletedCustomerId: id } },
    });
    expect(await of.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({ deleted: true });
    const row = await billgraph.app.orm.em.fork().findOneOrFail(Customer, { id });
    const nothing = { email: null, externalId: null, name: null, phone: null, description: null, address: null };
    expect(row).toMatchObject({ ...nothing, metadata: {}, stripeCustomerId, deletedAt: expect.any(Date) });

    await billgraph.settled();
    const query = `{ customer(by: { id: "${id}" }) { id } subscriptions(filter: { activeOnly: false }) { nodes { status customer { id email } } } }`;
    expect((await ask(billgraph, of.apiKey, query)).data).toEqual({
      customer: null,
      subscriptions: { nodes: [{ status: 'CANCELED', customer: { id, email: null } }] },
    });
    const rows = await billgraph.app.orm.em
      .getConnection()
      .execute(`select id from invoice where customer_id = '${id}'`);
    expect(rows).toHaveLength(1);
  });

  it('the same for the same key; address and external id may be had again', async () => {
    const who = { email: 'again@example.com', externalId: 'again' };
    const { id } = await created(who);
    const first = await remove(id, tenant.apiKey, { idempotencyKey: 'gone' });
    expect((await remove(id, tenant.apiKey, { idempotencyKey: 'gone' })).data).toEqual(first.data);
    expect((await created(who)).id).not.toBe(id);
  });

  it("what an earlier call did, where Stripe's answer was lost", async () => {
    const { id } = await created({ email: 'lost@example.com' });
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'DELETE /v1/customers/*', next: 10 });
    const lost = await remove(id, tenant.apiKey, { idempotencyKey: 'lost' });
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    await behave(tenant);
    const { data, errors } = await remove(id, tenant.apiKey, { idempotencyKey: 'lost' });
    expect(errors).toBeUndefined();
    expect(data.deleteCustomer.deletedCustomerId).toBe(id);
  });
});

describe('refuses', () => {
  it("who is deleted already, another tenant's, a random and a malformed id alike", async () => {
    const other = await createTenant(billgraph);
    const { id } = await created({ email: 'twice@example.com' });
    await remove(id);
    const foreign = await created({ email: 'foreign@example.com' }, other);
    for (const customerId of [id, foreign.id, 'pc_00000000000000000000000000', 'x'])
      expect(refusalsOf(await remove(customerId))).toEqual([{ code: 'NOT_FOUND', field: 'customerId' }]);
    expect(await other.stripe.customers.retrieve(foreign.stripeCustomerId)).not.toHaveProperty('deleted');
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const { id } = await created({ email: 'stays@example.com' });
    expect(refusalsOf(await remove(id, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await remove(id, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
