import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { anEvent, deliver, type Event, type Ingestion, type TestConnection } from './ingestion.rig.ts';
import { asOf2023 } from './old-shapes.ts';

type StripeObject = { id: string; object: string; [field: string]: unknown };

/** What an object is after a change, and the event that tells of it. */
export type State = { type: string; object: StripeObject };

/** How a change comes about and is told. */
const telling = fc.record({
  /** 0: in the same second as the change before. */
  after: fc.integer({ min: 0, max: 2 }),
  version: fc.constantFrom('newest', '2023-08-16', '2031-01-01.future'),
});

const most = 8;

/** How the changes of an object are told: some before it has changed for the last time, some twice, in any order. */
export const story = fc.record({
  tellings: fc.array(telling, { minLength: most, maxLength: most }),
  /** Which event is delivered, and after how many changes at the earliest. */
  deliveries: fc.array(fc.record({ event: fc.nat(), notBefore: fc.nat(most), settle: fc.boolean() }), {
    maxLength: 14,
  }),
  order: fc.infiniteStream(fc.nat()),
  /** Hold back the fetch that would answer after this many changes. */
  holdAt: fc.option(fc.nat(most)),
  releaseAfter: fc.nat(most),
});

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** Lets an object live through its states in Stripe, at most eight, and Stripe tell of each. @returns how many events. */
export async function liveThrough(
  ingestion: Ingestion,
  connection: TestConnection,
  states: State[],
  { tellings, deliveries, order, holdAt, releaseAfter }: Story,
): Promise<number> {
  const { stripe } = ingestion;
  const events: { event: Event; sent: boolean }[] = [];
  const orders = order[Symbol.iterator]();
  let release: (() => void) | undefined;
  const { id } = states[0]!.object;
  let now = stripe.now;

  for (const [step, { type, object }] of states.entries()) {
    const { after, version } = tellings[step]!;
    now += after;
    stripe.clocks.set(id, now);
    stripe.objects.set(object.id, object);
    events.push({ event: eventOf(type, object, version, now), sent: false });

    if (holdAt === step) release = stripe.hold(object.id);
    for (const { event, notBefore, settle } of deliveries) {
      const chosen = events[event % events.length]!;
      if (notBefore !== step) continue;
      chosen.sent = true;
      await deliver(ingestion, connection, chosen.event);
      if (settle && !release) await untilWorked(ingestion, [id]);
    }
    if (holdAt !== null && step >= holdAt + releaseAfter) release?.();
  }
  // Stripe goes on until each event was taken, in whatever order.
  const rest = events.filter(({ sent }) => !sent).map(({ event }) => ({ event, place: orders.next().value as number }));
  rest.sort((a, b) => a.place - b.place);
  const last = rest.map(({ event }) => deliver(ingestion, connection, event));
  stripe.clocks.set(id, now + (states.length % 2));
  release?.();
  await Promise.all(last);
  await untilWorked(ingestion, [id]);
  return events.length;
}

/** Resolves when nothing is left to do for these objects. Others may go on. */
export async function untilWorked(ingestion: Ingestion, ids: string[]): Promise<void> {
  const left = `select from lane where split_part(key, '/', 4) = any($1) limit 1`;
  while ((await ingestion.rows(left, [ids])).length) await sleep(10);
}

/** So many lives go on at once: most of each is waiting. */
const atOnce = 10;

/** Lets as many lives be lived as are wanted, each in its own time, and each checked. */
export async function liveMany<Life>(
  life: fc.Arbitrary<Life>,
  { seed, runs }: { seed: number; runs: number },
  live: (life: Life) => Promise<void>,
): Promise<void> {
  const lives = fc.array(life, { minLength: atOnce, maxLength: atOnce });
  const property = fc.asyncProperty(lives, async (all) => {
    const ended = await Promise.allSettled(all.map(live));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  });
  await fc.assert(property, { seed, numRuns: Math.ceil(runs / atOnce), endOnFailure: true });
}

function eventOf(type: string, object: StripeObject, version: string, created: number): Event {
  if (version === 'newest') return anEvent(type, object, { created });
  const { id, object: kind, attempt_count } = object;
  const shown = version === '2023-08-16' ? asOf2023(object) : { id, object: kind, attempt_count, is: 'elsewhere' };
  return anEvent(type, shown, { created, api_version: version });
}

/** What is left of an object's events: all should be done, and its lane gone. */
export async function leftOver(ingestion: Ingestion, connection: TestConnection, { id, object }: StripeObject) {
  const [row] = await ingestion.rows(
    `select (select count(*)::int from inbound_event where lane_key = $1 and done_at is null) as undone,
       (select count(*)::int from inbound_event where lane_key = $1) as events,
       (select count(*)::int from lane where key = $1) as lanes`,
    [`stripe/${connection.id}/${object}/${id}`],
  );
  return row;
}
