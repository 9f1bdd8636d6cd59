import { writeSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { behave, misbehave } from '../rig/faults.ts';
import { ask } from '../rig/graph.ts';
import { type Referrals, referralsOf } from '../rig/referrals.ts';
import { rewardsOf } from '../rig/rewards.ts';
import { createRandom } from '../storm/random.ts';
import { earnedOf, type History, liveAHistory, someTerms } from './a-history.ts';

/**
 * Random histories of referrals, with webhooks that come twice and in any order, a Stripe that fails, and transactions that fail after Stripe
 * has answered. In the end the ledger is what Stripe has, and both are what the money that was kept has earned.
 * `RUNS=10000 SEED=1 npx vitest run test/referrals/histories.test.ts` runs as many.
 */

const runs = Number(process.env.RUNS ?? 6);
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
/** So many histories are lived at once. */
const together = 40;
let billgraph: Billgraph;
let tenant: TestTenant;
let referrals: Referrals;
let rig: ReturnType<typeof rewardsOf>;
beforeAll(async () => {
  billgraph = await startBillgraph();
  // What Stripe has answered is lost with the transaction that writes it down: each third time, and each seventh statement of the ledger's: more than a referral ever needs at once.
  await rewardsOf(billgraph, {} as TestTenant).sql(`
    create sequence crashes;
    grant usage on sequence crashes to public;
    create function crash() returns trigger language plpgsql as $$ begin
      if nextval('crashes') % tg_argv[0]::int = 0 then raise exception 'A crash of the test.'; end if;
      return new;
    end $$;
    create trigger crash before update on referral_payout for each row when (new.state = 'DONE') execute function crash(3);
    create trigger crash before insert on ledger_entry for each statement execute function crash(7)`);
});
afterAll(() => billgraph.close());

/** At once: what is printed otherwise is shown when the test has ended. */
const say = (text: string) => writeSync(2, `${text}\n`);
const told = { histories: 0, rewards: 0, credited: 0, clawedBack: 0, asked: 0, retried: 0 };

it(`${runs} histories end with a ledger that is what Stripe has, with SEED=${seed}`, {
  timeout: 120_000 + runs * 10_000,
}, async () => {
  const began = performance.now();
  for (let first = 0; first < runs; first += together) {
    // An account for a while: Stripe's lists of one that has seen everything are long.
    if (first % 240 === 0) {
      tenant = await createTenant(billgraph);
      referrals = referralsOf(billgraph, tenant);
      rig = rewardsOf(billgraph, tenant);
    }
    await liveThrough(first, Math.min(together, runs - first));
    const seconds = Math.round((performance.now() - began) / 1000);
    if (runs > together) say(`${first + together} of ${runs}, SEED=${seed}, ${seconds} s`);
  }
  say(`SEED=${seed} ${JSON.stringify(told)}`);
  expect(told.histories).toBe(runs);
});

async function liveThrough(first: number, count: number): Promise<void> {
  const random = createRandom(seed + first * 7_919);
  const terms = someTerms(random);
  await referrals.configure({ enabled: true, currency: 'USD', cap: null, ...terms });
  const referrers = await Promise.all(Array.from({ length: 3 }, () => referrals.newCustomer()));
  const codes = await Promise.all(referrers.map((referrer) => referrals.newCode(referrer)));
  const asking = 'POST /v1/customers/*/balance_transactions';
  for (const fault of [
    { kind: 'webhook_shuffle', milliseconds: 400, probability: 0.5, seed: `${seed}` },
    { kind: 'webhook_duplicate', probability: 0.2 },
    { kind: 'connection_lost_after', probability: 0.15, only: asking },
    { kind: 'rate_limit', probability: 0.1, only: asking },
    { kind: 'unavailable', probability: 0.1, only: asking },
    { kind: 'server_error', probability: 0.05, only: asking },
  ])
    await misbehave(tenant, fault);
  const histories = await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const which = random.below(referrers.length);
      const own = createRandom(seed + (first + n) * 104_729 + 1);
      return liveAHistory(
        { tenant, referrals, random: own },
        { referrer: referrers[which]!, code: codes[which]!, terms },
      );
    }),
  );
  for (const { referralId } of histories) await referrals.hasten(referralId);
  // Not until all is settled: what failed waits, and is overtaken.
  await billgraph.sandbox.idle();
  await billgraph.app.worker!.idle();
  await Promise.all(
    histories.map(async ({ later }) => {
      for (const step of later) await step();
    }),
  );
  await behave(tenant);
  await endAll(histories);
  await check(histories);
}

/**
 * Holds are over, and so is the day after which Stripe is asked what became of what nobody knows. What was tried before is tried at once;
 * no webhook was given up, and no lane.
 */
async function endAll(histories: History[]): Promise<void> {
  const ids = histories.map(({ referralId }) => referralId);
  const open = `select status as is, referral_id as of from referral_reward where referral_id = any($1) and status = 'HELD'
    union all select state, reward_id from referral_payout where state in ('PENDING', 'ASKED')
    union all select state, event from sandbox.delivery where state <> 'delivered'
    union all select coalesce(last_error, 'to do'), key from lane where key like 'stripe/%' or key like 'referral%'`;
  for (let tries = 0; tries < 20; tries++) {
    for (const id of ids) await referrals.hasten(id);
    await rig.sql(
      `update sandbox.delivery set due = now() where state = 'pending' and attempts > 0 and claimed_until is null`,
    );
    await rig.sql(`update lane set run_at = now() where attempts > 0 and owner is null and run_at < 'infinity'`);
    await rig.aDayLater();
    if (!(await rig.sql(open, [ids])).length) return;
  }
  expect(await rig.sql(open, [ids])).toEqual([]);
}

