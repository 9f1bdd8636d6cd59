import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runStatement } from '../../src/database/run-statement.ts';
import type { ClaimedLane } from '../../src/lanes/lane-kind.ts';
import { settleLanes } from '../../src/lanes/settle-lanes.ts';
import { startWorker } from '../../src/lanes/start-worker.ts';
import { workEach } from '../../src/lanes/work-each.ts';
import { createLog } from '../../src/log.ts';
import { type Lanes, openLanes } from './lanes.rig.ts';

let lanes: Lanes;
afterEach(() => lanes.close());

const each = (work: (key: string) => Promise<void>) => ({
  test: workEach({ orm: lanes.orm, atOnce: 10 }, ({ key }) => work(key)),
});

/** Other databases are of tests that run at the same time. */
const ours = 'datname = current_database()';

const terminate = (which: string) =>
  lanes.rows(`select pg_terminate_backend(pid) from pg_stat_activity
    where ${ours} and pid <> pg_backend_pid() and ${which}`);

/** The connections that hold a worker's lock. */
const presences = `pid in (select pid from pg_locks where locktype = 'advisory' and classid = 7001)`;

it('gives the lanes of a killed process to another one, within seconds', async () => {
  lanes = await openLanes();
  await lanes.wake(['test/a', 'test/b', 'test/c']);
  const script = join(import.meta.dirname, 'holding-worker.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, lanes.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const worked: string[] = [];
  try {
    const held: string[] = [];
    child.stdout.on('data', (data) => held.push(...String(data).trim().split('\n')));
    await expect.poll(() => held.length, { timeout: 15_000 }).toBe(3);
    const worker = await lanes.start(each(async (key) => void worked.push(key)));
    expect(worked).toEqual([]);
    child.kill('SIGKILL');
    await worker.idle();
  } finally {
    child.kill('SIGKILL');
  }
  expect(worked.sort()).toEqual(['test/a', 'test/b', 'test/c']);
});

it('lets a worker that lost its lane write nothing, while the next one works it and afterwards', async () => {
  lanes = await openLanes();
  await lanes.rows('create table effect (claim int)');
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const outcomes: string[] = [];
  let claims = 0;
  const work = (claimed: ClaimedLane[]) =>
    claimed.map(async (lane) => {
      const claim = ++claims;
      await gates[claim - 1]!.promise;
      const written = lanes.orm.em.fork().transactional(async (em) => {
        await runStatement(em, 'insert into effect values ($1)', [claim]);
        if (!(await settleLanes(em, [lane]))) throw new Error('lost');
      });
      outcomes.push(
        await written.then(
          () => `${claim} settled`,
          (failure: Error) => `${claim} ${failure.message}`,
        ),
      );
    });
  const worker = await lanes.start({ test: { work } });
  await lanes.wake(['test/slow']);
  for (const claim of [1, 2]) {
    await expect.poll(() => claims, { timeout: 5_000 }).toBe(claim);
    await terminate(presences);
  }
  await expect.poll(() => claims, { timeout: 5_000 }).toBe(3);
  for (const [index, outcome] of ['1 lost', '3 settled', '2 lost'].entries()) {
    gates[Number(outcome[0]) - 1]!.resolve();
    await expect.poll(() => outcomes[index]).toBe(outcome);
  }
  await worker.idle();
  expect(await lanes.rows('select * from effect')).toEqual([{ claim: 3 }]);
});

it('lets a worker that only lost its connection finish what nobody else has taken', async () => {
  lanes = await openLanes();
  const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
  let started = false;
  const worker = await lanes.start(
    each(async () => {
      started = true;
      await slow;
    }),
  );
  await lanes.wake(['test/slow']);
  await expect.poll(() => started).toBe(true);
  await lanes.rows(`update lane set run_at = now() + interval '1 hour', owner = null`);
  goOn();
  await worker.idle();
  await expect.poll(() => lanes.lane('test/slow')).toBeUndefined();
});

it('works on after its connections were cut, time and again, with a pool of two', async () => {
  lanes = await openLanes({ poolSize: 2 });
  const worked = new Set<string>();
  const worker = await lanes.start(each(async (key) => void worked.add(key)));
  for (let kill = 0; kill < 5; kill++) {
    // Some are cut inside a transaction, which is where a pool can lose its place.
    const em = lanes.orm.em.fork();
    const inside = em.transactional(async (em) => {
      await runStatement(em, 'select pg_terminate_backend(pg_backend_pid())', []);
    });
    await expect(inside).rejects.toThrow();
    await expect
      .poll(
        () =>
          terminate('true').then(
            () => true,
            () => false,
          ),
        { timeout: 8_000 },
      )
      .toBe(true);
    await expect
      .poll(
        () =>
          lanes.wake([`test/${kill}`]).then(
            () => true,
            () => false,
          ),
        { timeout: 8_000 },
      )
      .toBe(true);
    await expect.poll(() => worked.has(`test/${kill}`), { timeout: 8_000 }).toBe(true);
  }
  await expect.poll(() => worker.isHealthy(), { timeout: 8_000 }).toBe(true);
  await worker.idle();
  expect(await lanes.rows('select key from lane')).toEqual([]);
}, 60_000);

it('says that it is not healthy while it cannot reach the database', async () => {
  lanes = await openLanes();
  const worker = await lanes.start(each(async () => {}));
  expect(worker.isHealthy()).toBe(true);
  await terminate(presences);
  await expect.poll(() => worker.isHealthy(), { interval: 5 }).toBe(false);
  await expect.poll(() => worker.isHealthy(), { timeout: 5_000 }).toBe(true);
});

it('stops after what is under way, takes nothing more, and leaves no connection', async () => {
  lanes = await openLanes();
  const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
  const worked: string[] = [];
  const worker = await lanes.start(
    each(async (key) => {
      await slow;
      worked.push(key);
    }),
  );
  await lanes.wake(['test/under-way']);
  await expect.poll(async () => (await lanes.lane('test/under-way'))?.owner).toBeTypeOf('number');
  const stopping = worker.stop();
  goOn();
  await stopping;
  await lanes.wake(['test/too-late']);
  expect(worked).toEqual(['test/under-way']);
  expect(await lanes.lane('test/too-late')).toMatchObject({ owner: null, attempts: 0 });
  await expect.poll(() => lanes.rows(`select pid from pg_stat_activity where ${ours} and ${presences}`)).toEqual([]);
  expect(worker.isHealthy()).toBe(false);
});

it('refuses to start where there is no database', async () => {
  lanes = await openLanes();
  const databaseUrl = 'postgresql://nobody:nothing@127.0.0.1:1/none';
  await expect(startWorker({ orm: lanes.orm, databaseUrl, log: createLog('silent'), kinds: {} })).rejects.toThrow();
});
