import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, startBillgraph } from '../rig/billgraph.ts';

/** The audits of the GraphQL-over-HTTP specification, by its own suite. */

let billgraph: Billgraph;
beforeAll(async () => {
  billgraph = await startBillgraph();
});
afterAll(() => billgraph.close());

/** What a server may do, and this one does not: forms of other sites, and GET without a preflight header (CSRF). */
const declined = ['5A70', 'D6D5', '6A70'];

it.each(serverAudits({ url: () => `${billgraph.url}/graphql` }))('$id $name', async ({ id, fn }) => {
  expect(await fn()).toMatchObject({ status: declined.includes(id) ? 'notice' : 'ok' });
});
