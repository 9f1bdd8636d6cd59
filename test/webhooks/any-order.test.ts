import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftOver, liveMany, liveThrough, type State, story } from './any-order.rig.ts';
import { addUp, eventsOf } from './billing-events.rig.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer, anItem, aPrice, aProduct, aSubscription, itemsOf } from './stripe-objects.ts';

/**
 * A subscription lives in Stripe: it changes, sometimes twice in a second, and Stripe tells of each change. Deliveries come in
 * any order, doubled, some before the object has changed for the last time, some in older or unknown shapes; some fetches answer
 * late, with what was true when they were asked. Whatever happens, our row ends as Stripe's object did, and on its way it
 * never goes back to what was before. Each change is recorded once, and the changes add up to the row.
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
  for (const id of ['price_1', 'price_2', 'price_3']) objects.set(id, aPrice(id));
  await ingestion.rows(`create table history (at serial, stripe_id text, step int)`);
  await ingestion.rows(`create function remember() returns trigger language plpgsql as $$ begin
    insert into history (stripe_id, step) values (new.stripe_subscription_id, (new.metadata->>'step')::int);
    return new;
  end $$`);
  await ingestion.rows(
    'create trigger remember after insert or update on subscription for each row execute function remember()',
  );
  await deliver(ingestion, connection, anEvent('customer.created', objects.get('cus_1')!));
  await ingestion.worker.idle();
});
afterAll(() => ingestion.close());

const change = fc.record({
  status: fc.constantFrom('trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled'),
  quantity: fc.integer({ min: 1, max: 9 }),
  prices: fc.uniqueArray(fc.constantFrom('price_1', 'price_2', 'price_3'), { minLength: 1 }),
  cancelAtPeriodEnd: fc.boolean(),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function subscriptionStates(id: string, changes: Change[]): State[] {
  return changes.map(({ status, quantity, prices, cancelAtPeriodEnd }, step) => {
    const items = prices.map((price) =>
      anItem(`si_${id}_${price}`, price, { quantity, current_period_end: 1_800_000_000 + step }),
    );
    const metadata = { step: String(step) };
    const fields = { status, cancel_at_period_end: cancelAtPeriodEnd, items: itemsOf(...items), metadata };
    const type = step ? 'customer.subscription.updated' : 'customer.subscription.created';
    return { type, object: aSubscription(id, fields) };
  });
}

let lives = 0;

it(`ends as Stripe did, whatever the order (SEED=${seed} RUNS=${runs})`, { timeout: 600_000 }, async () => {
  let events = 0;
  const asked = ingestion.stripe.asked.length;
  const life = fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 6 }), story });
  await liveMany(life, { seed, runs }, async ({ changes, story }) => {
    const id = `sub_${lives++}`;
    const states = subscriptionStates(id, changes);
    const told = await liveThrough(ingestion, connection, states, story);
    events += told;
    expect(await rowOf(id)).toEqual(expectedOf(id));
    const steps = await stepsOf(id);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    await expectEachChangeOnce(id);
    expect(await leftOver(ingestion, connection, states[0]!.object)).toEqual({ undone: 0, lanes: 0, events: told });
  });
  const fetches = ingestion.stripe.asked.slice(asked).filter((id) => id.startsWith('sub_')).length;
  process.stdout.write(`any order: ${lives} lives, ${events} events, ${fetches} fetches, seed ${seed}\n`);
  expect(fetches).toBeLessThan(events);
});

function expectedOf(id: string) {
  const object = ingestion.stripe.objects.get(id) as unknown as ReturnType<typeof aSubscription>;
  const items = (object.items as { data: ReturnType<typeof anItem>[] }).data;
  return {
    stripe_status: object.status,
    cancel_at_period_end: object.cancel_at_period_end,
    quantity: items[0]!.quantity,
    price: items[0]!.price.id,
    ends: items[0]!.current_period_end,
    items: items.map((item) => `${item.id} ${item.price.id} ${item.quantity}`).sort(),
  };
}

async function rowOf(id: string) {
  const [row] = await ingestion.rows(
    `select stripe_status, cancel_at_period_end, s.quantity, p.stripe_price_id as price,
       extract(epoch from s.current_period_end)::int as ends,
       array(select i.stripe_subscription_item_id || ' ' || ip.stripe_price_id || ' ' || i.quantity
             from subscription_item i join price ip on ip.id = i.price_id
             where i.subscription_id = s.id order by 1) as items
     from subscription s join price p on p.id = s.price_id where stripe_subscription_id = $1`,
    [id],
  );
  return row;
}

async function expectEachChangeOnce(id: string) {
  const [row] = await ingestion.rows<{ id: string; revision: number; status: string; metadata: object; items: number }>(
    `select id, revision, status, metadata, (select count(*)::int from subscription_item where subscription_id = s.id) as items
     from subscription s where stripe_subscription_id = $1`,
    [id],
  );
  const { id: ours, revision, status, metadata } = row!;
  const events = await eventsOf(ingestion, ours);
  const isEnd = ({ type }: { type: string }) => type === 'subscription.ended';
  expect(events.filter((event) => !isEnd(event)).map(({ business_key }) => business_key)).toEqual(
    Array.from({ length: revision }, (_, n) =>
      n ? `subscription.updated/${ours}/${n + 1}` : `subscription.created/${ours}`,
    ),
  );
  const sum = addUp(events.filter((event) => !isEnd(event)));
  expect({ status: sum.status, metadata: sum.metadata }).toEqual({ status, metadata });
  expect(sum.items).toHaveLength(row!.items);
  const ended = events.filter(isEnd).length;
  expect(ended).toBeLessThanOrEqual(1);
  if (status === 'CANCELED') expect(ended).toBe(1);
}

async function stepsOf(id: string) {
  const rows = await ingestion.rows<{ step: number }>('select step from history where stripe_id = $1 order by at', [
    id,
  ]);
  return rows.map(({ step }) => step);
}
