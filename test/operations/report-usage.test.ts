import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';

const minute = 60_000;
const day = 1_440 * minute;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

let billgraph: Billgraph;
let tenant: TestTenant;
let of: UsageOf;
let ada: { id: string; externalId: string };
let bob: { id: string };
let calls: { id: string; eventName: string };
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
  of = usageOf(billgraph, tenant);
  [ada, bob] = [await of.newCustomer(), await of.newCustomer()];
  calls = await of.newMeter();
});
afterAll(() => billgraph.close());

const event = (fields: object = {}) => ({ meter: calls.eventName, customerId: ada.id, value: '1', ...fields });
const total = async (customerId = ada.id, meter: { id: string } = calls) =>
  (await of.usage({ customer: { id: customerId }, meter: { id: meter.id } })).data.usage.value;
const eventsOf = (identifier: string) =>
  asOwner(billgraph.databaseUrl, `select * from usage_event where identifier like '${identifier}%'`);

describe('answers', () => {
  it('for each event, by name or id of the meter and of the customer, and counts them at once', async () => {
    const before = Number(await total());
    const { data } = await of.reportUsage({
      events: [
        event({ identifier: 'by name', value: '1.5' }),
        { meter: calls.id, externalId: ada.externalId, value: 2, timestamp: ago(minute) },
        event({ customerId: bob.id, value: '0' }),
      ],
    });
    expect(data.reportUsage).toMatchObject({ recorded: 3, duplicates: 0, rejected: 0 });
    const [first, second] = data.reportUsage.results;
    expect(first).toEqual({
      status: 'RECORDED',
      identifier: 'by name',
      eventId: expect.stringMatching(/^ue_/),
      code: null,
      message: null,
    });
    expect(second.identifier).toBe(second.eventId);
    expect(Number(await total()) - before).toBe(3.5);
  });

  it('DUPLICATE to what is sent again, in the same batch and later, and counts it once', async () => {
    const timestamp = ago(minute);
    const one = event({ identifier: 'once', value: '2.50', timestamp });
    const before = Number(await total());
    expect(await of.report([one, { ...one, value: '2.5' }])).toEqual(['RECORDED', 'DUPLICATE']);
    // Without a time it says nothing of it.
    expect(await of.report([one, { ...one, timestamp: undefined }])).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect(await eventsOf('once')).toHaveLength(1);
    expect(Number(await total()) - before).toBe(2.5);
  });

  it('the same to a call that is sent again with its key', async () => {
    const input = { idempotencyKey: 'batch', events: [event({ value: '7' })] };
    const before = Number(await total());
    const [first, again] = [await of.reportUsage(input), await of.reportUsage(input)];
    expect(again.data).toEqual(first.data);
    expect(Number(await total()) - before).toBe(7);
  });

  it('with exact decimals', async () => {
    const [exact, dave] = [await of.newMeter(), await of.newCustomer()];
    const small = Array.from({ length: 10 }, () => ({ meter: exact.id, customerId: dave.id, value: '0.1' }));
    await of.report([...small, { meter: exact.id, customerId: dave.id, value: '123456789012345' }]);
    await of.report([{ meter: exact.id, customerId: dave.id, value: '0.000000000001' }]);
    expect(await total(dave.id, exact)).toBe('123456789012346.000000000001');
  });

  it('what each kind of meter takes', async () => {
    const [count, unique] = [await of.newMeter('COUNT'), await of.newMeter('UNIQUE_COUNT')];
    const at = (meter: { id: string }, fields: object) => ({ meter: meter.id, customerId: ada.id, ...fields });
    expect(await of.report([at(count, {}), at(count, { value: 1 }), at(count, { value: '1.0' })])).toEqual(
      Array(3).fill('RECORDED'),
    );
    expect(await of.report(['a', 'b', 'a'].map((uniqueValue) => at(unique, { uniqueValue })))).toEqual(
      Array(3).fill('RECORDED'),
    );
    expect([await total(ada.id, count), await total(ada.id, unique)]).toEqual(['3', '2']);
    expect(
      await of.report([
        at(count, { value: '2' }),
        at(unique, { value: '1' }),
        at(unique, {}),
        at(unique, { uniqueValue: '' }),
        at(unique, { uniqueValue: 'nul \0' }),
        at(calls, {}),
        at(calls, { value: '1', uniqueValue: 'a' }),
      ]),
    ).toEqual([
      'VALUE_NOT_TAKEN',
      'VALUE_NOT_TAKEN',
      'VALUE_MISSING',
      'VALUE_TOO_LARGE',
      'VALUE_TOO_LARGE',
      'VALUE_MISSING',
      'VALUE_NOT_TAKEN',
    ]);
  });
});

