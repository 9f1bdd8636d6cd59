import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { refusalsOf } from '../rig/graph.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';

const hour = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

let billgraph: Billgraph;
let tenant: TestTenant;
let of: UsageOf;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
  of = usageOf(billgraph, tenant);
  customerId = (await of.newCustomer()).id;
});
afterAll(() => billgraph.close());

/** A meter with events of these values in one hour; the identifiers are `<event name> 0` and so on. */
async function metered(kind: string, values: string[]) {
  const meter = await of.newMeter(kind);
  const input = (value: string) => (kind === 'UNIQUE_COUNT' ? { uniqueValue: value } : { value });
  await of.report(
    values.map((value, at) => ({
      meter: meter.id,
      customerId,
      ...input(value),
      identifier: `${meter.eventName} ${at}`,
      timestamp: ago(hour - at * 1_000),
    })),
  );
  const range = { from: ago(24 * hour), to: ago(-hour) };
  return {
    event: (at: number) => ({ identifier: `${meter.eventName} ${at}` }),
    total: async () =>
      (await of.usage({ customer: { id: customerId }, meter: { id: meter.id }, range })).data.usage.value,
    events: async (filter: object = {}) =>
      (await of.usageEvents({ meterId: meter.id, ...filter })).data.usageEvents.nodes,
  };
}
const reason = 'Reported by mistake';

describe('voidUsage', () => {
  it.each([
    ['SUM', ['1.5', '4', '2'], '3.5'],
    ['COUNT', ['1', '1', '1'], '2'],
    ['MAX', ['1', '9', '3'], '3'],
    ['LAST', ['1', '5', '9'], '9'],
    ['UNIQUE_COUNT', ['a', 'b', 'c'], '2'],
  ])('takes an event out of %s', async (kind, values, left) => {
    const { event, total } = await metered(kind, values);
    await of.voidUsage({ event: event(1), reason });
    expect(await total()).toBe(left);
  });

  it('lets the value before the latest be the latest, and a value that came twice count on', async () => {
    const [last, unique] = [await metered('LAST', ['1', '5', '9']), await metered('UNIQUE_COUNT', ['a', 'a', 'b'])];
    await of.voidUsage({ event: last.event(2), reason });
    await of.voidUsage({ event: unique.event(0), reason });
    expect([await last.total(), await unique.total()]).toEqual(['5', '2']);
    for (const at of [0, 1]) await of.voidUsage({ event: last.event(at), reason });
    expect(await last.total()).toBe('0');
  });

  it('keeps the event with the reason, and its identifier stays taken', async () => {
    const { event, events, total } = await metered('SUM', ['1', '2']);
    const { data } = await of.voidUsage({ event: event(0), reason });
    expect(data.voidUsage.event).toMatchObject({ status: 'VOIDED', voidReason: reason, replacedBy: null });
    expect(data.voidUsage.event.voidedAt).not.toBeNull();
    expect(await events()).toHaveLength(2);
    expect(await events({ status: 'VOIDED' })).toEqual([data.voidUsage.event]);
    expect(await events({ status: 'RECORDED' })).toMatchObject([{ value: '2' }]);
    expect(await events({ from: ago(hour - 500) })).toHaveLength(1);
    const [{ id: meter }] = [{ id: event(0).identifier.split(' ')[0] }];
    expect(await of.report([{ meter, customerId, value: '1', ...event(0) }] as never)).toEqual(['DUPLICATE']);
    expect(await total()).toBe('2');
  });

  it('refuses what was voided, what is not there, and no reason', async () => {
    const { event } = await metered('SUM', ['1']);
    await of.voidUsage({ event: event(0), reason });
    const refused = async (input: object) => refusalsOf(await of.voidUsage({ reason, ...input }));
    expect(await refused({ event: event(0) })).toEqual([{ code: 'CONFLICT', field: 'event' }]);
    for (const nobody of [{ id: 'ue_00000000000000000000000000' }, { id: 'nul \0' }, { identifier: 'half \ud800' }])
      expect(await refused({ event: nobody })).toEqual([{ code: 'NOT_FOUND', field: 'event' }]);
    for (const none of ['', ' ', 'x'.repeat(501)])
      expect(await refused({ event: event(0), reason: none })).toEqual([{ code: 'BAD_USER_INPUT', field: 'reason' }]);
  });

  it('counts once where two void the same event at once, while others report', async () => {
    const { event, total } = await metered('SUM', ['1', '2', '4']);
    const meter = event(0).identifier.split(' ')[0]!;
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => of.voidUsage({ event: event(1), reason })),
      ...Array.from({ length: 4 }, () => of.report([{ meter, customerId, value: '10', timestamp: ago(hour) }])),
    ]);
    expect(answers.slice(0, 4).filter((one) => 'data' in one && one.data)).toHaveLength(1);
    expect(await total()).toBe('45');
  });
});

