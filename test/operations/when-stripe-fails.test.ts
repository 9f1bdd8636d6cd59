import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CheckoutSession } from '../../src/billing/checkout/checkout-session.entity.ts';
import { Customer } from '../../src/billing/customers/customer.entity.ts';
import { CreateCheckoutSessionDocument, CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

/** What stands between the server and Stripe: it hands on, or fails in a way of its own. */
type Fault =
  | 'none'
  | 'answer lost'
  | 'answer lost once'
  | 'answer lost, then gone'
  | 'breaks down'
  | 'limits'
  | 'refuses';
const refusals = { 'breaks down': 500, limits: 429, refuses: 400 } as Partial<Record<Fault, number>>;
let fault: Fault = 'none';
let proxy: Server;
let billgraph: Billgraph;
let tenant: TestTenant;

beforeAll(async () => {
  proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isCreate = request.method === 'POST' && request.url === '/v1/customers';
    const refusal = isCreate && refusals[fault];
    if (refusal) {
      response.writeHead(refusal, { 'content-type': 'application/json' });
      return response.end('{"error":{"type":"api_error","message":"Sorry."}}');
    }
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(billgraph.sandbox.url + request.url, {
      method: request.method,
      headers: headers as Record<string, string>,
      body: request.method === 'GET' ? undefined : Buffer.concat(chunks),
    });
    if (isCreate && fault.startsWith('answer lost')) {
      if (fault === 'answer lost, then gone') proxy.close();
      if (fault === 'answer lost once') fault = 'limits';
      return request.socket.destroy();
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', date: new Date().toUTCString() });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  billgraph = await startBillgraph({ stripeApiUrl: `http://127.0.0.1:${port}` });
  tenant = await createTenant(billgraph);
});
afterAll(async () => {
  await billgraph.close();
  proxy.closeAllConnections();
  proxy.close();
});
beforeEach(() => {
  fault = 'none';
});

const create = (input: object) => ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input });
const rowsOf = (email: string) => billgraph.app.orm.em.fork().count(Customer, { email });
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

it('the answer is lost: nobody sees the half-made customer, and the next call takes up the same one', async () => {
  const input = { email: 'lost@example.com', externalId: 'lost', metadata: { a: '1' } };
  fault = 'answer lost';
  const lost = await create(input);
  expect(lost.errors![0]!.extensions).toMatchObject({ code: 'STRIPE_ERROR', retryable: true });
  fault = 'none';
  const { data, errors } = await create(input);
  expect(errors).toBeUndefined();
  expect(await rowsOf('lost@example.com')).toBe(1);
  expect(await inStripe('lost@example.com')).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
});

it('Stripe breaks down: the customer is not there, and the worker finishes it when Stripe is back', async () => {
  fault = 'breaks down';
  const { errors } = await create({ email: 'broken@example.com' });
  expect(errors![0]!.extensions).toMatchObject({ code: 'STRIPE_ERROR', retryable: true });
  const find = () => ask(billgraph, tenant.apiKey, '{ customer(by: { email: "broken@example.com" }) { id } }');
  expect((await find()).data).toEqual({ customer: null });

  fault = 'none';
  await billgraph.app.orm.em.getConnection().execute(`update lane set run_at = now()`);
  await billgraph.settled();
  expect((await find()).data.customer).not.toBeNull();
  expect(await inStripe('broken@example.com')).toHaveLength(1);
});

describe('Stripe made it, its answer is lost, and its webhooks are late', () => {
  beforeEach(async () => {
    for (const { id } of (await tenant.stripe.webhookEndpoints.list()).data)
      await tenant.stripe.webhookEndpoints.del(id);
  });
  const sql = (text: string) => billgraph.app.orm.em.getConnection().execute(text);

  it('a refusal of the next call is not the last word: the third takes up the same customer', async () => {
    const input = { email: 'limited@example.com', externalId: 'limited' };
    fault = 'answer lost';
    await create(input);
    fault = 'limits';
    expect((await create(input)).errors![0]!.extensions).toMatchObject({ code: 'STRIPE_ERROR', retryable: true });
    fault = 'none';
    const { data } = await create(input);
    expect(await inStripe(input.email)).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
  });

  it('a refusal of a second try within one call is not the last word either', async () => {
    const input = { email: 'within@example.com' };
    fault = 'answer lost once';
    expect((await create(input)).errors![0]!.extensions).toMatchObject({ code: 'STRIPE_ERROR', retryable: true });
    fault = 'none';
    const { data } = await create(input);
    expect(await inStripe(input.email)).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
  });

  it('that a second try within one call never reached Stripe is not the last word either', async () => {
    const { port } = proxy.address() as AddressInfo;
    const input = { email: 'gone@example.com' };
    fault = 'answer lost, then gone';
    expect((await create(input)).errors![0]!.extensions).toMatchObject({ code: 'STRIPE_ERROR', retryable: true });
    fault = 'none';
    await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
    expect(await rowsOf(input.email)).toBe(1);
    const { data } = await create(input);
    expect(await inStripe(input.email)).toMatchObject([{ id: data.createCustomer.customer.stripeCustomerId }]);
  });

  it('the worker tries for as long as Stripe is away', async () => {
    const input = { email: 'patient@example.com' };
    fault = 'answer lost';
    await create(input);
    fault = 'limits';
    await sql(`update lane set run_at = now(), attempts = 100`);
    await expect.poll(() => sql(`select 1 from lane where attempts > 100 and owner is null`)).toHaveLength(1);
    expect(await sql(`select 1 from lane where run_at = 'infinity'`)).toEqual([]);
    fault = 'none';
    await sql(`update lane set run_at = now()`);
    await billgraph.settled();
    expect(await inStripe(input.email)).toHaveLength(1);
    expect(
      (await ask(billgraph, tenant.apiKey, `{ customer(by: { email: "${input.email}" }) { id } }`)).data.customer,
    ).not.toBeNull();
  });

  it('where Stripe refuses it for good, its email is free again', async () => {
    const input = { email: 'refused@example.com' };
    fault = 'breaks down';
    await create(input);
    fault = 'refuses';
    await sql(`update lane set run_at = now()`);
    await billgraph.settled();
    expect(await rowsOf(input.email)).toBe(0);
  });
});

it('Stripe cannot be reached: a retryable STRIPE_ERROR, and nothing half-written', async () => {
  const { data } = await create({ email: 'before@example.com' });
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));

  const customer = await create({ email: 'unreachable@example.com' });
  const input = {
    customerId: data.createCustomer.customer.id,
    mode: 'SETUP',
    successUrl: 'http://localhost:3000',
    cancelUrl: 'http://localhost:3000',
  };
  const session = await ask(billgraph, tenant.apiKey, CreateCheckoutSessionDocument, { input });
  for (const { status, errors } of [customer, session]) {
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
  }
  expect(await rowsOf('unreachable@example.com')).toBe(0);
  expect(await billgraph.app.orm.em.fork().count(CheckoutSession)).toBe(0);
});