describe('rejects an event of a batch', () => {
  it.each([
    ['UNKNOWN_METER', { meter: 'nothing' }],
    ['UNKNOWN_METER', { meter: 'nul \0' }],
    ['UNKNOWN_METER', { meter: 'met_00000000000000000000000000' }],
    ['UNKNOWN_CUSTOMER', { customerId: 'pc_00000000000000000000000000' }],
    ['UNKNOWN_CUSTOMER', { customerId: null }],
    ['UNKNOWN_CUSTOMER', { externalId: 'usage_1' }],
    ['UNKNOWN_CUSTOMER', { customerId: null, externalId: 'half \ud800' }],
    ['VALUE_NEGATIVE', { value: '-1' }],
    ['VALUE_NEGATIVE', { value: -0.0 - 1 }],
    ['VALUE_NOT_A_NUMBER', { value: 'NaN' }],
    ['VALUE_NOT_A_NUMBER', { value: 'Infinity' }],
    ['VALUE_NOT_A_NUMBER', { value: '1e3' }],
    ['VALUE_NOT_A_NUMBER', { value: '' }],
    ['VALUE_NOT_A_NUMBER', { value: '0x10' }],
    ['VALUE_NOT_A_NUMBER', { value: '1.' }],
    ['VALUE_NOT_A_NUMBER', { value: '.5' }],
    ['VALUE_TOO_PRECISE', { value: '0.0000000000001' }],
    ['VALUE_TOO_PRECISE', { value: '1234567890.1234567' }],
    ['VALUE_TOO_PRECISE', { value: '0.1234567890123' }],
    ['VALUE_TOO_PRECISE', { value: '1000.000000000001' }],
    ['VALUE_TOO_LARGE', { value: '1000000000000000' }],
    ['VALUE_TOO_LARGE', { value: '1234567890123456.5' }],
    ['VALUE_TOO_LARGE', { value: '9'.repeat(60) }],
    ['TIMESTAMP_TOO_OLD', { timestamp: ago(35 * day + minute) }],
    ['TIMESTAMP_IN_FUTURE', { timestamp: ago(-6 * minute) }],
    ['IDENTIFIER_INVALID', { identifier: '' }],
    ['IDENTIFIER_INVALID', { identifier: 'x'.repeat(101) }],
    ['IDENTIFIER_INVALID', { identifier: 'nul \0' }],
  ])('%s: %j', async (code, fields) => {
    expect(await of.report([event(fields), event()])).toEqual([code, 'RECORDED']);
  });

  it('takes what is at the edge', async () => {
    const edges = [
      { value: '999999999999999' },
      { value: '0.000000000001' },
      { value: '+001.500' },
      { value: '-0' },
      { timestamp: ago(35 * day - minute) },
      { timestamp: ago(-4 * minute) },
      { identifier: 'x'.repeat(100) },
    ];
    expect(await of.report(edges.map(event))).toEqual(Array(edges.length).fill('RECORDED'));
  });

  it('for an archived meter and a deleted customer', async () => {
    const [archived, gone] = [await of.newMeter(), await of.newCustomer()];
    await of.archiveMeter({ meterId: archived.id });
    const document = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { __typename } }';
    await ask(billgraph, tenant.apiKey, document, { input: { customerId: gone.id } });
    const events = [event({ meter: archived.eventName }), event({ customerId: gone.id })];
    expect(await of.report(events)).toEqual(['ARCHIVED_METER', 'UNKNOWN_CUSTOMER']);
  });

  it('for what belongs to another project', async () => {
    const other = usageOf(billgraph, await createTenant(billgraph));
    const [meter, customer] = [await other.newMeter(), await other.newCustomer()];
    const events = [event({ meter: meter.id }), event({ customerId: customer.id })];
    expect(await of.report(events)).toEqual(['UNKNOWN_METER', 'UNKNOWN_CUSTOMER']);
    // An identifier is a project's: the same one is another event there.
    await of.report([event({ identifier: 'shared' })]);
    const theirs = { meter: meter.id, customerId: customer.id, value: '9', identifier: 'shared' };
    expect(await other.report([theirs])).toEqual(['RECORDED']);
  });

  it.each([
    ['value', { value: '4' }],
    ['meter', { meter: 'second' }],
    ['customer', { customerId: 'bob' }],
    ['timestamp', { timestamp: ago(3 * minute) }],
  ])('IDENTIFIER_REUSED with another %s', async (what, fields) => {
    const second = await of.newMeter();
    const identifier = `reused ${what}`;
    const first = event({ identifier, value: '3', timestamp: ago(2 * minute) });
    const other = {
      ...first,
      ...fields,
      ...('meter' in fields && { meter: second.id }),
      ...('customerId' in fields && { customerId: bob.id }),
    };
    expect(await of.report([first, other])).toEqual(['RECORDED', 'IDENTIFIER_REUSED']);
    expect(await of.report([other, first])).toEqual(['IDENTIFIER_REUSED', 'DUPLICATE']);
  });
});

