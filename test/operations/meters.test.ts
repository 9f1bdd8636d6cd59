import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave, silence } from '../rig/faults.ts';
import { ask, refusalsOf } from '../rig/graph.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let of: UsageOf;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  of = usageOf(billgraph, tenant);
  await silence(tenant);
});
afterAll(() => billgraph.close());

const inStripe = (meter: { stripeMeterId: string }) => tenant.stripe.billing.meters.retrieve(meter.stripeMeterId);
const idsOf = async (query: string) =>
  (await ask(billgraph, tenant.apiKey, query)).data.meters.nodes.map(({ id }: { id: string }) => id);

describe('createMeter answers', () => {
  it.each([
    ['SUM', 'sum'],
    ['COUNT', 'sum'],
    ['MAX', 'last'],
    ['LAST', 'last'],
    ['UNIQUE_COUNT', 'last'],
  ])('the meter, here and in Stripe: %s is a meter of the %s there', async (aggregation, formula) => {
    const eventName = `made_${aggregation.toLowerCase()}`;
    const meter = await of.newMeter(aggregation, { eventName, displayName: ' Calls ', unit: 'calls' });
    expect(meter).toMatchObject({
      id: expect.stringMatching(/^met_/),
      displayName: 'Calls',
      unit: 'calls',
      aggregation,
      archivedAt: null,
    });
    expect(await inStripe(meter)).toMatchObject({
      event_name: eventName,
      display_name: 'Calls',
      default_aggregation: { formula },
      status: 'active',
    });
    const found = '{ meter(by: { eventName: "%" }) { id } }'.replace('%', eventName);
    expect((await ask(billgraph, tenant.apiKey, found)).data.meter.id).toBe(meter.id);
  });

  it("the same meter where Stripe's answer was lost, and nobody sees it before", async () => {
    await misbehave(tenant, { kind: 'connection_lost_after', only: 'POST /v1/billing/meters', next: 10 });
    const input = { eventName: 'lost', displayName: 'Lost', aggregation: 'SUM', idempotencyKey: 'lost' };
    const lost = await of.createMeter(input);
    expect(lost.errors).toMatchObject([{ extensions: { code: 'STRIPE_ERROR', retryable: true } }]);
    const found = '{ meter(by: { eventName: "lost" }) { id } }';
    expect((await ask(billgraph, tenant.apiKey, found)).data.meter).toBeNull();
    await behave(tenant);
    const { data } = await of.createMeter(input);
    const all = (await tenant.stripe.billing.meters.list()).data.filter(({ event_name }) => event_name === 'lost');
    expect(all).toMatchObject([{ id: data.createMeter.meter.stripeMeterId }]);
  });

  it('two projects of a team a meter each of one name, which Stripe tells apart', async () => {
    const other = usageOf(billgraph, await createTenant(billgraph, { teamId: tenant.teamId }));
    const [first, second] = [
      await of.newMeter('SUM', { eventName: 'of_both' }),
      await other.newMeter('SUM', { eventName: 'of_both' }),
    ];
    const names = await Promise.all([first, second].map(async (one) => (await inStripe(one)).event_name));
    expect(new Set(names).size).toBe(2);
    expect([first.eventName, second.eventName]).toEqual(['of_both', 'of_both']);
  });

  it('one that Stripe has already, with its name and the names in its payload', async () => {
    const made = await tenant.stripe.billing.meters.create({
      display_name: 'From the dashboard',
      event_name: 'Dashboard-Meter',
      default_aggregation: { formula: 'last' },
      customer_mapping: { type: 'by_id', event_payload_key: 'who' },
    });
    const input = { eventName: 'taken_in', aggregation: 'MAX', stripeMeterId: made.id };
    expect((await of.createMeter({ ...input, aggregation: 'SUM' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: 'aggregation' } },
    ]);
    const { data } = await of.createMeter(input);
    expect(data.createMeter.meter).toMatchObject({ displayName: 'From the dashboard', stripeMeterId: made.id });
    expect(refusalsOf(await of.createMeter({ ...input, eventName: 'taken_again' }))).toEqual([
      { code: 'CONFLICT', field: 'stripeMeterId' },
    ]);
  });

  it('one that Stripe has already, by a name that Stripe has from then on', async () => {
    const made = await tenant.stripe.billing.meters.create({
      display_name: 'Before',
      event_name: 'renamed_when_taken_in',
      default_aggregation: { formula: 'sum' },
    });
    const meter = await of.newMeter('SUM', { stripeMeterId: made.id, displayName: 'After' });
    expect(meter).toMatchObject({ displayName: 'After' });
    expect(await inStripe(meter)).toMatchObject({ display_name: 'After' });
  });
});

