import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { pruneOperations } from '../../src/operations/prune-operations.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { type Answer, ask, refusalsOf } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const rows = (sql: string) => billgraph.app.orm.em.getConnection().execute(sql);
const create = (input: object, headers: Record<string, string> = {}, credential = tenant.apiKey) =>
  ask(billgraph, credential, CreateCustomerDocument, { input }, headers);
const inStripe = async (email: string) => (await tenant.stripe.customers.list({ email })).data;

describe('the same key and input', () => {
  it('is carried out once, and answered the same, in whatever order the input is written', async () => {
    const first = await create({ email: 'once@example.com', metadata: { a: '1', b: '2' }, idempotencyKey: 'once' });
    expect(first.errors).toBeUndefined();
    const again = await create({ idempotencyKey: 'once', metadata: { b: '2', a: '1' }, email: 'once@example.com' });
    expect(again).toMatchObject({ errors: undefined, data: first.data });
    expect(await inStripe('once@example.com')).toHaveLength(1);
  });

  it('may be given as a header', async () => {
    const first = await create({ email: 'header@example.com' }, { 'idempotency-key': 'as a header' });
    const again = await create({ email: 'header@example.com', idempotencyKey: 'as a header' });
    expect(again).toMatchObject({ errors: undefined, data: first.data });
  });

  it('answers a secret that is shown once, and keeps it sealed', async () => {
    const { data } = await create({ email: 'token@example.com' });
    const input = { customerId: data.createCustomer.customer.id, scopes: ['customers:read'], idempotencyKey: 'token' };
    const mint = () => ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input });
    const first = await mint();
    const { token } = first.data.createCustomerToken;
    expect((await mint()).data).toEqual(first.data);
    const kept = JSON.stringify(await rows(`select * from operation`));
    expect(kept).toContain('sealed_answer');
    expect(kept).not.toContain(token);
    expect(kept).not.toContain('token@example.com');
    expect(JSON.stringify(await rows('select * from audit_entry'))).not.toContain(token);
  });

  it('answers mutations that only write here, once', async () => {
    const document = `mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { backfill { id createdAfter } } }`;
    const input = {
      assign: { projectId: tenant.projectId },
      createdAfter: '2026-01-01T00:00:00.000Z',
      idempotencyKey: 'backfill',
    };
    const first = await ask(billgraph, tenant.apiKey, document, { input });
    expect(first.errors).toBeUndefined();
    expect((await ask(billgraph, tenant.apiKey, document, { input })).data).toEqual(first.data);
    expect(await rows('select id from backfill')).toHaveLength(1);
  });

  it('of another credential, and of another project, is another key', async () => {
    const sibling = await createTenant(billgraph, { teamId: tenant.teamId });
    const otherKey = await tenant.newApiKey({});
    const both = await tenant.newApiKey({ projectIds: [tenant.projectId, sibling.projectId] });
    const input = (email: string) => ({ email, idempotencyKey: 'shared' });
    const inProject = ({ projectId }: TestTenant) => ({ 'billgraph-project': projectId });
    const answers = [
      await create(input('scope-1@example.com')),
      await create(input('scope-2@example.com'), {}, otherKey),
      await create(input('scope-3@example.com'), inProject(tenant), both),
      await create(input('scope-4@example.com'), inProject(sibling), both),
    ];
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  });

  it('of an operator who names no project is the same when the team has another one: 20 calls at once, and one later', async () => {
    const owner = await createOperator(billgraph, await createTenant(billgraph));
    const document = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }`;
    const make = () => owner.ask(document, { input: { name: 'Second', idempotencyKey: 'a project' } });
    const untilDone = async (): Promise<Answer> => {
      const answer = await make();
      return answer.errors?.[0]?.extensions.retryable ? untilDone() : answer;
    };
    const answers = [...(await Promise.all(Array.from({ length: 20 }, untilDone))), await make()];
    expect(new Set(answers.map(({ data, errors }) => JSON.stringify(errors ?? data))).size).toBe(1);
    const { projects } = (await owner.ask('{ projects { id name } }')).data;
    expect(projects).toMatchObject([{}, answers[0]!.data.createProject.project]);
  });

  it('is free again after a refusal that did nothing', async () => {
    expect(refusalsOf(await create({ email: 'no address', idempotencyKey: 'free' }))).toMatchObject([
      { code: 'BAD_USER_INPUT' },
    ]);
    expect((await create({ email: 'free@example.com', idempotencyKey: 'free' })).errors).toBeUndefined();
  });

  it('is kept for a day after the answer, and then forgotten', async () => {
    const { data } = await create({ email: 'old@example.com', idempotencyKey: 'old' });
    await rows(
      `update operation set touched_at = now() - interval '23 hours 59 minutes' where idempotency_key = 'old'`,
    );
    await pruneOperations({ em: billgraph.app.orm.em.fork() });
    expect((await create({ email: 'old@example.com', idempotencyKey: 'old' })).data).toEqual(data);
    await rows(`update operation set touched_at = now() - interval '24 hours 1 minute' where idempotency_key = 'old'`);
    expect(await pruneOperations({ em: billgraph.app.orm.em.fork() })).toBe(1);
    expect(refusalsOf(await create({ email: 'old@example.com', idempotencyKey: 'old' }))).toEqual([
      { code: 'CONFLICT', field: 'email' },
    ]);
  });
});

it('leaves no row behind where no key was given', async () => {
  const before = await rows('select id from operation');
  await create({ email: 'keyless@example.com' });
  expect(await rows('select id from operation')).toEqual(before);
  expect(await rows(`select key from lane where key like 'operation/%'`)).toEqual([]);
});

describe('refuses', () => {
  it('a key with another input, or for another mutation', async () => {
    const { data } = await create({ email: 'used@example.com', idempotencyKey: 'used' });
    const conflict = [{ code: 'CONFLICT', field: 'idempotencyKey' }];
    expect(refusalsOf(await create({ email: 'used-2@example.com', idempotencyKey: 'used' }))).toEqual(conflict);
    const input = { customerId: data.createCustomer.customer.id, scopes: [], idempotencyKey: 'used' };
    expect(refusalsOf(await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input }))).toEqual(conflict);
  });

  it.each([
    ['an empty one', ''],
    ['one that is too long', 'x'.repeat(256)],
    ['a line break', 'a\nb'],
    ['an umlaut', 'ä'],
  ])('as a key: %s', async (_name, idempotencyKey) => {
    expect(refusalsOf(await create({ email: 'bad@example.com', idempotencyKey }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
    ]);
  });

  it('a header that differs from the input', async () => {
    const answer = await create({ email: 'bad@example.com', idempotencyKey: 'one' }, { 'idempotency-key': 'other' });
    expect(refusalsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  it('a header for two mutations, aliases and fragments included, before either is carried out', async () => {
    const document = `
      mutation ($a: CreateCustomerInput!, $b: CreateCustomerInput!) {
        createCustomer(input: $a) { customer { id } }
        ...more
      }
      fragment more on Mutation { other: createCustomer(input: $b) { customer { id } } }`;
    const variables = { a: { email: 'two-1@example.com' }, b: { email: 'two-2@example.com' } };
    const answer = await ask(billgraph, tenant.apiKey, document, variables, { 'idempotency-key': 'two' });
    expect(refusalsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'Idempotency-Key' }]);
    expect(await inStripe('two-1@example.com')).toEqual([]);
    const each = { a: { ...variables.a, idempotencyKey: 'a' }, b: { ...variables.b, idempotencyKey: 'b' } };
    expect((await ask(billgraph, tenant.apiKey, document, each)).errors).toBeUndefined();
  });
});
