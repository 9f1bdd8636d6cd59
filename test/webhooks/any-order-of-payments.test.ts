import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveMany, untilWorked } from './any-order.rig.ts';
import { eventsOf } from './billing-events.rig.ts';
import { anEvent, deliver, type Event, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCharge, aDeclinedPayment, aDispute, aFailedCharge, aPayment } from './payment-objects.ts';
import { aCustomer } from './stripe-objects.ts';

/**
 * A payment lives in Stripe: attempts fail, one succeeds, some of it is refunded, and its charge is disputed; often several
 * of these in one second. Deliveries come in any order, doubled, some in an older version. Whatever happens, the rows end as
 * Stripe's objects did, and no fact is told twice, or of what never was.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.RUNS ?? 1_000);

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
  const metadata = { billgraph_project_id: connection.projectIds[0] };
  ingestion.stripe.objects.set('cus_1', aCustomer('cus_1', { metadata }));
});
afterAll(() => ingestion.close());

const life = fc.record({
  /** Seconds before each step; 0: in the same second as the one before. */
  pauses: fc.infiniteStream(fc.nat(2)),
  failures: fc.nat(2),
  refunds: fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
  dispute: fc.constantFrom(
    null,
    ['needs_response'],
    ['needs_response', 'won'],
    ['needs_response', 'under_review', 'lost'],
  ),
  /** Which deliveries go out before the life is over, and after which step. */
  early: fc.array(fc.record({ event: fc.nat(), after: fc.nat(9), settle: fc.boolean() }), { maxLength: 10 }),
  order: fc.infiniteStream(fc.nat()),
  isOld: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
});

let lives = 0;

async function live({
  pauses,
  failures,
  refunds,
  dispute,
  early,
  order,
  isOld,
}: typeof life extends fc.Arbitrary<infer Value> ? Value : never) {
  const { stripe } = ingestion;
  const n = lives++;
  const [pi, ch, du] = [`pi_${n}`, `ch_${n}`, `du_${n}`];
  const events: { event: Event; sent: boolean }[] = [];
  let now = stripe.now;
  const ids = [pi, ch, du, ...Array.from({ length: failures }, (_, attempt) => `ch_${n}_failed_${attempt}`)];

  const happen = async (type: string, object: { id: string; object: string }) => {
    now += next(pauses);
    for (const id of ids) stripe.clocks.set(id, now);
    stripe.objects.set(object.id, object);
    const version = next(isOld) === 0 ? { api_version: '2023-08-16' } : {};
    const step = events.push({ event: anEvent(type, object, { created: now, ...version }), sent: false });
    for (const { event, after, settle } of early) {
      if (after !== step) continue;
      const chosen = events[event % events.length]!;
      chosen.sent = true;
      await deliver(ingestion, connection, chosen.event);
      if (settle) await untilWorked(ingestion, ids);
    }
  };

  for (let attempt = 0; attempt < failures; attempt++) {
    const failed = `ch_${n}_failed_${attempt}`;
    stripe.objects.set(pi, aDeclinedPayment(pi, failed));
    await happen('charge.failed', aFailedCharge(failed, { payment_intent: pi }));
    await happen('payment_intent.payment_failed', aDeclinedPayment(pi, failed));
  }
  const charge = (fields: object) => aCharge(ch, { payment_intent: pi, ...fields });
  stripe.objects.set(ch, charge({}));
  await happen('payment_intent.succeeded', aPayment(pi, { latest_charge: ch }));
  await happen('charge.succeeded', charge({}));
  let refunded = 0;
  for (const amount of refunds) {
    refunded += amount;
    await happen('charge.refunded', charge({ amount_refunded: refunded }));
  }
  for (const status of dispute ?? []) {
    stripe.objects.set(ch, charge({ amount_refunded: refunded, disputed: true }));
    await happen(
      status === 'needs_response' ? 'charge.dispute.created' : 'charge.dispute.updated',
      aDispute(du, { charge: ch, payment_intent: pi, status }),
    );
  }

  const rest = events.filter(({ sent }) => !sent).map(({ event }) => ({ event, place: next(order) }));
  rest.sort((a, b) => a.place - b.place);
  await Promise.all(rest.map(({ event }) => deliver(ingestion, connection, event)));
  await untilWorked(ingestion, ids);
  return { pi, ch, du, failures, refunds, dispute, events: events.length };
}

function next(numbers: fc.Stream<number>): number {
  return numbers.next().value as number;
}

it(`ends as Stripe did, and tells each fact once (SEED=${seed} RUNS=${runs})`, { timeout: 600_000 }, async () => {
  let events = 0;
  await liveMany(life, { seed, runs }, async (one) => {
    const lived = await live(one);
    events += lived.events;
    await expectRows(lived);
    await expectFacts(lived);
  });
  process.stdout.write(`any order of payments: ${lives} lives, ${events} events, seed ${seed}\n`);
});

type Lived = Awaited<ReturnType<typeof live>>;

async function rowsOf({ pi, ch, du }: Lived) {
  const [row] = await ingestion.rows(
    `select p.id as payment, p.stripe_status as paid, p.last_error_attempt as failed, c.id as charge, c.amount_refunded::int as refunded,
       c.disputed, d.id as dispute, d.stripe_status as decided
     from payment p join charge c on c.payment_id = p.id left join dispute d on d.charge_id = c.id
     where p.stripe_payment_intent_id = $1 and c.stripe_charge_id = $2 and (d.id is null or d.stripe_dispute_id = $3)`,
    [pi, ch, du],
  );
  return row as Record<string, string>;
}

async function expectRows(lived: Lived) {
  expect(await rowsOf(lived)).toMatchObject({
    paid: 'succeeded',
    failed: null,
    refunded: sum(lived.refunds),
    disputed: lived.dispute !== null,
    decided: lived.dispute?.at(-1) ?? null,
  });
}

async function expectFacts(lived: Lived) {
  const { payment, charge, dispute } = await rowsOf(lived);
  const ofPayment = (await eventsOf(ingestion, payment!)).map(({ business_key }) => business_key);
  const attempts = Array.from(
    { length: lived.failures },
    (_, n) => `payment.failed/${payment}/${lived.ch}_failed_${n}`,
  );
  // None is lost, though the next attempt came before anybody looked; none is told twice, or that never was.
  expect(ofPayment.sort()).toEqual([...attempts, `payment.succeeded/${payment}`].sort());

  const refunds = await eventsOf(ingestion, charge!);
  const totals = lived.refunds.map((_, n) => sum(lived.refunds.slice(0, n + 1)));
  expect(totals.map((total) => `payment.refunded/${charge}/${total}`)).toEqual(
    expect.arrayContaining(refunds.map(({ business_key }) => business_key)),
  );
  // However many looks it took, they tell of all that was refunded.
  if (totals.length) expect(refunds.at(-1)!.business_key).toBe(`payment.refunded/${charge}/${totals.at(-1)}`);

  if (!dispute) return;
  const last = lived.dispute!.at(-1)!;
  const closed = ['won', 'lost'].includes(last) ? [`dispute.closed/${dispute}/${last.toUpperCase()}`] : [];
  const told = (await eventsOf(ingestion, dispute)).map(({ business_key }) => business_key);
  expect(told).toEqual([`dispute.created/${dispute}`, ...closed]);
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
