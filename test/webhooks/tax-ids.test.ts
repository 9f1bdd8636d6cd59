import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { silence } from '../rig/faults.ts';
import { ask } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';

/** Tax ids that come and go in Stripe. */

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

async function newCustomer(name: string): Promise<{ id: string; stripeCustomerId: string }> {
  const input = { email: `${name}@example.com` };
  return (await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input })).data.createCustomer.customer;
}

/** As the graph shows them once all has arrived, by value. */
async function shown(customerId: string): Promise<unknown[]> {
  await billgraph.settled();
  const document = `{ customer(by: { id: "${customerId}" }) { taxIds { nodes { value status verifiedName } } } }`;
  const { nodes } = (await ask(billgraph, tenant.apiKey, document)).data.customer.taxIds;
  return nodes.sort((one: { value: string }, other: { value: string }) => (one.value < other.value ? -1 : 1));
}

it('arrive with what the authorities say, and go', async () => {
  const { id, stripeCustomerId } = await newCustomer('ada');
  const add = (value: string) => tenant.stripe.customers.createTaxId(stripeCustomerId, { type: 'eu_vat', value });
  const [known] = [await add('DE123456789'), await add('DE111111111'), await add('DE222222222')];
  expect(await shown(id)).toEqual([
    { value: 'DE111111111', status: 'UNVERIFIED', verifiedName: null },
    { value: 'DE123456789', status: 'VERIFIED', verifiedName: 'TEST NAME' },
    { value: 'DE222222222', status: 'PENDING', verifiedName: null },
  ]);
  await tenant.stripe.customers.deleteTaxId(stripeCustomerId, known!.id);
  expect(await shown(id)).toMatchObject([{ value: 'DE111111111' }, { value: 'DE222222222' }]);
});

it('are erased with their customer', async () => {
  const { id, stripeCustomerId } = await newCustomer('bob');
  await tenant.stripe.customers.createTaxId(stripeCustomerId, { type: 'eu_vat', value: 'DE777777777' });
  expect(await shown(id)).toHaveLength(1);
  await ask(
    billgraph,
    tenant.apiKey,
    'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { deletedCustomerId } }',
    {
      input: { customerId: id },
    },
  );
  await billgraph.settled();
  const rows = await asOwner(
    billgraph.databaseUrl,
    `select value, verified_name from tax_id where customer_id = '${id}'`,
  );
  expect(rows).toEqual([{ value: null, verified_name: null }]);
});

it('come in with a customer that is backfilled, and leave with the next one', async () => {
  await silence(tenant);
  const metadata = { billgraph_project_id: tenant.projectId };
  const tax_id_data = [{ type: 'eu_vat' as const, value: 'DE444444444' }];
  const { id: stripeId } = await tenant.stripe.customers.create({ email: 'old@example.com', metadata, tax_id_data });
  const owner = await createOperator(billgraph, tenant);
  const backfill = async () => {
    const input = { assign: { projectId: tenant.projectId }, objects: ['CUSTOMERS'] };
    const start = 'mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { backfill { id } } }';
    expect((await owner.ask(start, { input }, { 'billgraph-project': tenant.projectId })).errors).toBeUndefined();
    await billgraph.settled();
  };
  await backfill();
  const document = `{ customer(by: { stripeId: "${stripeId}" }) { id } }`;
  const { id } = (await ask(billgraph, tenant.apiKey, document)).data.customer;
  expect(await shown(id)).toMatchObject([{ value: 'DE444444444', status: 'VERIFIED' }]);
  const [taxId] = (await tenant.stripe.customers.listTaxIds(stripeId)).data;
  await tenant.stripe.customers.deleteTaxId(stripeId, taxId!.id);
  await backfill();
  expect(await shown(id)).toEqual([]);
});
