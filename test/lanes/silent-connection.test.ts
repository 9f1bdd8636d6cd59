import { expect, it } from 'vitest';
import { startWorker } from '../../src/lanes/start-worker.ts';
import { workEach } from '../../src/lanes/work-each.ts';
import { createLog } from '../../src/log.ts';
import { startDatabaseProxy } from '../rig/database-proxy.ts';
import { openLanes } from './lanes.rig.ts';

it('notices within seconds that its connection is silent, and works on under a new one', {
  timeout: 60_000,
}, async () => {
  const lanes = await openLanes();
  const proxy = await startDatabaseProxy(lanes.url);
  const worked: string[] = [];
  const logged: string[] = [];
  const worker = await startWorker({
    orm: lanes.orm,
    databaseUrl: proxy.url,
    log: createLog('info', (line) => logged.push(line)),
    kinds: { test: workEach({ orm: lanes.orm, atOnce: 1 }, async ({ key }) => void worked.push(key)) },
  });
  try {
    expect(worker.isHealthy()).toBe(true);
    proxy.silence();
    await expect.poll(() => worker.isHealthy(), { timeout: 30_000 }).toBe(false);
    await expect.poll(() => logged.filter((line) => line.includes('holds our lock was lost')).length).toBe(1);
    await lanes.wake(['test/a']);
    proxy.heal();
    await expect.poll(() => worked, { timeout: 30_000 }).toEqual(['test/a']);
    expect(worker.isHealthy()).toBe(true);
  } finally {
    await worker.stop();
    await proxy.close();
    await lanes.close();
  }
});
