import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const foreign = await createTenant(billgraph);
  const price = await createPrice(tenant);
  for (const [name, of] of Object.entries({ ada: tenant, adam: tenant, a_b: tenant, bob: tenant, adah: foreign })) {
    const input = { email: `${name}@example.com`, externalId: name };
    const { data } = await ask(billgraph, of.apiKey, CreateCustomerDocument, { input });
    if (name !== 'adam') continue;
    const { stripeCustomerId: customer } = data.createCustomer.customer;
    const card = await of.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await of.stripe.subscriptions.create({ customer, items: [{ price: price.id }], default_payment_method: card.id });
  }
  await billgraph.settled();
});
afterAll(() => billgraph.close());

const document =
  'query ($filter: CustomerFilter, $first: Int, $after: String) { customers(filter: $filter, first: $first, after: $after) { totalCount nodes { externalId createdAt } pageInfo { hasNextPage endCursor } } }';
const list = (filter: object | null, page: object = {}, credential: string | null = tenant.apiKey) =>
  ask(billgraph, credential, document, { filter, ...page });
const namesOf = ({ data }: Awaited<ReturnType<typeof list>>) =>
  data.customers.nodes.map(({ externalId }: { externalId: string }) => externalId);

describe('answers', () => {
  it.each([
    [null, ['ada', 'adam', 'a_b', 'bob']],
    [{}, ['ada', 'adam', 'a_b', 'bob']],
    [{ emailPrefix: 'AD' }, ['ada', 'adam']],
    [{ emailPrefix: 'ada@' }, ['ada']],
    [{ emailPrefix: 'a_' }, ['a_b']],
    [{ emailPrefix: 'z' }, []],
    [{ email: 'BOB@example.com' }, ['bob']],
    [{ externalId: 'bob' }, ['bob']],
    [{ externalId: 'adah' }, []],
    [{ hasSubscription: true }, ['adam']],
    [{ hasSubscription: false }, ['ada', 'a_b', 'bob']],
    [{ hasSubscription: false, emailPrefix: 'ada' }, ['ada']],
    [{ createdAfter: '2020-01-01T00:00:00Z', emailPrefix: 'bob' }, ['bob']],
    [{ createdBefore: '2020-01-01T00:00:00Z' }, []],
  ])('%j', async (filter, names) => {
    const answer = await list(filter);
    expect(namesOf(answer)).toEqual(names);
    expect(answer.data.customers.totalCount).toBe(names.length);
  });

  it('those between two instants, and neither the one nor the other', async () => {
    const [, second, , fourth] = (await list(null)).data.customers.nodes;
    const between = { createdAfter: second.createdAt, createdBefore: fourth.createdAt };
    expect(namesOf(await list(between))).toContain('a_b');
    expect(namesOf(await list(between))).not.toContain('ada');
  });

  it('what is found in pages, without a gap or a repeat', async () => {
    const found: string[] = [];
    let after: string | null = null;
    do {
      const answer = await list({ hasSubscription: false }, { first: 1, after });
      found.push(...namesOf(answer));
      const { pageInfo } = answer.data.customers;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(found).toEqual(['ada', 'a_b', 'bob']);
  });
});

describe('refuses', () => {
  it.each([
    [{ emailPrefix: '' }, 'filter.emailPrefix'],
    [{ emailPrefix: 'nul \0' }, 'filter.emailPrefix'],
    [{ email: 'none' }, 'filter.email'],
    [{ externalId: 'x'.repeat(256) }, 'filter.externalId'],
    [{ createdAfter: '2026-01-02T00:00:00Z', createdBefore: '2026-01-01T00:00:00Z' }, 'filter.createdBefore'],
  ])('%j', async (filter, field) => {
    expect(refusalsOf(await list(filter))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    expect(refusalsOf(await list({}, {}, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const writer = await tenant.newApiKey({ scopes: ['customers:write'] });
    expect(refusalsOf(await list({}, {}, writer))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
