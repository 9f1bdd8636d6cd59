import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { misbehave } from '../rig/faults.ts';
import { minus, naiveWorth, none, plus, type Ratio, shown } from './naive-oracle.ts';
import { bear, createDice, type Life, liveOn, type Shelf, stock } from './random-lives.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
/** How many lives, and how many deeds in each. */
const lives = Number(process.env.RUNS ?? 4);
const deeds = Number(process.env.DEEDS ?? 8);

let billgraph: Billgraph;
let tenant: TestTenant;
let shelf: Shelf;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  shelf = await stock(tenant);
  await misbehave(tenant, { kind: 'webhook_shuffle', milliseconds: 60, seed: `${seed}` });
  await misbehave(tenant, { kind: 'webhook_duplicate', probability: 0.2, seed: `${seed}` });
});
afterAll(() => billgraph.close());

type Row = { stripe_id: string; status: string; currency: string; mrr: [string, string]; trial: [string, string] };
type Step = { now: number; sums: Map<string, Ratio> };

it(`whatever becomes of subscriptions, revenue is what Stripe's objects come to, and movements add up to it (SEED=${seed} RUNS=${lives})`, {
  timeout: 60_000 + 20_000 * lives,
}, async () => {
  const dice = createDice(seed);
  const born: { life: Life; steps: Step[] }[] = [];
  for (let n = 0; n < lives; n++) born.push({ life: await bear(tenant), steps: [] });
  for (let n = 0; n < deeds; n++) {
    for (const { life } of born) await liveOn(tenant, shelf, life, dice);
    await billgraph.settled();
    for (const { life, steps } of born) steps.push(await check(life));
  }
  let movements = 0;
  for (const { life, steps } of born) movements += await addUp(life, steps);
  expect(movements).toBeGreaterThan(lives);
  if (process.env.TOLD) process.stdout.write(`${born.flatMap(({ life }) => life.told).join('\n')}\n`);
  process.stdout.write(`SEED=${seed}: ${lives} lives of ${deeds} deeds, ${movements} movements\n`);
});

/** What our rows say of subscriptions, in their order. */
async function rowsOf(subscriptions: string[]): Promise<object[]> {
  const rows = await asOwner<Row>(
    billgraph.databaseUrl,
    `select s.stripe_subscription_id as stripe_id, r.status, r.currency, array[r.mrr_numerator, r.mrr_denominator]::text[] as mrr,
       array[r.trial_numerator, r.trial_denominator]::text[] as trial
     from subscription s left join subscription_revenue r on r.subscription_id = s.id where s.stripe_subscription_id = any($1)`,
    [subscriptions],
  );
  return subscriptions.flatMap((stripe_id) => {
    const row = rows.find((row) => row.stripe_id === stripe_id);
    return row ? { ...row, mrr: row.mrr.join('/'), trial: row.trial.join('/') } : [];
  });
}

/** Each row is what Stripe's objects come to now. */
async function check({ customer: id, clock, subscriptions, told }: Life): Promise<Step> {
  const { stripe } = tenant;
  const { frozen_time: now } = await stripe.testHelpers.testClocks.retrieve(clock);
  const coupons = ['applies_to', 'currency_options'];
  const ofCustomer = coupons.map((part) => `discount.source.coupon.${part}`);
  const customer = (await stripe.customers.retrieve(id, { expand: ofCustomer })) as Stripe.Customer;
  const sums = new Map<string, Ratio>();
  const expected: object[] = [];
  for (const stripe_id of subscriptions) {
    const expand = coupons.map((part) => `discounts.source.coupon.${part}`);
    const object = await stripe.subscriptions.retrieve(stripe_id, { expand });
    const { mrr, trial } = naiveWorth(object, customer, shelf.prices, now);
    const currency = object.currency.toUpperCase();
    sums.set(currency, plus(sums.get(currency) ?? none, mrr));
    const status = object.status.toUpperCase();
    expected.push({ stripe_id, status, currency, mrr: shown(mrr), trial: shown(trial) });
  }
  expect(await rowsOf(subscriptions), `SEED=${seed}\n${told.join('\n')}`).toEqual(expected);
  return { now, sums };
}

type Movement = { currency: string; change: [string, string]; at: number; type: string | null; ordinal: number };

/** Between any two instants, the movements come to the difference of what was found then. @returns how many there are. */
async function addUp({ subscriptions, told }: Life, steps: Step[]): Promise<number> {
  const movements = await asOwner<Movement>(
    billgraph.databaseUrl,
    `select m.currency, array[numerator, denominator]::text[] as change, extract(epoch from occurred_at)::float8 as at, type, ordinal
     from revenue_movement m join subscription s on s.id = m.subscription_id where s.stripe_subscription_id = any($1)
     order by subscription_id, ordinal`,
    [subscriptions],
  );
  // Of several deeds at one instant, the last one counts.
  const instants = [...new Map(steps.map((step) => [step.now, step])).values()];
  for (const currency of ['USD', 'EUR'])
    for (const [index, from] of [{ now: 0, sums: new Map<string, Ratio>() }, ...instants].entries())
      for (const to of instants.slice(index)) {
        const between = movements.filter(({ at, ...of }) => of.currency === currency && at > from.now && at <= to.now);
        const sum = between.reduce((sum, { change: [n, d] }) => plus(sum, [BigInt(n), BigInt(d)]), none);
        const difference = minus(to.sums.get(currency) ?? none, from.sums.get(currency) ?? none);
        const about = `SEED=${seed} ${currency} from ${from.now} to ${to.now}\n${told.join('\n')}`;
        expect(shown(sum), about).toBe(shown(difference));
      }
  return movements.length;
}
