import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ago, forwardingOf } from '../rig/forwarding.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** Stripe fails, refuses, or is away: what is recorded is counted there once, or is seen not to be. */

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());
afterEach(() => behave(tenant));

const minute = 60_000;
/** A busy machine takes its time. */
const patience = { timeout: 15_000 };
const only = 'POST /v1/billing/meter_events';
type One = Awaited<ReturnType<typeof rig.someone>>;
/** Lanes that wait after a failure come at once, however often it is asked. */
const afterAnotherTry = (one: One) => async () => {
  await rig.sql(`update lane set run_at = now() where key like 'forward-usage/%' and owner is null`);
  return one.states();
};
const failuresOf = async ({ id }: { id: string }) =>
  (await rig.health()).failures.nodes.filter(({ meterId }: { meterId: string }) => meterId === id);

describe('faults of Stripe', () => {
  it.each([
    ['connection_lost_after', 3],
    ['server_error', 3],
    ['rate_limit', 1],
  ])('%s: counted once', async (kind, next) => {
    const one = await rig.someone();
    // Of faults, more than the SDK tries again by itself; after a limit, the pace rests a second.
    await misbehave(tenant, { kind, next, only });
    await one.uses({ value: '5', timestamp: ago(minute) }, { value: '6', timestamp: ago(2 * minute) });
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED', 'COUNTED']);
    expect(await one.total()).toBe(11);
  });

  it('what waits is told, and by the doctor after a minute', async () => {
    const one = await rig.someone();
    await misbehave(tenant, { kind: 'unavailable', only });
    await one.uses({ value: '5', timestamp: ago(minute) });
    await expect.poll(one.states, patience).toEqual(['ASKED']);
    await rig.sql(`update usage_forwarding set created_at = now() - interval '2 minutes' where customer_id = $1`, [
      one.customer.id,
    ]);
    expect(await rig.health()).toMatchObject({ pending: 1, lagSeconds: expect.toSatisfy((lag) => lag >= 120) });
    const doctor = async () => {
      const { data } = await ask(billgraph, tenant.apiKey, '{ doctor { findings { check ok message } } }');
      return data.doctor.findings.find(({ check }: { check: string }) => check === 'USAGE');
    };
    expect(await doctor()).toMatchObject({ ok: false, message: expect.stringMatching(/1 wait for Stripe's meters/) });
    await behave(tenant);
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED']);
    expect(await rig.health()).toMatchObject({ pending: 0, lagSeconds: 0, oldestPendingAt: null });
    expect(await doctor()).toMatchObject({ ok: true });
  });
});

describe('Stripe was away for longer than it remembers identifiers', () => {
  /** Asked, and the answer lost, so long ago. */
  async function inDoubt(kind: string, ofOthers?: string) {
    const one = await rig.someone();
    await one.uses({ value: '3', timestamp: ago(5 * minute) });
    await billgraph.settled();
    const [{ at }] = await one.rows('extract(epoch from stripe_at)::int as at');
    const payload = { stripe_customer_id: one.customer.stripeCustomerId, value: ofOthers ?? '' };
    const [{ name }] = await rig.sql('select stripe_event_name as name from meter where id = $1', [one.meter.id]);
    if (ofOthers) await tenant.stripe.billing.meterEvents.create({ event_name: name, payload, timestamp: at });
    await misbehave(tenant, { kind, only });
    await one.uses({ value: '5', timestamp: new Date(at * 1000).toISOString() });
    await expect.poll(one.states, patience).toEqual(['COUNTED', 'ASKED']);
    await rig.sql(`update usage_forwarding set asked_at = now() - interval '24 hours' where customer_id = $1`, [
      one.customer.id,
    ]);
    return one;
  }

  // No event is taken while it is found out: only what Stripe has summed up can tell.
  it('it was counted, and is not sent again', async () => {
    const one = await inDoubt('connection_lost_after');
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED', 'COUNTED']);
    await behave(tenant);
    expect(await one.total()).toBe(8);
  });

  it('it was not counted, and is sent', async () => {
    const one = await inDoubt('connection_lost_before');
    const asked = async () => {
      await afterAnotherTry(one)();
      const [, { recently }] = await one.rows(`asked_at > now() - interval '1 hour' as recently`);
      return recently;
    };
    await expect.poll(asked, patience).toBe(true);
    await behave(tenant);
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED', 'COUNTED']);
    expect(await one.total()).toBe(8);
  });

  it('and somebody else reports to the meter: people decide', async () => {
    const one = await inDoubt('connection_lost_before', '1');
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED', 'FAILED']);
    await behave(tenant);
    expect(await failuresOf(one.meter)).toMatchObject([{ code: 'unknown_whether_counted', value: '5' }]);
    expect((await rig.resend({ meterId: one.meter.id })).data).toEqual({ resendUsage: { resent: 1 } });
    await billgraph.settled();
    expect(await one.total()).toBe(9);
  });
});

describe('what Stripe refuses', () => {
  /** Usage of a meter that is archived in Stripe, and here not yet. */
  async function refused() {
    const one = await rig.someone();
    await tenant.stripe.billing.meters.deactivate(one.meter.stripeMeterId);
    await billgraph.settled();
    await rig.sql('update meter set archived_at = null where id = $1', [one.meter.id]);
    const [event] = await one.uses({ value: '5', timestamp: ago(minute) });
    await billgraph.settled();
    expect(await one.states()).toEqual(['FAILED']);
    return { one, event: event! };
  }

  it('is seen, with the reason, and sent again', async () => {
    const { one, event } = await refused();
    expect(await failuresOf(one.meter)).toMatchObject([
      { usageEventId: event, customerId: one.customer.id, code: 'archived_meter', value: '5', isCorrection: false },
    ]);
    // Too early: it is refused again.
    expect((await rig.resend({ usageEventIds: [event] })).data).toEqual({ resendUsage: { resent: 1 } });
    await billgraph.settled();
    expect(await one.states()).toEqual(['FAILED']);
    await tenant.stripe.billing.meters.reactivate(one.meter.stripeMeterId);
    await billgraph.settled();
    expect(await one.states()).toEqual(['COUNTED']);
    expect(await one.total()).toBe(5);
    expect((await rig.resend({ usageEventIds: [event] })).data).toEqual({ resendUsage: { resent: 0 } });
  });

  it('is not sent, nor taken back, once it is voided', async () => {
    const { one, event } = await refused();
    await rig.voidUsage({ event: { id: event }, reason: 'a test' });
    await tenant.stripe.billing.meters.reactivate(one.meter.stripeMeterId);
    await billgraph.settled();
    expect(await one.states()).toEqual(['DROPPED']);
    expect(await one.total()).toBe(0);
  });

  it('afterwards, by a report: it is seen, and so is the report', async () => {
    const one = await rig.someone();
    await tenant.stripe.customers.del(one.customer.stripeCustomerId);
    await billgraph.settled();
    await rig.sql('update customer set deleted_at = null where id = $1', [one.customer.id]);
    const [event] = await one.uses({ value: '5', timestamp: ago(minute) });
    await expect.poll(one.states, patience).toEqual(['FAILED']);
    const code = 'meter_event_customer_not_found';
    const [failure] = await failuresOf(one.meter);
    expect(failure).toMatchObject({ usageEventId: event, code });
    const document = `{ meterErrors(first: 100) { nodes { id stripeMeterId summary errorCount windowStart windowEnd createdAt
      reasons { code errorCount samples { message identifier } } } } }`;
    const { data } = await ask(billgraph, tenant.apiKey, document);
    expect(data.meterErrors.nodes).toMatchObject([
      {
        id: expect.stringMatching(/^mer_/),
        stripeMeterId: one.meter.stripeMeterId,
        errorCount: 1,
        reasons: [{ code, errorCount: 1, samples: [{ identifier: failure.stripeIdentifier }] }],
      },
    ]);
    const other = await createTenant(billgraph, { teamId: tenant.teamId });
    expect((await ask(billgraph, other.apiKey, document)).data.meterErrors.nodes).toEqual([]);
  });
});

describe('each event shows its way to Stripe', () => {
  it('waiting, forwarded, and what takes it back once it is voided', async () => {
    const one = await rig.someone();
    const waiting = { status: 'WAITING', forwardedAt: null, error: null };
    const forwarded = { status: 'FORWARDED', forwardedAt: expect.any(String), error: null };
    await misbehave(tenant, { kind: 'unavailable', only });
    const [event] = await one.uses({ value: '5', timestamp: ago(minute) });
    await expect.poll(one.states, patience).toEqual(['ASKED']);
    expect(await rig.forwardings(one.customer)).toMatchObject([{ forwarding: waiting, withdrawal: null }]);
    await behave(tenant);
    await expect.poll(afterAnotherTry(one), patience).toEqual(['COUNTED']);
    expect(await rig.forwardings(one.customer)).toMatchObject([{ forwarding: forwarded, withdrawal: null }]);
    await rig.voidUsage({ event: { id: event }, reason: 'a test' });
    await billgraph.settled();
    const [{ forwarding, withdrawal }] = await rig.forwardings(one.customer);
    expect([forwarding, withdrawal]).toMatchObject([forwarded, forwarded]);
    expect(withdrawal.stripeIdentifier).not.toBe(forwarding.stripeIdentifier);
  });

  it('refused, with the reason, until it is sent again or dropped', async () => {
    const one = await rig.someone();
    const other = await rig.someone();
    const events: string[] = [];
    for (const { meter, uses } of [one, other]) {
      await tenant.stripe.billing.meters.deactivate(meter.stripeMeterId);
      await billgraph.settled();
      await rig.sql('update meter set archived_at = null where id = $1', [meter.id]);
      events.push(...(await uses({ value: '5', timestamp: ago(minute) })));
    }
    await billgraph.settled();
    const failed = {
      forwarding: {
        status: 'FAILED',
        forwardedAt: null,
        error: { code: 'archived_meter', message: expect.stringMatching(/./) },
      },
      withdrawal: null,
    };
    for (const { customer } of [one, other]) expect(await rig.forwardings(customer)).toMatchObject([failed]);
    await rig.voidUsage({ event: { id: events[1] }, reason: 'a test' });
    await tenant.stripe.billing.meters.reactivate(one.meter.stripeMeterId);
    await billgraph.settled();
    expect(await rig.forwardings(one.customer)).toMatchObject([{ forwarding: { status: 'FORWARDED', error: null } }]);
    expect(await rig.forwardings(other.customer)).toMatchObject([
      { forwarding: { status: 'DROPPED', forwardedAt: null, error: null }, withdrawal: null },
    ]);
  });

  it('to whoever may read meters', async () => {
    const key = await tenant.newApiKey({ scopes: ['usage:read'] });
    const document = (field: string) => `{ usageEvents(first: 1) { nodes { ${field} { status } } } }`;
    for (const field of ['forwarding', 'withdrawal'])
      expect(refusalsOf(await ask(billgraph, key, document(field)))).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});

describe('resendUsage refuses', () => {
  it('both, neither, too many, and another tenant’s meter', async () => {
    const one = await rig.someone();
    const other = await createTenant(billgraph);
    for (const input of [
      {},
      { usageEventIds: [], meterId: one.meter.id },
      { usageEventIds: Array(1_001).fill('ue_1') },
    ])
      expect(refusalsOf(await rig.resend(input))).toEqual([{ code: 'BAD_USER_INPUT', field: 'usageEventIds' }]);
    for (const [id, key] of [['met_none', tenant.apiKey] as const, [one.meter.id, other.apiKey] as const])
      expect(refusalsOf(await rig.resend({ meterId: id }, key))).toEqual([{ code: 'NOT_FOUND', field: 'meterId' }]);
    expect((await rig.resend({ usageEventIds: ['ue_none', 'x'] })).data).toEqual({ resendUsage: { resent: 0 } });
  });

  it('whoever may not write usage', async () => {
    const key = await tenant.newApiKey({ scopes: ['meters:read', 'usage:read'] });
    expect(refusalsOf(await rig.resend({ usageEventIds: [] }, key))).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
