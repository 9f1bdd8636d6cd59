import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStatement } from '../../src/database/run-statement.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { workEach } from '../../src/lanes/work-each.ts';
import { type Lanes, openLanes } from './lanes.rig.ts';

let lanes: Lanes;
beforeEach(async () => {
  lanes = await openLanes();
});
afterEach(() => lanes.close());

const each = (work: (key: string) => Promise<void>, atOnce = 10) => ({
  test: workEach({ orm: lanes.orm, atOnce }, ({ key }) => work(key)),
});

it('works a lane that is woken, once, and leaves nothing behind', async () => {
  const worked: string[] = [];
  const worker = await lanes.start(each(async (key) => void worked.push(key)));
  await lanes.wake(['test/b', 'test/a', 'test/a']);
  await worker.idle();
  expect(worked.sort()).toEqual(['test/a', 'test/b']);
  expect(await lanes.rows('select * from lane')).toEqual([]);
});

it('works what was woken before the worker started', async () => {
  await lanes.wake(['test/early']);
  const worked: string[] = [];
  const worker = await lanes.start(each(async (key) => void worked.push(key)));
  await worker.idle();
  expect(worked).toEqual(['test/early']);
});

it('comes back once for all that was woken while it worked', async () => {
  let rounds = 0;
  const { promise: woken, resolve: go } = Promise.withResolvers<void>();
  const worker = await lanes.start(
    each(async () => {
      rounds += 1;
      await woken;
    }),
  );
  await lanes.wake(['test/busy']);
  await expect.poll(() => rounds).toBe(1);
  await Promise.all(Array.from({ length: 50 }, () => lanes.wake(['test/busy'])));
  go();
  await worker.idle();
  expect(rounds).toBe(2);
});

it('works nothing of a transaction that is open or rolled back', async () => {
  const worked: string[] = [];
  const worker = await lanes.start(each(async (key) => void worked.push(key)));
  const em = lanes.orm.em.fork();
  await em.begin();
  await wakeLanes(em, ['test/open']);
  await worker.idle();
  expect(worked).toEqual([]);
  await em.rollback();
  await lanes.wake(['test/other']);
  await worker.idle();
  expect(worked).toEqual(['test/other']);
});

it('leaves lanes of a kind that it does not know', async () => {
  const worker = await lanes.start(each(async () => {}));
  await lanes.wake(['unheard/of', 'test/known']);
  await worker.idle();
  expect(await lanes.lane('unheard/of')).toMatchObject({ owner: null, attempts: 0 });
});

it('works no more of a kind at once than allowed', async () => {
  let now = 0;
  let most = 0;
  const worker = await lanes.start(
    each(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
    }, 3),
  );
  await lanes.wake(Array.from({ length: 20 }, (_, n) => `test/${n}`));
  await worker.idle();
  expect(most).toBe(3);
});

describe('a lane for later', () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  it('waits for its time', async () => {
    const worked: string[] = [];
    const worker = await lanes.start(each(async (key) => void worked.push(key)));
    await lanes.wake(['test/later'], inAnHour());
    await worker.idle();
    expect(worked).toEqual([]);
    await lanes.rows(`update lane set run_at = run_at - interval '1 hour 1 second'`);
    await worker.idle();
    expect(worked).toEqual(['test/later']);
  });

  it('takes the earlier of two times', async () => {
    await lanes.wake(['test/later'], inAnHour());
    await lanes.wake(['test/later'], new Date(Date.now() + 7_200_000));
    expect(await lanes.lane('test/later')).toMatchObject({ due: false, gen: '2' });
    await lanes.wake(['test/later']);
    expect(await lanes.lane('test/later')).toMatchObject({ due: true });
  });
});

it('loses no wake-up, and never works one lane twice at a time, with two workers and many who wake', async () => {
  await lanes.rows('create table work (key text primary key, wanted int not null, done int not null)');
  const keys = Array.from({ length: 10 }, (_, n) => `test/${n}`);
  await lanes.rows('insert into work select key, 0, 0 from unnest($1::text[]) as key', [keys]);
  const busy = new Set<string>();
  let overlaps = 0;
  const kinds = each(async (key) => {
    if (busy.has(key)) overlaps += 1;
    busy.add(key);
    const [{ wanted }] = (await lanes.rows<{ wanted: number }>('select wanted from work where key = $1', [key])) as [
      { wanted: number },
    ];
    await lanes.rows('update work set done = $2 where key = $1', [key, wanted]);
    busy.delete(key);
  });
  const workers = [await lanes.start(kinds), await lanes.start(kinds)];
  const want = async (n: number) => {
    const key = keys[n % keys.length]!;
    await lanes.orm.em.fork().transactional(async (em) => {
      await runStatement(em, 'update work set wanted = wanted + 1 where key = $1', [key]);
      await wakeLanes(em, [key]);
    });
  };
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 20 }, (_, n) => want(round * 7 + n)));
  for (const worker of workers) await worker.idle();
  expect(await lanes.rows('select * from work where wanted <> done')).toEqual([]);
  expect(await lanes.rows('select sum(wanted)::int as wanted from work')).toEqual([{ wanted: 400 }]);
  expect(overlaps).toBe(0);
});
