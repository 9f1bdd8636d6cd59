import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { type UsageOf, usageOf } from '../rig/usage.ts';
import { naiveBuckets, naiveUsage, type Remembered, unitsOf } from './naive-usage.ts';

/**
 * Usage is reported in batches, in any order of its times, some of it twice; some is voided, some replaced, in other hours too.
 * Whatever happens, each range comes to what its events come to one by one.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.ROUNDS ?? 8);
const kinds = ['SUM', 'COUNT', 'MAX', 'LAST', 'UNIQUE_COUNT'];

const hour = 3_600_000;
let billgraph: Billgraph;
let of: UsageOf;
const meters = new Map<string, { id: string }>();
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  of = usageOf(billgraph, await createTenant(billgraph));
  for (const kind of kinds) meters.set(kind, await of.newMeter(kind));
});
afterAll(() => billgraph.close());

/** Of three days: few hours, so that many events meet in one, and many on the edges. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 71 }), fc.constantFrom(0, 1, 30 * 60_000, hour - 1))
  .map(([hours, ms]) => hours * hour + ms);
const amount = fc.constantFrom('0', '1', '2.5', '0.000000000001', '99999.123456789', '7');
/** Each meter is told of it. */
const said = fc.record({ time, amount, user: fc.constantFrom('a', 'b', 'c') });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ report: fc.array(said, { minLength: 1, maxLength: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ again: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ void: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ replace: fc.nat(), by: said }) },
);
const story = fc.record({
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
  range: fc.tuple(time, time).filter(([from, to]) => from !== to),
  groupBy: fc.constantFrom('HOUR', 'DAY'),
});
type Said = typeof said extends fc.Arbitrary<infer Value> ? Value : never;

/** The days before today's midnight, so that days and hours are whole ones. */
const midnight = Date.now() - (Date.now() % (24 * hour)) - 72 * hour;

it(`comes to the same, whatever is reported and corrected in which order (SEED=${seed})`, {
  timeout: 600_000,
}, async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, range, groupBy }) => {
      const { id: customerId } = await of.newCustomer();
      const known: (Remembered & { input: object })[] = [];
      const inputOf = ({ time, amount, user }: Said, kind: string) => ({
        ...(kind === 'UNIQUE_COUNT' ? { uniqueValue: user } : kind === 'COUNT' ? {} : { value: amount }),
        timestamp: new Date(midnight + time).toISOString(),
      });
      const remember = (id: string, meter: string, one: Said, input: object) =>
        known.push({
          id,
          meter,
          occurredAt: midnight + one.time,
          value: unitsOf(one.amount),
          uniqueValue: one.user,
          voided: false,
          input,
        });
      const nth = (index: number) => {
        const counting = known.filter(({ voided }) => !voided);
        return counting[index % counting.length];
      };

      for (const one of steps) {
        if ('report' in one) {
          const told = one.report.flatMap((said) => kinds.map((kind) => ({ said, kind })));
          const events = told.map(({ said, kind }, at) => ({
            ...inputOf(said, kind),
            meter: meters.get(kind)!.id,
            customerId,
            identifier: `${customerId} ${known.length + at}`,
          }));
          const { data } = await of.reportUsage({ events });
          expect(data.reportUsage.recorded).toBe(events.length);
          for (const [at, { eventId }] of data.reportUsage.results.entries())
            remember(eventId, told[at]!.kind, told[at]!.said, events[at]!);
          continue;
        }
        if ('again' in one) {
          const events = known.filter(({ input }) => 'identifier' in input).map(({ input }) => input);
          if (events.length)
            expect(new Set(await of.report(events.slice(one.again % events.length) as never))).toEqual(
              new Set(['DUPLICATE']),
            );
          continue;
        }
        const event = nth('void' in one ? one.void : one.replace);
        if (!event) continue;
        event.voided = true;
        const named = { event: { id: event.id }, reason: 'A test' };
        if ('void' in one) expect((await of.voidUsage(named)).errors).toBeUndefined();
        else {
          const { data, errors } = await of.replaceUsage({ ...named, ...inputOf(one.by, event.meter) });
          expect(errors).toBeUndefined();
          remember(data.replaceUsage.event.id, event.meter, one.by, {});
        }
      }

      const [from, to] = range.map((time) => midnight + time).sort((a, b) => a - b) as [number, number];
      const length = groupBy === 'HOUR' ? hour : 24 * hour;
      const iso = (time: number) => new Date(time).toISOString();
      const inRange = { customer: { id: customerId }, groupBy, range: { from: iso(from), to: iso(to) } };
      const answers = await Promise.all(
        kinds.map((kind) => of.usage({ ...inRange, meter: { id: meters.get(kind)!.id } })),
      );
      for (const [at, kind] of kinds.entries()) {
        const events = known.filter(({ meter }) => meter === kind);
        const { value, events: count, buckets } = answers[at]!.data.usage;
        expect({ kind, value, events: count }).toEqual({ kind, ...naiveUsage(kind, events, from, to) });
        expect({ kind, buckets }).toEqual({ kind, buckets: naiveBuckets(kind, events, from, to, length) });
        asked += events.length;
      }
    }),
    { seed, numRuns: runs, endOnFailure: true },
  );
  // A test of nothing would pass as well.
  expect(asked).toBeGreaterThan(runs * 5);
});