describe('records none of a batch with a rejected event', () => {
  it.each([
    ['at first sight', { meter: 'nothing' }],
    ['by its identifier', { identifier: 'taken', value: '2' }],
  ])('where that is asked for: found %s', async (name, wrong) => {
    await of.report([event({ identifier: 'taken' })]);
    const before = await total();
    const batch = [event({ identifier: `none ${name}` }), event(wrong), event({ identifier: 'taken' })];
    const code = 'meter' in wrong ? 'UNKNOWN_METER' : 'IDENTIFIER_REUSED';
    expect(await of.report(batch, { onRejection: 'RECORD_NONE' })).toEqual(['BATCH_REJECTED', code, 'DUPLICATE']);
    expect([await total(), await eventsOf('none')]).toEqual([before, []]);
    expect(await of.report([batch[0]!], { onRejection: 'RECORD_NONE' })).toEqual(['RECORDED']);
    await of.voidUsage({ event: { identifier: `none ${name}` }, reason: 'a test' });
    await asOwner(
      billgraph.databaseUrl,
      `update usage_event set identifier = 'done ${name}' where identifier = 'none ${name}'`,
    );
  });
});

describe('refuses', () => {
  it.each([0, 1_001])('a batch of %i, whole', async (length) => {
    const before = await total();
    expect(refusalsOf(await of.reportUsage({ events: Array(length).fill(event()) }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'events' },
    ]);
    expect(await total()).toBe(before);
  });

  it('a value that JSON has rounded, since it may be another one', async () => {
    for (const value of [0.1, 1e21, true, 'x'.repeat(101)])
      expect(refusalsOf(await of.reportUsage({ events: [event({ value })] }))).toMatchObject([
        { code: 'BAD_USER_INPUT' },
      ]);
  });
});

describe('at once', () => {
  it('takes batches of the same customers and hours in any order, and counts each event once', async () => {
    const [meter, users] = [await of.newMeter(), await of.newMeter('UNIQUE_COUNT')];
    const customers = await Promise.all(Array.from({ length: 6 }, () => of.newCustomer()));
    const batch = customers.flatMap(({ id: customerId }, at) => [
      { meter: meter.id, customerId, value: '1', identifier: `storm ${at}`, timestamp: ago(at * 60 * minute) },
      {
        meter: users.id,
        customerId,
        uniqueValue: `u${at}`,
        identifier: `users ${at}`,
        timestamp: ago(at * 60 * minute),
      },
      { meter: meter.id, customerId, value: '2', timestamp: ago((5 - at) * 60 * minute) },
    ]);
    const orders = Array.from({ length: 8 }, (_, turn) => [...batch.slice(turn), ...batch.slice(0, turn)]);
    const answers = await Promise.all(orders.map((order, turn) => of.report(turn % 2 ? order : order.toReversed())));
    expect(answers.flat().filter((one) => one === 'RECORDED')).toHaveLength(12 + 8 * 6);
    expect(answers.flat().filter((one) => one === 'DUPLICATE')).toHaveLength(7 * 12);
    for (const { id } of customers) {
      const range = { from: ago(day), to: ago(-minute) };
      const [sum, unique] = await Promise.all(
        [meter, users].map(
          async (one) => (await of.usage({ customer: { id }, meter: { id: one.id }, range })).data.usage.value,
        ),
      );
      expect([sum, unique]).toEqual(['17', '1']);
    }
  });

  it('runs as many statements for a thousand events as for two', async () => {
    await billgraph.sandbox.idle();
    const { query } = pg.Client.prototype;
    let sent = 0;
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      if (/usage|meter|customer|audit/.test(JSON.stringify(args[0]))) sent++;
      return (query as (...args: unknown[]) => unknown).apply(this, args);
    } as typeof query;
    /** The least of three: presence and the usage of keys are written now and then. */
    const statementsOf = async (length: number) => {
      const counts: number[] = [];
      for (let n = 0; n < 3; n++) {
        const before = sent;
        const events = Array.from({ length }, (_, at) => event({ customerId: at % 2 ? ada.id : bob.id }));
        expect(new Set(await of.report(events))).toEqual(new Set(['RECORDED']));
        counts.push(sent - before);
      }
      return Math.min(...counts);
    };
    try {
      const few = await statementsOf(2);
      expect(await statementsOf(1_000)).toBe(few);
      expect(few).toBeGreaterThan(3);
    } finally {
      pg.Client.prototype.query = query;
    }
  });
});

describe('is not allowed', () => {
  it('without a credential, the scope, or with a customer token', async () => {
    const input = { events: [event()] };
    expect(refusalsOf(await of.reportUsage(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['usage:read', 'meters:write'] });
    expect(refusalsOf(await of.reportUsage(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
