import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask } from '../rig/graph.ts';
import { usageOf } from '../rig/usage.ts';
import { createRandom } from '../storm/random.ts';

const calls = Number(process.env.CALLS ?? 500);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
/** Small ones, that are reached soon, and as many customers as it takes to go on. */
const limits = ['3', '4.25', '12'];
const customersOf = (calls: number) => Math.ceil(calls / 50);
const callers = 16;

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph({ worker: false });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

/** CALLS=10000 npx vitest run test/usage/reservations-storm.test.ts is the whole of it. */
it(`never passes a limit, whatever is reserved, committed and released at once (SEED=${seed})`, {
  timeout: 30_000 + calls * 50,
}, async () => {
  const random = createRandom(seed);
  const usage = usageOf(billgraph, tenant);
  const { newFeature, made } = featuresOf(billgraph, tenant);
  const meter = await usage.newMeter('SUM');
  await newFeature('calls', { type: 'LIMIT', meter: meter.id });
  const customers: string[] = [];
  for (let n = 0; n < customersOf(calls); n++) {
    const limit = limits[n % limits.length];
    const { id } = await usage.newCustomer();
    await made('grantFeature', { customerId: id, feature: 'calls', limit, reason: 'a storm' });
    customers.push(id);
  }
  const held: string[] = [];
  const counts: Record<string, number> = {};
  let left = calls;
  let watching = true;

  const mutate = async (name: string, input: object) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { reservation { id } } }`;
    const { data, errors } = await ask(billgraph, tenant.apiKey, document, { input });
    const code = errors?.[0]?.extensions?.code ?? 'done';
    counts[`${name} ${code}`] = (counts[`${name} ${code}`] ?? 0) + 1;
    return data?.[name]?.reservation?.id as string | undefined;
  };
  const caller = async () => {
    while (left-- > 0) {
      const dice = random.next();
      if (dice < 0.5 || !held.length) {
        const customerId = random.pick(customers);
        const amount = String((1 + random.below(8)) / 4);
        const id = await mutate('reserveUsage', {
          customerId,
          feature: 'calls',
          amount,
          ttl: random.chance(0.3) ? 1 : 60,
        });
        if (id) held.push(id);
      } else {
        const at = random.below(held.length);
        // Some stay in the list, to be committed or released again, at the same time too.
        const reservationId = random.chance(0.8) ? held.splice(at, 1)[0]! : held[at]!;
        // Most is released, so that it goes on.
        if (dice < 0.6) await mutate('commitUsage', { reservationId, ...(random.chance(0.5) && { amount: '0.25' }) });
        else await mutate('releaseUsage', { reservationId });
      }
    }
  };
  const beyond = `select customer_id, used, held, limit_value from entitlement where used + held > limit_value`;
  const watcher = async () => {
    for (; watching; counts.looks = (counts.looks ?? 0) + 1) {
      expect(await asOwner(billgraph.databaseUrl, beyond)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const began = performance.now();
  const watched = watcher();
  await Promise.all([...Array(callers)].map(caller));
  watching = false;
  await watched;
  const seconds = (performance.now() - began) / 1_000;

  const facts = await asOwner(
    billgraph.databaseUrl,
    `select count(*) filter (where r.status = 'COMMITTED')::int as committed, count(e.id)::int as events,
       count(*) filter (where r.status = 'COMMITTED' and e.value > r.amount)::int as "more than held",
       count(*) filter (where r.status = 'HELD' and r.expires_at <= now())::int as expired
     from usage_reservation r left join usage_event e on e.identifier = r.id and e.voided_at is null`,
  );
  const [of] = facts;
  expect(of.events).toBe(of.committed);
  expect(of['more than held']).toBe(0);
  expect(counts['commitUsage done']).toBeGreaterThan(0);
  expect(counts['reserveUsage LIMIT_REACHED']).toBeGreaterThan(0);
  expect(Object.keys(counts).filter((name) => !/done|LIMIT_REACHED|CONFLICT|BAD_USER_INPUT|looks/.test(name))).toEqual(
    [],
  );
  process.stdout.write(
    `reservations: ${JSON.stringify({ calls, ...counts, ...of, 'calls a second': Math.round(calls / seconds) })}, seed ${seed}\n`,
  );
});
