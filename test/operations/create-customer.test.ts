import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CustomerSubscriptionsDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const create = (input: object, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, CreateCustomerDocument, { input });

describe('answers', () => {
  it('the customer, made here and in Stripe', async () => {
    const { data } = await create({
      email: 'Ada@Example.com',
      externalId: 'u_1',
      name: 'Ada',
      metadata: { plan: 'gold' },
    });
    const { customer } = data.createCustomer;
    expect(customer).toMatchObject({
      id: expect.stringMatching(/^pc_[0-9a-v]{26}$/),
      email: 'ada@example.com',
      externalId: 'u_1',
    });

    const inStripe = await tenant.stripe.customers.retrieve(customer.stripeCustomerId);
    expect(inStripe).toMatchObject({
      email: 'ada@example.com',
      name: 'Ada',
      metadata: {
        plan: 'gold',
        billgraph_id: customer.id,
        billgraph_project_id: tenant.projectId,
        billgraph_team_id: tenant.teamId,
      },
    });
  });

  it('the same row after its own webhook has come', async () => {
    const { data } = await create({ email: 'own-webhook@example.com' });
    await billgraph.settled();
    const { id } = data.createCustomer.customer;
    const again = await ask(billgraph, tenant.apiKey, CustomerSubscriptionsDocument, {
      by: { email: 'own-webhook@example.com' },
    });
    expect(again.data.customer.id).toBe(id);
  });

  it('in another project of the team, the same email', async () => {
    const other = await createTenant(billgraph, { teamId: tenant.teamId });
    await create({ email: 'twice@example.com', externalId: 'twice' });
    const { errors } = await create({ email: 'twice@example.com', externalId: 'twice' }, other.apiKey);
    expect(errors).toBeUndefined();
  });
});

describe('refuses', () => {
  it('an email that is taken, in any case', async () => {
    await create({ email: 'taken@example.com' });
    expect(refusalsOf(await create({ email: 'TAKEN@Example.com' }))).toEqual([{ code: 'CONFLICT', field: 'email' }]);
  });

  it('a second customer where several ask at once: one is made, in Stripe too', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ email: 'race@example.com' })));
    const ids = new Set(answers.flatMap(({ data }) => data?.createCustomer.customer.id ?? []));
    expect(ids.size).toBe(1);
    // Stripe may still be at the first call when the second one asks for the same.
    const refusals = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions));
    for (const { code, retryable } of refusals)
      expect([code, retryable]).toBeOneOf([
        ['CONFLICT', undefined],
        ['STRIPE_ERROR', true],
      ]);
    expect((await tenant.stripe.customers.list({ email: 'race@example.com' })).data).toHaveLength(1);
  });

  it('an external id that is taken', async () => {
    await create({ email: 'first@example.com', externalId: 'same' });
    expect(refusalsOf(await create({ email: 'second@example.com', externalId: 'same' }))).toEqual([
      { code: 'CONFLICT', field: 'externalId' },
    ]);
  });

  it.each([
    [{ email: 'not an address' }, 'email'],
    [{ email: '' }, 'email'],
    [{ email: `${'a'.repeat(600)}@example.com` }, 'email'],
    [{ email: 'ok@example.com', externalId: '  ' }, 'externalId'],
    [{ email: 'ok@example.com', externalId: 'x'.repeat(256) }, 'externalId'],
    [{ email: 'ok@example.com', name: 'nul \0 byte' }, 'name'],
    [{ email: 'ok@example.com', name: 'half \ud800 pair' }, 'name'],
    [{ email: 'ok@example.com', metadata: { billgraph_id: 'pc_stolen' } }, 'metadata.billgraph_id'],
    [{ email: 'ok@example.com', metadata: { 'a[b]': 'x' } }, 'metadata.a[b]'],
    [{ email: 'ok@example.com', metadata: { long: 'x'.repeat(501) } }, 'metadata.long'],
    [{ email: 'ok@example.com', metadata: { ['k'.repeat(41)]: 'x' } }, `metadata.${'k'.repeat(41)}`],
    [
      { email: 'ok@example.com', metadata: Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`k${at}`, 'x'])) },
      'metadata',
    ],
  ])('%j', async (input, field) => {
    expect(refusalsOf(await create(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('is not allowed', () => {
  it('without a credential', async () => {
    const answer = await create({ email: 'nobody@example.com' }, null);
    expect(answer.status).toBe(401);
    expect(refusalsOf(answer)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('without the scope, which is named', async () => {
    const key = await tenant.newApiKey({ scopes: ['customers:read'] });
    const { errors } = await create({ email: 'reader@example.com' }, key);
    expect(errors![0]!.extensions).toMatchObject({
      code: 'FORBIDDEN',
      requiredScopes: [['customers:write']],
      missingScopes: ['customers:write'],
    });
  });
});
