import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

/** The graph with one of its two walls taken away: the statements' own conditions, or PostgreSQL's. */
describe.each([
  { wall: 'row-level security alone', rowLevelSecurity: true },
  { wall: "the statements' conditions alone", rowLevelSecurity: false },
])('by $wall', ({ rowLevelSecurity }) => {
  let billgraph: Billgraph;
  let tenant: TestTenant;
  let foreign: TestTenant;
  let asked: string[];
  beforeAll(async () => {
    billgraph = await startBillgraph({ rowLevelSecurity });
    [tenant, foreign] = await Promise.all([createTenant(billgraph), createTenant(billgraph)]);
    asked = rowLevelSecurity ? await withoutConditions(billgraph) : [];
  });
  afterAll(() => billgraph.close());

  const newCustomer = async ({ apiKey }: TestTenant, email: string): Promise<string> => {
    const mutation = `mutation { createCustomer(input: { email: "${email}" }) { customer { id } } }`;
    return (await ask(billgraph, apiKey, mutation)).data.createCustomer.customer.id;
  };
  const tokenOf = async ({ apiKey }: TestTenant, customerId: string): Promise<string> => {
    const input = `{ customerId: "${customerId}", scopes: ["customers:read"] }`;
    return (await ask(billgraph, apiKey, `mutation { createCustomerToken(input: ${input}) { token } }`)).data
      .createCustomerToken.token;
  };
  const seen = async (credential: string, id: string) =>
    (await ask(billgraph, credential, 'query ($id: ID!) { customer(by: { id: $id }) { id } }', { id })).data.customer;

  it('a tenant sees its customers, and a token its own', async () => {
    const [mine, sister] = [await newCustomer(tenant, 'a@x.test'), await newCustomer(tenant, 'b@x.test')];
    const theirs = await newCustomer(foreign, 'a@x.test');
    const token = await tokenOf(tenant, mine);
    // The third time it is answered the short way.
    for (let time = 0; time < 4; time++) {
      expect(await seen(tenant.apiKey, mine)).toEqual({ id: mine });
      expect(await seen(tenant.apiKey, theirs)).toBeNull();
      expect(await seen(foreign.apiKey, mine)).toBeNull();
      expect(await seen(token, mine)).toEqual({ id: mine });
      expect([await seen(token, sister), await seen(token, theirs)]).toEqual([null, null]);
      const { data } = await ask(billgraph, tenant.apiKey, '{ customers { totalCount nodes { id } } }');
      expect(data.customers).toEqual({ totalCount: 2, nodes: [{ id: mine }, { id: sister }] });
    }
    if (rowLevelSecurity) expect(asked.length).toBeGreaterThan(20);
  });
});

/** Takes the tenant out of everything that the reader sends: each of its comparisons becomes true. */
async function withoutConditions({ app }: Billgraph): Promise<string[]> {
  const pool: Pool = await app.requests.orm.em.getConnection().getNativeClient();
  const query = pool.query.bind(pool) as (statement: { text: string }) => unknown;
  const asked: string[] = [];
  pool.query = ((statement: { text: string }) => {
    const text = statement.text.replaceAll(
      /\w+\."(project_id|environment)" = (\$\d+)/g,
      (_, _column, parameter) => `${parameter}::text is not null`,
    );
    expect(text).not.toBe(statement.text);
    asked.push(text);
    statement.text = text;
    return query(statement);
  }) as typeof pool.query;
  return asked;
}
