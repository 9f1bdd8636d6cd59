import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LaneKind, mortalAttempts, TryLater } from '../../src/lanes/lane-kind.ts';
import { workEach } from '../../src/lanes/work-each.ts';
import { type Lanes, openLanes } from './lanes.rig.ts';

let lanes: Lanes;
let failure: unknown;
let buried: string[];
beforeEach(async () => {
  lanes = await openLanes();
  failure = undefined;
  buried = [];
});
afterEach(() => lanes.close());

/** Fails lanes that begin with test/bad as long as there is a failure. */
const kinds = (): Record<string, LaneKind> => ({
  test: {
    ...workEach({ orm: lanes.orm, atOnce: 10 }, async ({ key }) => {
      if (key.startsWith('test/bad') && failure !== undefined) throw failure;
    }),
    bury: async (_em, keys) => void buried.push(...keys),
  },
});

it('tries a failing lane again later, says why, and holds up no other', async () => {
  failure = new Error('out of \0 order');
  const worker = await lanes.start(kinds());
  await lanes.wake(['test/bad', 'test/good']);
  await worker.idle();
  expect(await lanes.lane('test/good')).toBeUndefined();
  expect(await lanes.lane('test/bad')).toMatchObject({ owner: null, last_error: 'out of  order' });
  expect((await lanes.lane('test/bad'))!.attempts).toBeGreaterThan(0);
  failure = undefined;
  await expect.poll(() => lanes.lane('test/bad'), { timeout: 5_000 }).toBeUndefined();
});

it('waits longer each time, up to about a minute', async () => {
  failure = new Error('no');
  const waits = { 7: [1.6, 4.8], 9: [6.4, 19.2], 20: [30, 90] } as const;
  const keys = Object.keys(waits).map((attempts) => `test/bad/${attempts}`);
  await lanes.wake(keys, new Date(Date.now() + 3_600_000));
  await lanes.rows("update lane set attempts = split_part(key, '/', 3)::int - 1, run_at = now()");
  await lanes.start(kinds());
  const failed = () =>
    lanes.rows<{ attempts: 7 | 9 | 20; wait: number }>(
      'select attempts, extract(epoch from run_at - now())::float8 as wait from lane where last_error is not null',
    );
  await expect.poll(failed).toHaveLength(3);
  for (const { attempts, wait } of await failed()) {
    const [least, most] = waits[attempts];
    expect(wait).toBeGreaterThan(least - 1.5);
    expect(wait).toBeLessThan(most);
  }
});

it('never waits long for the database', async () => {
  failure = Object.assign(new Error('terminating connection'), { code: '57P01' });
  await lanes.wake(['test/bad'], new Date(Date.now() + 3_600_000));
  await lanes.rows('update lane set attempts = 100, run_at = now()');
  await lanes.start(kinds());
  const wait = async () =>
    (
      await lanes.rows<{ wait: number }>(
        'select extract(epoch from run_at - now())::float8 as wait from lane where last_error is not null',
      )
    )[0]?.wait;
  await expect.poll(wait).toBeLessThan(1.5);
});

it('does not hurry a failing lane because it is woken', async () => {
  failure = new Error('no');
  await lanes.wake(['test/bad']);
  await lanes.rows('update lane set attempts = 8');
  const worker = await lanes.start(kinds());
  await worker.idle();
  await lanes.wake(['test/bad']);
  expect(await lanes.lane('test/bad')).toMatchObject({ due: false, attempts: 9, gen: '2' });
});

it('lets a lane die that fails too often, and live again when it is woken', async () => {
  failure = new Error('poison');
  await lanes.wake(['test/bad']);
  await lanes.rows('update lane set attempts = $1', [mortalAttempts - 1]);
  const worker = await lanes.start(kinds());
  await expect.poll(async () => (await lanes.lane('test/bad'))?.dead).toBe(true);
  expect(buried).toEqual(['test/bad']);
  expect(await lanes.lane('test/bad')).toMatchObject({ owner: null, last_error: 'poison' });
  expect(lanes.logged.some((line) => line.includes('"lane":"test/bad"') && line.includes('is dead'))).toBe(true);

  failure = undefined;
  await lanes.wake(['test/bad']);
  await worker.idle();
  expect(await lanes.lane('test/bad')).toBeUndefined();
});

it('does not let a lane die to which something new has come while it failed', async () => {
  let work: (() => void) | undefined;
  const worker = await lanes.start({
    test: {
      work: (claimed) =>
        claimed.map(async () => {
          await new Promise<void>((resolve) => {
            work = resolve;
          });
          throw new Error('poison');
        }),
    },
  });
  await lanes.wake(['test/bad'], new Date(Date.now() + 3_600_000));
  await lanes.rows('update lane set attempts = $1, run_at = now()', [mortalAttempts - 1]);
  await expect.poll(() => work).toBeDefined();
  await lanes.wake(['test/bad']);
  work?.();
  await worker.idle();
  expect(await lanes.lane('test/bad')).toMatchObject({ dead: false, attempts: mortalAttempts });
});

it.each([
  ['somebody else is at fault', new TryLater('Stripe is away')],
  ['the database restarts', Object.assign(new Error('terminating connection'), { code: '57P01' })],
  ['the database cannot be reached', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
])('never lets a lane die where %s', async (_, forgiven) => {
  failure = forgiven;
  await lanes.wake(['test/bad']);
  await lanes.rows('update lane set attempts = $1', [mortalAttempts * 2]);
  const worker = await lanes.start(kinds());
  await expect.poll(async () => (await lanes.lane('test/bad'))?.last_error).toBe(forgiven.message);
  await worker.idle();
  expect(await lanes.lane('test/bad')).toMatchObject({ dead: false });
  expect(buried).toEqual([]);
});

it.each([['a string'], [undefined], [null], [{ odd: true }]])('survives a handler that throws %j', async (thrown) => {
  const worker = await lanes.start({
    test: {
      work() {
        throw thrown;
      },
    },
  });
  await lanes.wake(['test/bad', 'test/worse']);
  await worker.idle();
  await expect.poll(async () => (await lanes.lane('test/bad'))?.last_error).toBe(String(thrown));
  expect(await lanes.lane('test/worse')).toMatchObject({ owner: null });
  expect(worker.isHealthy()).toBe(true);
});
