import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { type Answer, ask } from '../rig/graph.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let usage: UsageOf;
let features: ReturnType<typeof featuresOf>;
let calls: { id: string; eventName: string };
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
  usage = usageOf(billgraph, tenant);
  features = featuresOf(billgraph, tenant);
  calls = await usage.newMeter('SUM');
  await features.newFeature('calls', { type: 'LIMIT', meter: calls.id });
});
afterAll(() => billgraph.close());

const payloads = {
  reserveUsage: 'limit remaining resetsAt reservation { id status amount expiresAt customer { id } feature { key } }',
  commitUsage: 'reservation { id status endedAt usageEvent { id identifier value } }',
  releaseUsage: 'reservation { id status endedAt usageEvent { id } }',
};
function call(name: keyof typeof payloads, input: object, credential: string | null = tenant.apiKey): Promise<Answer> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  return ask(billgraph, credential, `mutation ($input: ${type}) { ${name}(input: $input) { ${payloads[name]} } }`, {
    input,
  });
}

/** A customer who was granted so much. */
async function customerWith(limit: string | null, feature = 'calls') {
  const customer = await usage.newCustomer();
  const value = limit === null ? { unlimited: true } : { limit };
  await features.made('grantFeature', { customerId: customer.id, feature, reason: 'a test', ...value });
  return customer;
}

const reserve = (customer: { id: string }, fields: object = {}) =>
  call('reserveUsage', { customerId: customer.id, feature: 'calls', ...fields });
async function reserved(customer: { id: string }, amount: string): Promise<string> {
  const { data, errors } = await reserve(customer, { amount });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.reserveUsage.reservation.id;
}
const used = async (customer: { id: string }, meter = calls) =>
  (await usage.usage({ customer: { id: customer.id }, meter: { id: meter.id } })).data.usage.value;
const refusalOf = ({ errors }: Answer): Record<string, any> | undefined =>
  errors?.[0] && { message: errors[0].message, ...errors[0].extensions };
const letExpire = (id: string) =>
  asOwner(
    billgraph.databaseUrl,
    `update usage_reservation set expires_at = now() - interval '1 second' where id = $1`,
    [id],
  );

