import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftOver, liveMany, liveThrough, type State, story } from './any-order.rig.ts';
import { eventsOf } from './billing-events.rig.ts';
import { type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, aLine, anInvoice, aPrice, aProduct, aSubscription, linesOf } from './stripe-objects.ts';

/**
 * An invoice lives in Stripe: a draft, open, some attempts that fail, and an end. However its events come, in whatever
 * shape, our row ends as Stripe's object did, and each fact of its life is recorded once: none is lost, none doubled, also where
 * Stripe's object was seen only at its end.
 */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.RUNS ?? 1_000);

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
  const { objects } = ingestion.stripe;
  objects.set('cus_1', aCustomer('cus_1', { metadata: { billgraph_project_id: connection.projectIds[0] } }));
  objects.set('prod_1', aProduct('prod_1'));
  objects.set('price_1', aPrice('price_1'));
  objects.set('sub_1', aSubscription('sub_1'));
});
afterAll(() => ingestion.close());

const course = fc.record({
  lines: fc.integer({ min: 1, max: 3 }),
  isDrafted: fc.boolean(),
  failures: fc.integer({ min: 0, max: 3 }),
  end: fc.constantFrom('open', 'paid', 'void', 'uncollectible', 'paid at last'),
});

type Course = typeof course extends fc.Arbitrary<infer Value> ? Value : never;

const start = 1_790_000_000;
const none = { finalized_at: null, paid_at: null, voided_at: null, marked_uncollectible_at: null };

/** The states of its life, and the facts that it amounts to. */
function statesOf(id: string, { lines, isDrafted, failures, end }: Course): { states: State[]; facts: string[] } {
  const states: State[] = [];
  const facts: string[] = [];
  let fields: Record<string, unknown> = {
    lines: linesOf(...Array.from({ length: lines }, (_, n) => aLine(`il_${id}_${n}`))),
  };
  const come = (type: string, change: Record<string, unknown>) => {
    const step = { metadata: { step: String(states.length) } };
    fields = { ...fields, ...change, ...step };
    states.push({ type: `invoice.${type}`, object: anInvoice(id, fields) });
  };
  let status_transitions: Record<string, number | null> = none;
  const passed = (milestone: string) => {
    status_transitions = { ...status_transitions, [milestone]: start + states.length };
    return { status_transitions };
  };
  if (isDrafted) come('created', { status: 'draft', number: null, status_transitions });
  come('finalized', { status: 'open', number: `ACME-${id}`, ...passed('finalized_at') });
  facts.push('invoice.finalized');
  for (let attempt = 1; attempt <= failures; attempt++) {
    come('payment_failed', { attempt_count: attempt, next_payment_attempt: start + attempt * 1_000 });
    facts.push(`invoice.payment_failed/${attempt}`);
  }
  if (end === 'void') come('voided', { status: 'void', ...passed('voided_at') });
  if (end === 'void') facts.push('invoice.voided');
  if (end === 'uncollectible' || end === 'paid at last') {
    come('marked_uncollectible', { status: 'uncollectible', ...passed('marked_uncollectible_at') });
    facts.push('invoice.marked_uncollectible');
  }
  if (end.startsWith('paid')) {
    const paid = { status: 'paid', amount_paid: 1500, amount_remaining: 0, next_payment_attempt: null };
    come('paid', { ...paid, ...passed('paid_at') });
    come('payment_succeeded', paid);
    facts.push('invoice.paid');
  }
  return { states, facts };
}

let lives = 0;

it(`ends as Stripe did, and tells each fact once (SEED=${seed} RUNS=${runs})`, { timeout: 600_000 }, async () => {
  let events = 0;
  let told = 0;
  await liveMany(fc.record({ course, story }), { seed, runs }, async ({ course, story }) => {
    const id = `in_${lives++}`;
    const { states, facts } = statesOf(id, course);
    const sent = await liveThrough(ingestion, connection, states, story);
    events += sent;
    const { id: ours, ...row } = await rowOf(id);
    const last = states.at(-1)!.object as unknown as ReturnType<typeof anInvoice>;
    expect(row).toEqual(expectedOf(last));
    const recorded = await eventsOf(ingestion, ours);
    told += recorded.length;
    expect(recorded.map(({ business_key }) => business_key.replace(`/${ours}`, '')).sort()).toEqual(facts.sort());
    const paid = recorded.find(({ type }) => type === 'invoice.paid');
    if (paid) expect(paid.after).toMatchObject({ status: 'PAID', amountPaid: { amount: '1500', currency: 'USD' } });
    expect(await leftOver(ingestion, connection, last)).toEqual({ undone: 0, lanes: 0, events: sent });
  });
  const fetches = ingestion.stripe.asked.filter((id) => id.startsWith('in_')).length;
  process.stdout.write(
    `any order of invoices: ${lives} lives, ${events} events, ${told} facts, ${fetches} fetches, seed ${seed}\n`,
  );
  expect(fetches).toBeLessThan(events);
});

const expectedOf = ({ status, number, amount_paid, attempt_count, metadata, status_transitions, lines }: any) => ({
  status: status.toUpperCase(),
  number,
  paid: String(amount_paid),
  attempt_count,
  metadata,
  times: Object.values(status_transitions).filter(Boolean).sort(),
  lines: lines.data.map(({ id }: { id: string }) => id),
  subscription: 'sub_1',
});

async function rowOf(id: string) {
  const [row] = await ingestion.rows<{ id: string; [column: string]: unknown }>(
    `select i.id, i.status, i.number, i.amount_paid as paid, i.attempt_count, i.metadata, stripe_subscription_id as subscription,
       array(select extract(epoch from at)::int from unnest(array[finalized_at, paid_at, voided_at, marked_uncollectible_at]) at
             where at is not null order by at) as times,
       array(select stripe_line_id from invoice_line where invoice_id = i.id order by id) as lines
     from invoice i join subscription s on s.id = i.subscription_id where stripe_invoice_id = $1`,
    [id],
  );
  return row!;
}
