import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let silent: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  [tenant, silent] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
  await silence(silent);
});
afterAll(() => billgraph.close());

const fields =
  'id email externalId name phone description metadata stripeCustomerId address { line1 line2 city state postalCode country }';
const createDocument = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { ${fields} } } }`;
const updateDocument = `mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { ${fields} } } }`;

async function created(input: object, { apiKey } = tenant) {
  const { data, errors } = await ask(billgraph, apiKey, createDocument, { input });
  expect(errors).toBeUndefined();
  return data.createCustomer.customer;
}
const update = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, updateDocument, { input });

const address = { line1: '1 Main St', line2: null, city: 'Berlin', state: null, postalCode: '10115', country: 'DE' };

describe('answers', () => {
  it('what has changed, in Stripe too, without waiting for a webhook; what is left out stays', async () => {
    const before = { email: 'ada@example.com', name: 'Ada', metadata: { old: '1', kept: 'a' } };
    const { id: customerId, stripeCustomerId } = await created(before, silent);
    const changes = { email: 'ADA@new.example', phone: '+49 30 1', address, metadata: { kept: 'b', fresh: '2' } };
    const { data, errors } = await update({ customerId, ...changes }, silent.apiKey);
    expect(errors).toBeUndefined();
    expect(data.updateCustomer.customer).toMatchObject({
      id: customerId,
      email: 'ada@new.example',
      name: 'Ada',
      phone: '+49 30 1',
      address,
      metadata: { kept: 'b', fresh: '2' },
    });
    expect(await silent.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({
      email: 'ada@new.example',
      name: 'Ada',
      phone: '+49 30 1',
      address: { line1: '1 Main St', city: 'Berlin', postal_code: '10115', country: 'DE' },
      metadata: { kept: 'b', fresh: '2', billgraph_id: customerId },
    });
  });

  it('null takes away, here and in Stripe', async () => {
    const full = { email: 'full@example.com', externalId: 'full', name: 'F', phone: '1', description: 'd', address };
    const { id: customerId, stripeCustomerId } = await created({ ...full, metadata: { a: '1' } });
    const nothing = { externalId: null, name: null, phone: null, description: null, address: null, metadata: null };
    const { data, errors } = await update({ customerId, ...nothing });
    expect(errors).toBeUndefined();
    expect(data.updateCustomer.customer).toMatchObject({ ...nothing, metadata: {}, email: 'full@example.com' });
    expect(await tenant.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({
      name: null,
      phone: null,
      description: null,
      address: null,
    });
    await billgraph.settled();
    const { data: later } = await update({ customerId });
    expect(later.updateCustomer.customer).toMatchObject({ ...nothing, metadata: {} });
  });

  it('what the dashboard says later', async () => {
    const { id, stripeCustomerId } = await created({ email: 'dashboard@example.com' });
    await update({ customerId: id, name: 'Here' });
    await tenant.stripe.customers.update(stripeCustomerId, { name: 'There', phone: '7', address: { city: 'Rome' } });
    await billgraph.settled();
    const { data } = await ask(billgraph, tenant.apiKey, `{ customer(by: { id: "${id}" }) { ${fields} } }`);
    expect(data.customer).toMatchObject({ name: 'There', phone: '7', address: { city: 'Rome', line1: null } });
  });

  it('what it changed, where the row has changed while Stripe was asked and nobody knows which is newer', async () => {
    const { id: customerId, stripeCustomerId } = await created({ email: 'overtaken@example.com' }, silent);
    await misbehave(silent, {
      kind: 'slow',
      milliseconds: 500,
      only: `POST /v1/customers/${stripeCustomerId}`,
      next: 1,
    });
    const updating = update({ customerId, name: 'Mine' }, silent.apiKey);
    const look = `select from operation where phase = 'ASKED' and mutation = 'updateCustomer'`;
    while (!(await asOwner(billgraph.databaseUrl, look)).length);
    await asOwner(billgraph.databaseUrl, 'update customer set evidence = evidence + 1 where id = $1', [customerId]);
    expect((await updating).data.updateCustomer.customer).toMatchObject({ name: 'Mine' });
  });

  it('the same for the same key, once', async () => {
    const { id: customerId, stripeCustomerId } = await created({ email: 'once@example.com' });
    const input = { customerId, name: 'Once', idempotencyKey: 'update-once' };
    const first = await update(input);
    await tenant.stripe.customers.update(stripeCustomerId, { name: 'Since' });
    await billgraph.settled();
    expect(first.errors).toBeUndefined();
    const again = await update(input);
    expect(again.errors).toBeUndefined();
    expect(await tenant.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({ name: 'Since' });
  });
});

describe('refuses', () => {
  it('an email and an external id that another customer has, and changes nothing', async () => {
    await created({ email: 'theirs@example.com', externalId: 'theirs' });
    const { id: customerId, stripeCustomerId } = await created({ email: 'mine@example.com', externalId: 'mine' });
    expect(refusalsOf(await update({ customerId, email: 'Theirs@example.com' }))).toEqual([
      { code: 'CONFLICT', field: 'email' },
    ]);
    expect(refusalsOf(await update({ customerId, externalId: 'theirs', name: 'X' }))).toEqual([
      { code: 'CONFLICT', field: 'externalId' },
    ]);
    expect(await tenant.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({
      email: 'mine@example.com',
      name: null,
    });
  });

  it.each([
    [{ email: null }, 'email'],
    [{ email: 'no address' }, 'email'],
    [{ externalId: '' }, 'externalId'],
    [{ name: 'x'.repeat(257) }, 'name'],
    [{ phone: '1'.repeat(21) }, 'phone'],
    [{ description: 'nul \0' }, 'description'],
    [{ address: { country: 'Germany' } }, 'address.country'],
    [{ address: { city: 'x'.repeat(501) } }, 'address.city'],
    [{ metadata: { billgraph_id: 'x' } }, 'metadata.billgraph_id'],
  ])('%j', async (change, field) => {
    const { id: customerId } = await created({ email: `bad${Math.random()}@example.com` });
    expect(refusalsOf(await update({ customerId, ...change }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it("another tenant's customer, a random and a malformed id alike", async () => {
    const { id } = await created({ email: 'foreign@example.com' }, silent);
    for (const customerId of [id, 'pc_00000000000000000000000000', 'nul \0'])
      expect(refusalsOf(await update({ customerId, name: 'Stolen' }))).toEqual([
        { code: 'NOT_FOUND', field: 'customerId' },
      ]);
  });

  it('nothing is changed where Stripe refuses: the address is free again', async () => {
    const { id: customerId, stripeCustomerId } = await created({ email: 'stays@example.com' }, silent);
    await silent.stripe.customers.del(stripeCustomerId);
    const { errors } = await update({ customerId, email: 'goes@example.com' }, silent.apiKey);
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', stripeCode: 'resource_missing' } }]);
    await created({ email: 'goes@example.com' }, silent);
    expect((await update({ customerId: 'x' }, silent.apiKey)).errors).toHaveLength(1);
    const { data } = await ask(billgraph, silent.apiKey, `{ customer(by: { id: "${customerId}" }) { email } }`);
    expect(data.customer.email).toBe('stays@example.com');
  });
});

it("where Stripe's answer is lost, the same key brings it, and Stripe is asked for one change", async () => {
  const { id: customerId } = await created({ email: 'lost@example.com' }, silent);
  await misbehave(silent, { kind: 'connection_lost_after', only: 'POST /v1/customers/*', next: 10 });
  const input = { customerId, name: 'Found', idempotencyKey: 'lost-and-found' };
  const lost = await update(input, silent.apiKey);
  expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
  await behave(silent);
  const { data, errors } = await update(input, silent.apiKey);
  expect(errors).toBeUndefined();
  expect(data.updateCustomer.customer.name).toBe('Found');
  const events = await silent.stripe.events.list({ type: 'customer.updated' });
  expect(events.data.filter((event) => (event.data.object as { name?: string }).name === 'Found')).toHaveLength(1);
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { customerId: 'pc_00000000000000000000000000' };
    expect(refusalsOf(await update(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['customers:read'] });
    expect(refusalsOf(await update(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