describe('reserveUsage', () => {
  it('holds what is left, and tells what is left after it', async () => {
    const ada = await customerWith('10');
    const before = Date.now();
    const { data } = await reserve(ada, { amount: '2.50', ttl: 60 });
    const { reservation, ...standing } = data.reserveUsage;
    expect(standing).toMatchObject({ limit: '10', remaining: '7.5' });
    expect(Date.parse(standing.resetsAt)).toBeGreaterThan(before);
    expect(reservation).toMatchObject({
      status: 'HELD',
      amount: '2.5',
      customer: { id: ada.id },
      feature: { key: 'calls' },
    });
    expect(Date.parse(reservation.expiresAt) - before).toBeGreaterThan(50_000);
    expect((await reserve(ada)).data.reserveUsage.remaining).toBe('6.5');
    expect(await used(ada)).toBe('0');
  });

  it('counts what was used, reported or committed', async () => {
    const ada = await customerWith('10');
    await usage.report([{ meter: calls.id, customerId: ada.id, value: '4' }]);
    await call('commitUsage', { reservationId: await reserved(ada, '3') });
    expect((await reserve(ada, { amount: '3' })).data.reserveUsage.remaining).toBe('0');
  });

  it('without end where there is no limit', async () => {
    const { data } = await reserve(await customerWith(null), { amount: '999999999999999' });
    expect(data.reserveUsage).toMatchObject({ limit: null, remaining: null });
  });

  it('refuses with LIMIT_REACHED and when it is counted anew', async () => {
    const ada = await customerWith('1');
    await reserved(ada, '0.75');
    const refusal = refusalOf(await reserve(ada, { amount: '0.250000000001' }))!;
    expect(refusal).toMatchObject({ code: 'LIMIT_REACHED', field: 'amount' });
    expect(Date.parse(refusal.resetsAt)).toBeGreaterThan(Date.now());
    expect(refusal.message).toContain(refusal.resetsAt);
    expect((await reserve(ada, { amount: '0.25' })).errors).toBeUndefined();
  });

  it('refuses who has nothing of the feature', async () => {
    expect(refusalOf(await reserve(await usage.newCustomer()))).toMatchObject({
      code: 'LIMIT_REACHED',
      resetsAt: null,
    });
  });

  it('holds for every feature of the meter', async () => {
    await features.newFeature('fast_calls', { type: 'LIMIT', meter: calls.id });
    const ada = await customerWith('10');
    await features.made('grantFeature', { customerId: ada.id, feature: 'fast_calls', reason: 'a test', limit: '4' });
    await reserved(ada, '3');
    expect(refusalOf(await reserve(ada, { feature: 'fast_calls', amount: '2' }))).toMatchObject({
      code: 'LIMIT_REACHED',
    });
  });

  it('holds no longer than it says', async () => {
    const ada = await customerWith('1');
    const id = await reserved(ada, '1');
    expect(refusalOf(await reserve(ada))).toMatchObject({ code: 'LIMIT_REACHED' });
    await letExpire(id);
    expect((await reserve(ada)).errors).toBeUndefined();
  });

  it('reads nothing of what has expired, however much that is', async () => {
    const ada = await customerWith('1000');
    const id = await reserved(ada, '1');
    await asOwner(
      billgraph.databaseUrl,
      `insert into usage_reservation select (jsonb_populate_record(r, jsonb_build_object('id', r.id || n, 'expires_at', now() - interval '1 hour'))).*
       from usage_reservation r, generate_series(1, 5000) n where r.id = $1`,
      [id],
    );
    await asOwner(billgraph.databaseUrl, 'analyze usage_reservation');
    const [{ 'QUERY PLAN': plan }] = await asOwner(
      billgraph.databaseUrl,
      `explain (analyze, format json) select held from entitlement where customer_id = $1`,
      [ada.id],
    );
    const reads = (node: any): any[] => [node, ...(node.Plans ?? []).flatMap(reads)];
    const ofReservations = reads(plan[0].Plan).filter((node) => node['Relation Name'] === 'usage_reservation');
    expect(ofReservations).toMatchObject([{ 'Actual Rows': 1 }]);
    expect(ofReservations[0]['Rows Removed by Filter'] ?? 0).toBe(0);
  });

  it('never lets two at once pass the limit', async () => {
    const ada = await customerWith('10');
    const answers = await Promise.all(Array.from({ length: 25 }, () => reserve(ada)));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(10);
    const codes = new Set(answers.flatMap((answer) => refusalOf(answer)?.code ?? []));
    expect([...codes]).toEqual(['LIMIT_REACHED']);
  });

  it('refuses what cannot be reserved, with the field', async () => {
    const ada = await customerWith('10');
    await features.newFeature('export');
    const largest = await usage.newMeter('MAX');
    await features.newFeature('seats', { type: 'LIMIT', meter: largest.id });
    const gone = await usage.newMeter('SUM');
    await features.newFeature('gone', { type: 'LIMIT', meter: gone.id });
    await usage.archiveMeter({ meterId: gone.id });
    const cases: [object, object][] = [
      [{ amount: '0' }, { code: 'BAD_USER_INPUT', field: 'amount' }],
      [{ amount: '-1' }, { code: 'BAD_USER_INPUT', field: 'amount' }],
      [{ amount: 'NaN' }, { code: 'BAD_USER_INPUT', field: 'amount', message: expect.stringMatching(/^An amount/) }],
      [{ amount: '1.0000000000001' }, { code: 'BAD_USER_INPUT', field: 'amount' }],
      [{ ttl: 0 }, { code: 'BAD_USER_INPUT', field: 'ttl' }],
      [{ ttl: 86_401 }, { code: 'BAD_USER_INPUT', field: 'ttl' }],
      [{ feature: 'export' }, { code: 'BAD_USER_INPUT', field: 'feature' }],
      [{ feature: 'seats' }, { code: 'BAD_USER_INPUT', field: 'feature' }],
      [{ feature: 'gone' }, { code: 'CONFLICT', field: 'feature' }],
      [{ feature: 'no\0feature' }, { code: 'NOT_FOUND', field: 'feature' }],
      [{ customerId: 'pc_nobody' }, { code: 'NOT_FOUND', field: 'customerId' }],
    ];
    for (const [fields, refusal] of cases)
      expect(refusalOf(await reserve(ada, fields)), JSON.stringify(fields)).toMatchObject(refusal);
    await features.made('archiveFeature', {
      feature: (await features.newFeature('over', { type: 'LIMIT', meter: calls.id })).id,
    });
    expect(refusalOf(await reserve(ada, { feature: 'over' }))).toMatchObject({ code: 'CONFLICT', field: 'feature' });
  });

  it('of what a meter counts, one at a time', async () => {
    const runs = await usage.newMeter('COUNT');
    await features.newFeature('runs', { type: 'LIMIT', meter: runs.id });
    const ada = await customerWith('1', 'runs');
    expect(refusalOf(await reserve(ada, { feature: 'runs', amount: '2' }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'amount',
    });
    const { data } = await reserve(ada, { feature: 'runs' });
    await call('commitUsage', { reservationId: data.reserveUsage.reservation.id });
    expect(await used(ada, runs)).toBe('1');
  });
});

describe('commitUsage', () => {
  it('makes usage of what is held, once', async () => {
    const ada = await customerWith('10');
    const reservationId = await reserved(ada, '2.5');
    const { data } = await call('commitUsage', { reservationId });
    const { reservation } = data.commitUsage;
    expect(reservation).toMatchObject({ status: 'COMMITTED', usageEvent: { identifier: reservationId, value: '2.5' } });
    expect((await call('commitUsage', { reservationId, amount: '2.50' })).data.commitUsage.reservation).toEqual(
      reservation,
    );
    expect(await used(ada)).toBe('2.5');
  });

  it('or of a part of it, and the rest is free', async () => {
    const ada = await customerWith('10');
    await call('commitUsage', { reservationId: await reserved(ada, '10'), amount: '4' });
    expect(await used(ada)).toBe('4');
    expect((await reserve(ada, { amount: '6' })).data.reserveUsage.remaining).toBe('0');
  });

  it('refuses what is not held any more, another amount, and what is nobody’s', async () => {
    const ada = await customerWith('20');
    const [committed, released, expired, held] = [
      await reserved(ada, '1'),
      await reserved(ada, '1'),
      await reserved(ada, '1'),
      await reserved(ada, '1'),
    ];
    await call('commitUsage', { reservationId: committed });
    await call('releaseUsage', { reservationId: released });
    await letExpire(expired);
    const cases: [object, object][] = [
      [
        { reservationId: committed, amount: '0.5' },
        { code: 'CONFLICT', field: 'amount' },
      ],
      [{ reservationId: released }, { code: 'CONFLICT', field: 'reservationId' }],
      [{ reservationId: expired }, { code: 'CONFLICT', field: 'reservationId' }],
      [
        { reservationId: held, amount: '1.5' },
        { code: 'BAD_USER_INPUT', field: 'amount' },
      ],
      [
        { reservationId: held, amount: '0' },
        { code: 'BAD_USER_INPUT', field: 'amount' },
      ],
      [{ reservationId: 'rsv_none' }, { code: 'NOT_FOUND', field: 'reservationId' }],
    ];
    for (const [input, refusal] of cases)
      expect(refusalOf(await call('commitUsage', input)), JSON.stringify(input)).toMatchObject(refusal);
    expect(await used(ada)).toBe('1');
  });

  it('refuses where the meter was archived meanwhile, and goes on holding', async () => {
    const meter = await usage.newMeter('SUM');
    await features.newFeature('brief', { type: 'LIMIT', meter: meter.id });
    const ada = await customerWith('5', 'brief');
    const { data } = await reserve(ada, { feature: 'brief' });
    const reservationId = data.reserveUsage.reservation.id;
    await usage.archiveMeter({ meterId: meter.id });
    expect(refusalOf(await call('commitUsage', { reservationId }))).toMatchObject({
      code: 'CONFLICT',
      field: 'reservationId',
    });
    await usage.reactivateMeter({ meterId: meter.id });
    expect((await call('commitUsage', { reservationId })).errors).toBeUndefined();
  });

  it('refuses where the customer was deleted meanwhile; what is held is given free all the same', async () => {
    const ada = await customerWith('5');
    const reservationId = await reserved(ada, '1');
    const remove = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { __typename } }';
    await ask(billgraph, tenant.apiKey, remove, { input: { customerId: ada.id } });
    expect(refusalOf(await call('commitUsage', { reservationId }))).toMatchObject({
      message: 'The customer of this reservation was deleted.',
      code: 'CONFLICT',
      field: 'reservationId',
    });
    expect((await call('releaseUsage', { reservationId })).data.releaseUsage.reservation.status).toBe('RELEASED');
  });
});