async function check(histories: History[]): Promise<void> {
  const of = histories.map(({ referralId, terms }) => `${referralId} ${JSON.stringify(terms)}`).join('\n');
  const unbalanced = `select transaction_id from ledger_entry group by transaction_id, currency having sum(amount) <> 0`;
  expect(await rig.sql(unbalanced)).toEqual([]);
  const ids = histories.map(({ referralId }) => referralId);
  const applied = await rig.sql(
    'select id, extract(epoch from applied_at)::float8 as at from referral where id = any($1)',
    [ids],
  );
  const appliedAt = new Map(applied.map(({ id, at }) => [id, at]));
  const earned = new Map<string, number>();
  const people = new Map(histories.flatMap(({ referrer, referee }) => [referrer, referee]).map((one) => [one.id, one]));
  for (const history of histories) {
    const sums = await earnedOf({ tenant }, { ...history, appliedAt: appliedAt.get(history.referralId)! });
    for (const [who, sum] of [
      [history.referrer, sums.referrer],
      [history.referee, sums.referee],
    ] as const)
      earned.set(who.id, (earned.get(who.id) ?? 0) + sum);
  }
  for (const { id, stripeCustomerId } of people.values()) {
    const [ledger, stripe] = [await rig.held(id), await rig.inStripe(stripeCustomerId)];
    const found = { ledger, stripe };
    const expected = { ledger: earned.get(id), stripe: earned.get(id) };
    if (!isDeepStrictEqual(found, expected)) say(`${id} ${of}\n${JSON.stringify(await traceOf(ids))}`);
    expect({ id, ...found }).toEqual({ id, ...expected });
    await eachOnce(id, stripeCustomerId);
  }
  const { data } = await ask(
    billgraph,
    tenant.apiKey,
    `{ referralBalances { credited { amount } clawedBack { amount } failedCredit { amount } failedClawback { amount } inStripe { amount } waiting { amount } } }`,
  );
  for (const balance of data.referralBalances) {
    const sum = (name: string) => Number(balance[name].amount);
    expect([sum('failedCredit'), sum('failedClawback'), sum('waiting')]).toEqual([0, 0, 0]);
    expect(sum('credited') - sum('clawedBack')).toBe(sum('inStripe'));
  }
  const [counts] = await rig.sql(
    `select count(*)::int as rewards, count(credited_at)::int as credited, count(*) filter (where status = 'CLAWED_BACK')::int as "clawedBack"
     from referral_reward where referral_id = any($1)`,
    [ids],
  );
  const [asked] = await rig.sql(
    `select count(*)::int as asked, count(*) filter (where idempotency_key <> p.id)::int as retried
     from referral_payout p join referral_reward r on r.id = p.reward_id where r.referral_id = any($1) and p.state = 'DONE'`,
    [ids],
  );
  told.histories += histories.length;
  for (const [name, count] of Object.entries({ ...counts, ...asked }))
    told[name as keyof typeof told] += count as number;
}

/** All that decided these referrals, as we have it. */
const traceOf = (ids: string[]) =>
  rig.sql(
    `select r.id, r.status, r.reason, r.applied_at, (select json_agg(w order by w.id) from referral_reward w where w.referral_id = r.id) as rewards,
       (select json_agg(json_build_object('id', i.id, 'stripe', i.stripe_invoice_id, 'status', i.status, 'paid', i.amount_paid, 'at', i.paid_at, 'updated', i.updated_at,
         'charges', (select json_agg(json_build_object('charge', c.stripe_charge_id, 'amount', c.amount, 'refunded', c.amount_refunded, 'updated', c.updated_at,
           'disputes', (select json_agg(json_build_object('status', d.status, 'amount', d.amount, 'updated', d.updated_at)) from dispute d where d.charge_id = c.id)))
           from payment p join charge c on c.payment_id = p.id where p.invoice_id = i.id)) order by i.id)
        from invoice i where i.customer_id = r.referee_id) as invoices
     from referral r where r.id = any($1)`,
    [ids],
  );

/** Stripe has each payout once, and none that the ledger has not. */
async function eachOnce(customerId: string, stripeCustomerId: string): Promise<void> {
  const inStripe: string[] = [];
  for await (const { id, metadata } of tenant.stripe.customers.listBalanceTransactions(stripeCustomerId, {
    limit: 100,
  }))
    if (metadata?.billgraph_payout) inStripe.push(`${metadata.billgraph_payout} ${id}`);
  const done = await rig.sql(
    `select id || ' ' || stripe_balance_transaction_id as one from referral_payout where customer_id = $1 and state = 'DONE'`,
    [customerId],
  );
  expect(inStripe.toSorted()).toEqual(done.map(({ one }) => one).toSorted());
  const twice = `select reward_id from ledger_entry where kind in ('CREDIT', 'CLAWBACK') and customer_id = $1 group by reward_id, kind having count(*) > 1`;
  expect(await rig.sql(twice, [customerId])).toEqual([]);
}