describe('replaceUsage', () => {
  it('records what counts instead, and ties the two together', async () => {
    const { event, events, total } = await metered('MAX', ['1', '9', '3']);
    const { data } = await of.replaceUsage({ event: event(1), value: '4', identifier: 'instead', reason });
    const { event: now, replaced } = data.replaceUsage;
    expect(now).toMatchObject({
      identifier: 'instead',
      value: '4',
      status: 'RECORDED',
      occurredAt: replaced.occurredAt,
    });
    expect(replaced).toMatchObject({ ...event(1), value: '9', status: 'VOIDED', replacedBy: { id: now.id } });
    expect(await total()).toBe('4');
    expect(await events()).toHaveLength(4);
    const again = await of.replaceUsage({ event: { id: now.id }, timestamp: ago(3 * hour), reason });
    expect(again.data.replaceUsage.event).toMatchObject({ value: '4', identifier: again.data.replaceUsage.event.id });
    expect(await total()).toBe('4');
  });

  it('replaces what is counted once by another', async () => {
    const { event, total } = await metered('UNIQUE_COUNT', ['a', 'b']);
    await of.replaceUsage({ event: event(1), uniqueValue: 'a', reason });
    expect(await total()).toBe('1');
  });

  it('refuses what an event of a batch would be rejected for, and changes nothing', async () => {
    const { event, total } = await metered('SUM', ['1', '2']);
    const refused = async (input: object) =>
      refusalsOf(await of.replaceUsage({ event: event(0), reason, value: '2', ...input }));
    for (const [fields, field] of [
      [{ value: '-1' }, 'value'],
      [{ value: 'NaN' }, 'value'],
      [{ value: null, uniqueValue: 'a' }, 'uniqueValue'],
      [{ timestamp: ago(36 * 24 * hour) }, 'timestamp'],
      [{ identifier: '' }, 'identifier'],
      [{ reason: '' }, 'reason'],
    ] as const)
      expect(await refused(fields)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
    expect(await refused({ identifier: event(1).identifier })).toEqual([{ code: 'CONFLICT', field: 'identifier' }]);
    expect(await refused({ event: { identifier: 'nobody' } })).toEqual([{ code: 'NOT_FOUND', field: 'event' }]);
    expect(await total()).toBe('3');
    await of.voidUsage({ event: event(0), reason });
    expect(await refused({})).toEqual([{ code: 'CONFLICT', field: 'event' }]);
  });

  it('never waits in a circle with batches of the same hours', async () => {
    const { event, total } = await metered('SUM', ['1', '1', '1', '1', '1', '1']);
    const meter = event(0).identifier.split(' ')[0]!;
    const spread = Array.from({ length: 8 }, (_, at) => ({ meter, customerId, value: '1', timestamp: ago(at * hour) }));
    const all = await Promise.all([
      ...[0, 1, 2].map((at) => of.replaceUsage({ event: event(at), timestamp: ago((at + 2) * hour), reason })),
      ...[3, 4, 5].map((at) => of.replaceUsage({ event: event(at), timestamp: ago(0), reason })),
      ...Array.from({ length: 6 }, (_, at) => of.report(at % 2 ? spread : spread.toReversed())),
    ]);
    expect(all.filter((one) => !Array.isArray(one) && one.errors)).toEqual([]);
    expect(await total()).toBe(String(6 + 6 * 8));
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const reader = await tenant.newApiKey({ scopes: ['usage:read'] });
    for (const correct of [of.voidUsage, of.replaceUsage]) {
      expect(refusalsOf(await correct({ event: { identifier: 'x' }, reason }, null))).toEqual([
        { code: 'UNAUTHENTICATED' },
      ]);
      expect(refusalsOf(await correct({ event: { identifier: 'x' }, reason }, reader))).toEqual([
        { code: 'FORBIDDEN' },
      ]);
    }
  });
});
