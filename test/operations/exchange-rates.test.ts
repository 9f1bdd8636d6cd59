import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const euros = { from: 'EUR', to: 'USD', day: '2026-11-01', rate: '1.08' };
const set = (input: object, credential: string | null = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    'mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { exchangeRate { id from to day rate createdAt updatedAt } } }',
    { input },
  );
const remove = (exchangeRateId: string, credential: string | null = tenant.apiKey) =>
  ask(
    billgraph,
    credential,
    'mutation ($input: DeleteExchangeRateInput!) { deleteExchangeRate(input: $input) { exchangeRateId } }',
    { input: { exchangeRateId } },
  );
const all = async (of = tenant) =>
  (await ask(billgraph, of.apiKey, '{ exchangeRates { nodes { from to day rate } } }')).data.exchangeRates.nodes;

describe('answers', () => {
  it('a rate of a pair and a day; another one in its place; and without it', async () => {
    const first = (await set(euros)).data.setExchangeRate.exchangeRate;
    expect(first).toMatchObject({ ...euros, id: expect.stringMatching(/^fxr_/) });
    const same = (await set({ ...euros, rate: '1.080' })).data.setExchangeRate.exchangeRate;
    expect(same).toEqual(first);
    const other = (await set({ ...euros, rate: '0.000000000001' })).data.setExchangeRate.exchangeRate;
    expect(other).toMatchObject({ id: first.id, rate: '0.000000000001', createdAt: first.createdAt });
    await set({ ...euros, day: '2026-11-02' });
    const yen = { from: 'USD', to: 'JPY', day: '2024-02-29', rate: '150' };
    await set(yen);
    expect(await all()).toEqual([{ ...euros, rate: '0.000000000001' }, { ...euros, day: '2026-11-02' }, yen]);
    const node = `{ node(id: "${first.id}") { ... on ExchangeRate { day } } }`;
    expect((await ask(billgraph, tenant.apiKey, node)).data).toEqual({ node: { day: '2026-11-01' } });
    expect((await remove(first.id)).data.deleteExchangeRate).toEqual({ exchangeRateId: first.id });
    expect(await all()).toEqual([{ ...euros, day: '2026-11-02' }, yen]);
    expect(refusalsOf(await remove(first.id))).toEqual([{ code: 'NOT_FOUND', field: 'exchangeRateId' }]);
  });

  it('one rate where several are set at once', async () => {
    const rates = ['1', '2', '3', '4'];
    const answers = await Promise.all(rates.map((rate) => set({ ...euros, from: 'GBP', rate })));
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    const left = (await all()).filter(({ from }: { from: string }) => from === 'GBP');
    expect(left).toHaveLength(1);
    expect(rates).toContain(left[0].rate);
  });
});

describe('refuses', () => {
  it.each([
    [{ to: 'EUR' }, 'to'],
    [{ rate: '0' }, 'rate'],
    [{ rate: '0.000' }, 'rate'],
    [{ rate: '-1' }, 'rate'],
    [{ rate: '1e3' }, 'rate'],
    [{ rate: 'NaN' }, 'rate'],
    [{ rate: '' }, 'rate'],
    [{ rate: '1.' }, 'rate'],
    [{ rate: '1'.repeat(13) }, 'rate'],
    [{ rate: '0.0000000000001' }, 'rate'],
    [{ day: '2026-02-29' }, 'day'],
    [{ day: '0000-01-01' }, 'day'],
    [{ day: '2026-1-1' }, 'day'],
    [{ day: 'today' }, 'day'],
  ])('%j', async (fields, field) => {
    expect(refusalsOf(await set({ ...euros, ...fields }))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('what is no currency, and rates that are others’ or none', async () => {
    expect(refusalsOf(await set({ ...euros, from: 'EURO' }))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    const other = await createTenant(billgraph);
    await ask(
      billgraph,
      other.apiKey,
      'mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { exchangeRate { id } } }',
      { input: euros },
    );
    const theirs = await ask(billgraph, other.apiKey, '{ exchangeRates { nodes { id } } }');
    for (const id of [theirs.data.exchangeRates.nodes[0].id, 'fxr_00000000000000000000000000', 'x', 'nul\0'])
      expect(refusalsOf(await remove(id))).toEqual([{ code: 'NOT_FOUND', field: 'exchangeRateId' }]);
    expect(await all(other)).toEqual([euros]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['analytics:read'] });
    const stranger = await tenant.newApiKey({ scopes: ['customers:read'] });
    for (const answer of [await set(euros, reader), await remove('x', reader)])
      expect(refusalsOf(answer)).toEqual([{ code: 'FORBIDDEN' }]);
    expect(refusalsOf(await set(euros, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    expect(refusalsOf(await ask(billgraph, stranger, '{ exchangeRates { nodes { id } } }'))).toEqual([
      { code: 'FORBIDDEN' },
    ]);
  });
});
