import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomOf } from '../reader/tenants.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ago, forwardingOf } from '../rig/forwarding.ts';

/** `ROUNDS=200` goes on for longer, and `SEED` says what is reported and voided; how it meets the forwarding is chance. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const rounds = Number(process.env.ROUNDS ?? 6);
const below = randomOf(seed);

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

/** A meter of Stripe's that counts events by itself, which is told to cancel what is voided. */
async function countingMeter() {
  const name = { display_name: 'Counted', event_name: 'counted_there' };
  const { id } = await tenant.stripe.billing.meters.create({ ...name, default_aggregation: { formula: 'count' } });
  return { stripeMeterId: id, eventName: 'counted_there' };
}

it(`Stripe comes to what we have, whatever is voided and replaced on its way, with SEED=${seed}, ROUNDS=${rounds}`, {
  timeout: 30_000 + rounds * 1_000,
}, async () => {
  const kinds: [string, object, () => object][] = [
    ['SUM', {}, () => ({ value: String(below(500) / 10) })],
    ['COUNT', await countingMeter(), () => ({})],
    ['MAX', {}, () => ({ value: String(below(50)) })],
    ['LAST', {}, () => ({ value: String(below(50)) })],
    ['UNIQUE_COUNT', {}, () => ({ uniqueValue: `user ${below(6)}` })],
  ];
  const users = await Promise.all(
    kinds.map(async ([aggregation, fields, value]) => ({
      aggregation,
      value,
      ids: [] as string[],
      ...(await rig.someone(aggregation, fields)),
    })),
  );
  await misbehave(tenant, { kind: 'unavailable', probability: 0.3, only: 'POST /v1/billing/meter_event*' });
  for (let round = 0; round < rounds; round++)
    await Promise.all(
      users.map(async ({ ids, value, uses }) => {
        const events = Array.from({ length: 1 + below(3) }, () => ({ ...value(), timestamp: ago(below(600) * 1_000) }));
        const [named, isVoided, other] = [below(ids.length + 1), below(2) === 0, value()];
        const event = { id: ids[named] ?? (await uses(events[0]!))[0]! };
        const reason = 'a test';
        const { data, errors } = await (isVoided
          ? rig.voidUsage({ event, reason })
          : rig.replaceUsage({ event, reason, ...other }));
        // It was voided in an earlier round.
        if (errors) expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
        else if (!isVoided) ids.push(data.replaceUsage.event.id);
        ids.push(...(await uses(...events)));
      }),
    );
  await behave(tenant);
  await rig.atOnce();
  for (const { aggregation, customer, meter, total, states } of users) {
    const range = { from: ago(86_400_000), to: ago(-600_000) };
    const usage = await rig.usage({ customer: { id: customer.id }, meter: { id: meter.id }, range });
    expect(await total(), aggregation).toBeCloseTo(Number(usage.data.usage.value), 6);
    expect((await states()).filter((state) => !['COUNTED', 'DROPPED'].includes(state))).toEqual([]);
  }
});
