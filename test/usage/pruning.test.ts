import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/ids.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { forwardingPruningLane } from '../../src/usage/forwarding/prune-forwarding.ts';
import { thresholdPruningLane } from '../../src/usage/thresholds/prune-thresholds.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { featuresOf } from '../rig/features.ts';
import { ago, forwardingOf } from '../rig/forwarding.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let rig: ReturnType<typeof forwardingOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  rig = forwardingOf(billgraph, tenant);
});
afterAll(() => billgraph.close());

const minute = 60_000;

/** What the clock does each night. */
async function prune() {
  await wakeLanes(billgraph.app.orm.em.fork(), [forwardingPruningLane, thresholdPruningLane]);
  await billgraph.settled();
}

/** As if all of it had been sent so many days ago. */
const age = ({ id }: { id: string }, days: number) =>
  rig.sql(
    `update usage_forwarding set id = 'ufw_00' || substr(id, 7), created_at = now() - $2 * interval '1 day',
       counted_at = case when state = 'COUNTED' then now() - $2 * interval '1 day' end where customer_id = $1`,
    [id, days],
  );

it('what was done more than ninety days ago goes, and nothing else', async () => {
  const cases = {
    'old and counted': `state = 'COUNTED', counted_at = now() - interval '91 days'`,
    'old and dropped': `state = 'DROPPED', counted_at = null`,
    'old, and counted lately': `state = 'COUNTED', counted_at = now() - interval '89 days'`,
    'old and failed': `state = 'FAILED', counted_at = null, failure_code = 'archived_meter'`,
    'old, and counted in a minute in doubt': `state = 'COUNTED', counted_at = now() - interval '91 days', stripe_at = to_timestamp(90000000)`,
    'old, and nobody knows': `state = 'FAILED', counted_at = null, stripe_at = to_timestamp(90000001), asked_at = now() - interval '91 days'`,
  };
  const one = await rig.someone();
  const names = Object.keys(cases);
  await one.uses(...names.map((identifier, n) => ({ value: '1', identifier, timestamp: ago((n + 2) * minute) })));
  await billgraph.settled();
  await age(one.customer, 91);
  for (const [name, set] of Object.entries(cases))
    await rig.sql(
      `update usage_forwarding f set ${set} from usage_event e where e.id = f.usage_event_id and e.identifier = $1`,
      [name],
    );
  await prune();
  const left = await rig.sql(
    `select e.identifier from usage_forwarding f join usage_event e on e.id = f.usage_event_id where f.customer_id = $1`,
    [one.customer.id],
  );
  expect(left.map(({ identifier }) => identifier).sort()).toEqual(names.slice(2).sort());
  // The events themselves stay, and say nothing of it any more.
  const shown = await rig.forwardings(one.customer);
  expect(shown.map(({ forwarding }: { forwarding: { status: string } | null }) => forwarding?.status)).toEqual([
    undefined,
    undefined,
    'FORWARDED',
    'FAILED',
    'FORWARDED',
    'FAILED',
  ]);
});

it.each([
  ['SUM', [{ value: '5' }, { value: '8' }], 5],
  ['MAX', [{ value: '5' }, { value: '8' }], 5],
])('an event of %s whose row has gone is taken back all the same', async (aggregation, values, total) => {
  const one = await rig.someone(aggregation);
  const ids = await one.uses(...values.map((value, n) => ({ ...value, timestamp: ago((3 - n) * minute) })));
  await billgraph.settled();
  await age(one.customer, 91);
  await prune();
  expect(await one.states()).toEqual([]);
  await rig.voidUsage({ event: { id: ids[1] }, reason: 'a test' });
  await billgraph.settled();
  expect(await one.states()).toEqual(['COUNTED']);
  expect(await one.total()).toBe(total);
  expect((await rig.forwardings(one.customer))[1]).toMatchObject({
    forwarding: null,
    withdrawal: { status: 'FORWARDED' },
  });
});

it('where Stripe counts events, and takes none back so late, it is seen as a failure', async () => {
  const { id: stripeMeterId } = await tenant.stripe.billing.meters.create({
    display_name: 'Counted',
    event_name: 'counted_there',
    default_aggregation: { formula: 'count' },
  });
  const one = await rig.someone('COUNT', { stripeMeterId, eventName: 'counted_there' });
  const [event] = await one.uses({ timestamp: ago(minute) });
  await billgraph.settled();
  await age(one.customer, 91);
  await prune();
  await rig.voidUsage({ event: { id: event }, reason: 'a test' });
  await billgraph.settled();
  expect(await one.total()).toBe(1);
  expect(await rig.forwardings(one.customer)).toMatchObject([
    { forwarding: null, withdrawal: { status: 'FAILED', error: { code: expect.stringMatching(/./) } } },
  ]);
});

it('thresholds of periods long past go; those of the last one stay, so that nothing is told twice', async () => {
  const { newFeature } = featuresOf(billgraph, tenant);
  const one = await rig.someone();
  const feature = await newFeature('calls', { type: 'LIMIT', meter: one.meter.id });
  const other = await newFeature('more_calls', { type: 'LIMIT', meter: one.meter.id });
  const tell = (featureId: string, threshold: number, monthsAgo: number) =>
    rig.sql(
      `insert into usage_threshold (customer_id, feature_id, period_start, threshold, project_id, environment, created_at)
       select id, $2, now() - $4 * interval '1 month', $3, project_id, environment, now() - $4 * interval '1 month' from customer where id = $1`,
      [one.customer.id, featureId, threshold, monthsAgo],
    );
  for (const monthsAgo of [1, 2, 5, 6]) await tell(feature.id, 80, monthsAgo);
  await tell(other.id, 80, 30);
  await tell(other.id, 100, 40);
  await prune();
  const left = await rig.sql(
    `select feature_id, (extract(epoch from now() - period_start) / 86400 / 30)::int as ago from usage_threshold where customer_id = $1`,
    [one.customer.id],
  );
  expect(left.map(({ feature_id, ago }) => [feature_id, ago]).sort()).toEqual(
    [
      [feature.id, 1],
      [feature.id, 2],
      [other.id, expect.toSatisfy((months) => months >= 29 && months <= 31)],
    ].sort(),
  );
});

it('goes on until all is gone', async () => {
  const one = await rig.someone();
  const [event] = await one.uses({ value: '1', timestamp: ago(minute) });
  await billgraph.settled();
  const count = 1_100;
  const ids = Array.from({ length: count }, () => [newId('ue'), newId('ufw')] as const);
  await rig.sql(
    `insert into usage_event select (json_populate_record(e, json_build_object('id', n.id, 'identifier', n.id))).*
     from usage_event e, unnest($2::text[]) as n(id) where e.id = $1`,
    [event, ids.map(([id]) => id)],
  );
  await rig.sql(
    `insert into usage_forwarding
     select (json_populate_record(f, json_build_object('id', n.id, 'usage_event_id', n.event))).*
     from usage_forwarding f, unnest($2::text[], $3::text[]) as n(event, id) where f.usage_event_id = $1`,
    [event, ids.map(([id]) => id), ids.map(([, id]) => id)],
  );
  await age(one.customer, 91);
  await prune();
  expect(await one.states()).toEqual([]);
});
