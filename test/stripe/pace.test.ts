import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPace, type Pace } from '../../src/stripe/create-pace.ts';
import { pacedHttpClient } from '../../src/stripe/paced-http-client.ts';
import { sharedTurns } from '../../src/stripe/reserve-turns.ts';
import { createStripe } from '../../src/stripe/stripe-connections.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from '../webhooks/ingestion.rig.ts';
import { aCustomer } from '../webhooks/stripe-objects.ts';

const one = { id: 'conn_1', environment: 'TEST' as const };
const other = { id: 'conn_2', environment: 'TEST' as const };
const ofBoth = (perSecond: number) => ({ TEST: perSecond, LIVE: perSecond });

describe('a pace, by a clock that the test moves', () => {
  afterEach(() => void vi.useRealTimers());

  /** Turns that nobody else takes: one each gap, from now on. */
  function aPace(perSecond: number) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const ends = new Map<string, number>();
    let reservations = 0;
    const pace = createPace({
      async reserve({ connectionId, turns, perSecond }) {
        reservations += 1;
        const [now, gap] = [performance.now(), 1000 / perSecond];
        const begin = Math.max(now, ends.get(connectionId) ?? 0);
        ends.set(connectionId, begin + turns * gap);
        return { wait: begin - now, gap };
      },
      suspend: async () => {},
      readsPerSecond: ofBoth(perSecond),
    });
    return { pace, reservations: () => reservations };
  }

  it('gives each second its turns, in order, a tenth of a second in one reservation', async () => {
    const { pace, reservations } = aPace(100);
    const taken: { turn: number; at: number }[] = [];
    const begin = performance.now();
    for (let turn = 0; turn < 250; turn++)
      void pace.turn(one).then(() => taken.push({ turn, at: performance.now() - begin }));
    await vi.advanceTimersByTimeAsync(999);
    expect(taken).toHaveLength(100);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taken.map(({ turn }) => turn)).toEqual(Array.from({ length: 250 }, (_, turn) => turn));
    for (const { at } of taken) {
      const inItsSecond = taken.filter((turn) => turn.at >= at && turn.at < at + 999);
      expect(inItsSecond.length).toBeLessThanOrEqual(100);
    }
    expect(reservations()).toBeLessThanOrEqual(27);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not let one connection wait for another', async () => {
    const { pace } = aPace(5);
    const waiting = Array.from({ length: 50 }, () => pace.turn(one).catch(() => 'refused'));
    await vi.advanceTimersByTimeAsync(0);
    await pace.turn(other);
    pace.close();
    expect((await Promise.all(waiting)).filter((end) => end === 'refused')).toHaveLength(49);
  });

  it('refuses who waits when it is closed, and leaves no timer', async () => {
    const { pace } = aPace(1);
    await pace.turn(one);
    const waiting = pace.turn(one);
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBe(1);
    pace.close();
    await expect(waiting).rejects.toMatchObject({ name: 'TryLater' });
    await expect(pace.turn(one)).rejects.toMatchObject({ name: 'TryLater' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails who waits where no turns can be reserved, and goes on', async () => {
    let down = true;
    const pace = createPace({
      async reserve() {
        if (down) throw new Error('Connection terminated');
        return { wait: 0, gap: 1 };
      },
      suspend: async () => {},
      readsPerSecond: ofBoth(10),
    });
    const ends = await Promise.allSettled([pace.turn(one), pace.turn(one)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    down = false;
    await pace.turn(one);
  });

  it('puts work off beyond a second of turns, each to a later time, and nothing of other connections', async () => {
    const { pace } = aPace(10);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const underWay = Array.from({ length: 10 }, () => pace.soon(one, () => end));
    const refused = await Promise.allSettled(Array.from({ length: 5 }, () => pace.soon(one, () => end)));
    const waits = refused.map((outcome) => (outcome as { reason: { milliseconds: number } }).reason.milliseconds);
    expect(waits).toEqual([1_000, 1_100, 1_200, 1_300, 1_400].map((wait) => expect.closeTo(wait, 1)));
    expect(await pace.soon(other, async () => 'done')).toBe('done');
    resolve();
    await Promise.all(underWay);
    expect(await pace.soon(one, async () => 'done')).toBe('done');
  });
});

describe('with a PostgreSQL and a Stripe', () => {
  let ingestion: Ingestion;
  let limited: TestConnection;
  let stripe: Awaited<ReturnType<typeof startBusyStripe>>;
  const paces: Pace[] = [];
  beforeAll(async () => {
    ingestion = await startIngestion({ readsPerSecond: 10 });
    limited = await ingestion.newConnection();
    stripe = await startBusyStripe();
  });
  afterAll(async () => {
    for (const pace of paces) pace.close();
    await ingestion.close();
    stripe.close();
  });

  /** As another process has it. */
  function aPace(perSecond: number) {
    const pace = createPace({ ...sharedTurns(ingestion.orm.em), readsPerSecond: ofBoth(perSecond) });
    paces.push(pace);
    return pace;
  }

  it('two processes share the turns of a connection', async () => {
    const { id } = await ingestion.newConnection();
    const connection = { id, environment: 'TEST' as const };
    const processes = [aPace(50), aPace(50)];
    const begin = performance.now();
    await Promise.all(processes.flatMap((pace) => Array.from({ length: 25 }, () => pace.turn(connection))));
    // Five come at once: what nobody took in the tenth of a second before.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(((50 - 5 - 1) / 50) * 1000);
  });

  it('a 429 lets the background rest as long as Stripe says, and calls of others go on', async () => {
    const { id } = await ingestion.newConnection();
    const connection = { id, environment: 'TEST' as const };
    const paced = createStripe('sk_test_paced', stripe.url, pacedHttpClient(aPace(1_000), connection));
    const own = createStripe('sk_test_own', stripe.url);
    stripe.refuseNext(1, { 'retry-after': '2' });
    const order: string[] = [];
    const background = paced.customers.retrieve('cus_1').then(() => order.push('background'));
    await expect.poll(() => stripe.arrived).toHaveLength(1);
    await own.customers.create({}).then(() => order.push('mutation'));
    await background;
    expect(order).toEqual(['mutation', 'background']);
    const [refused, , answered] = stripe.arrived;
    expect(answered! - refused!).toBeGreaterThanOrEqual(1_900);
  });

  it('a Stripe that goes on answering 429 is asked four times, and then somebody else decides', async () => {
    const { id } = await ingestion.newConnection();
    const connection = { id, environment: 'TEST' as const };
    const paced = createStripe('sk_test_paced', stripe.url, pacedHttpClient(aPace(1_000), connection));
    const before = stripe.arrived.length;
    stripe.refuseNext(4, { 'retry-after': '0.01' });
    await expect(paced.customers.retrieve('cus_1')).rejects.toMatchObject({ statusCode: 429 });
    expect(stripe.arrived.length - before).toBe(4);
  });

  it('a connection whose turns are used up holds up no other one, and its lanes come to no harm', async () => {
    const free = await ingestion.newConnection();
    const customer = (id: string, { projectIds }: TestConnection) =>
      aCustomer(id, { metadata: { billgraph_project_id: projectIds[0] } });
    const mustBeFetched = { api_version: '2099-01-01.unknown' };
    const ids = Array.from({ length: 700 }, (_, n) => `cus_limited_${n}`);
    for (const id of ids) ingestion.stripe.objects.set(id, customer(id, limited));
    ingestion.stripe.objects.set('cus_free', customer('cus_free', free));
    await Promise.all(
      ids.map((id) => deliver(ingestion, limited, anEvent('customer.created', customer(id, limited), mustBeFetched))),
    );
    await deliver(ingestion, free, anEvent('customer.created', customer('cus_free', free), mustBeFetched));
    const isThere = () => ingestion.rows(`select from customer where stripe_customer_id = 'cus_free'`);
    await expect.poll(isThere, { timeout: 15_000 }).toHaveLength(1);

    // 700 turns take more than a minute.
    const [left] = await ingestion.rows<{ left: number; hurt: number; coming: number }>(
      `select count(*)::int as left, count(*) filter (where last_error is not null or attempts > 1)::int as hurt,
         count(*) filter (where run_at < now() + interval '31 seconds')::int as coming
       from lane where key like '%/cus_limited_%'`,
    );
    expect(left).toEqual({ left: expect.any(Number), hurt: 0, coming: left!.left });
    expect(left!.left).toBeGreaterThan(0);
    expect(ingestion.logged.filter((line) => line.includes('A lane failed'))).toEqual([]);
  });
});

/** Answers everything with a customer, and the next requests, where it is told so, with 429. */
async function startBusyStripe() {
  const arrived: number[] = [];
  let refusals = 0;
  let headers: Record<string, string> = {};
  const server = createServer((request, response) => {
    arrived.push(performance.now());
    request.resume();
    const refused = refusals-- > 0;
    const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' };
    response.writeHead(refused ? 429 : 200, { 'content-type': 'application/json', ...(refused ? headers : {}) });
    response.end(JSON.stringify(refused ? { error } : { id: 'cus_1', object: 'customer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    refuseNext(requests: number, withHeaders: Record<string, string>) {
      refusals = requests;
      headers = withHeaders;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