describe('createMeter refuses', () => {
  it.each([
    [{ eventName: '' }, 'eventName'],
    [{ eventName: 'Calls' }, 'eventName'],
    [{ eventName: '1_call' }, 'eventName'],
    [{ eventName: 'x'.repeat(81) }, 'eventName'],
    [{ eventName: 'nul\0' }, 'eventName'],
    [{ eventName: 'met_00000000000000000000000000' }, 'eventName'],
    [{ displayName: ' ' }, 'displayName'],
    [{ displayName: null }, 'displayName'],
    [{ displayName: 'x'.repeat(251) }, 'displayName'],
    [{ unit: 'x'.repeat(31) }, 'unit'],
    [{ stripeMeterId: 'prod_1' }, 'stripeMeterId'],
  ])('%j', async (fields, field) => {
    const input = { eventName: 'fine', displayName: 'Fine', aggregation: 'SUM', ...fields };
    expect(refusalsOf(await of.createMeter(input))).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  });

  it('a name that the project has, also where that one is archived, and one that Stripe has', async () => {
    const first = await of.newMeter('SUM', { eventName: 'twice' });
    await of.archiveMeter({ meterId: first.id });
    const again = { eventName: 'twice', displayName: 'Again', aggregation: 'SUM' };
    expect(refusalsOf(await of.createMeter(again))).toEqual([{ code: 'CONFLICT', field: 'eventName' }]);
    const alone = await createTenant(billgraph);
    await alone.stripe.billing.meters.create({
      display_name: 'Elsewhere',
      event_name: 'elsewhere',
      default_aggregation: { formula: 'sum' },
    });
    const taken = { eventName: 'elsewhere', displayName: 'Mine', aggregation: 'SUM' };
    const { createMeter } = usageOf(billgraph, alone);
    expect(refusalsOf(await createMeter(taken))).toEqual([{ code: 'CONFLICT', field: 'eventName' }]);
    // What was refused left no name taken.
    expect((await createMeter({ ...taken, eventName: 'other' })).errors).toBeUndefined();
  });

  it('a meter that Stripe does not have', async () => {
    const input = { eventName: 'of_nothing', aggregation: 'SUM', stripeMeterId: 'mtr_test_nothing' };
    expect(refusalsOf(await of.createMeter(input))).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

describe('a meter', () => {
  it('changes its name in Stripe too, and its unit here', async () => {
    const { id, stripeMeterId } = await of.newMeter();
    const renamed = await of.updateMeter({ meterId: id, displayName: 'New', unit: 'GB' });
    expect(renamed.data.updateMeter.meter).toMatchObject({ displayName: 'New', unit: 'GB' });
    expect(await inStripe({ stripeMeterId })).toMatchObject({ display_name: 'New' });
    const without = await of.updateMeter({ meterId: id, unit: null });
    expect(without.data.updateMeter.meter).toMatchObject({ displayName: 'New', unit: null });
    expect(refusalsOf(await of.updateMeter({ meterId: id, displayName: null }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'displayName' },
    ]);
  });

  it('is archived and taken up again, here and in Stripe, each once', async () => {
    const meter = await of.newMeter();
    const meterId = meter.id;
    const { data } = await of.archiveMeter({ meterId });
    expect(data.archiveMeter.meter.archivedAt).not.toBeNull();
    expect(await inStripe(meter)).toMatchObject({ status: 'inactive' });
    expect(refusalsOf(await of.archiveMeter({ meterId }))).toEqual([{ code: 'CONFLICT', field: 'meterId' }]);
    const archived = await idsOf('{ meters(filter: { archived: true }) { nodes { id } } }');
    const active = await idsOf('{ meters(first: 100) { nodes { id } } }');
    expect([archived.includes(meterId), active.includes(meterId)]).toEqual([true, false]);
    const again = await of.reactivateMeter({ meterId });
    expect(again.data.reactivateMeter.meter.archivedAt).toBeNull();
    expect(await inStripe(meter)).toMatchObject({ status: 'active' });
    expect(refusalsOf(await of.reactivateMeter({ meterId }))).toEqual([{ code: 'CONFLICT', field: 'meterId' }]);
  });

  it('is NOT_FOUND by an id that is nobody’s or is none', async () => {
    for (const meterId of ['met_00000000000000000000000000', 'nul \0'])
      for (const mutate of [of.updateMeter, of.archiveMeter, of.reactivateMeter])
        expect(refusalsOf(await mutate({ meterId }))).toEqual([{ code: 'NOT_FOUND', field: 'meterId' }]);
  });
});

describe('is not allowed', () => {
  it('without a credential, or the scope', async () => {
    const input = { eventName: 'nobodys', displayName: 'X', aggregation: 'SUM' };
    expect(refusalsOf(await of.createMeter(input, null))).toEqual([{ code: 'UNAUTHENTICATED' }]);
    const reader = await tenant.newApiKey({ scopes: ['meters:read'] });
    expect(refusalsOf(await of.createMeter(input, reader))).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