describe('releaseUsage', () => {
  it('gives free what is held, and says the same again', async () => {
    const ada = await customerWith('1');
    const reservationId = await reserved(ada, '1');
    const { data } = await call('releaseUsage', { reservationId });
    expect(data.releaseUsage.reservation).toMatchObject({ id: reservationId, status: 'RELEASED', usageEvent: null });
    expect((await call('releaseUsage', { reservationId })).data).toEqual(data);
    expect((await reserve(ada)).errors).toBeUndefined();
    expect(await used(ada)).toBe('0');
  });

  it('refuses what was committed', async () => {
    const reservationId = await reserved(await customerWith('1'), '1');
    await call('commitUsage', { reservationId });
    expect(refusalOf(await call('releaseUsage', { reservationId }))).toMatchObject({
      code: 'CONFLICT',
      field: 'reservationId',
    });
  });
});

describe('is not allowed', () => {
  it('to another tenant, nor to a key without the scope', async () => {
    const ada = await customerWith('1');
    const reservationId = await reserved(ada, '1');
    const stranger = await createTenant(billgraph);
    const reader = await tenant.newApiKey({ scopes: ['usage:read'] });
    const inputs = {
      reserveUsage: { customerId: ada.id, feature: 'calls' },
      commitUsage: { reservationId },
      releaseUsage: { reservationId },
    };
    for (const [name, input] of Object.entries(inputs)) {
      expect(refusalOf(await call(name as keyof typeof payloads, input, stranger.apiKey))).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(refusalOf(await call(name as keyof typeof payloads, input, reader))).toMatchObject({
        code: 'FORBIDDEN',
        missingScopes: ['usage:write'],
      });
    }
  });
});
