import { afterAll, beforeAll, expect, it } from 'vitest';
import { pruneEvents } from '../../src/ingestion/webhooks/prune-events.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

it('removes what was done more than thirty days ago, and nothing else', async () => {
  const cases = {
    'old and applied': `done_at = now() - interval '31 days', outcome = 'applied'`,
    'old and ignored': `done_at = now() - interval '31 days', outcome = 'ignored'`,
    'old and dead': `done_at = now() - interval '31 days', outcome = 'dead'`,
    'young and dead': `done_at = now() - interval '29 days', outcome = 'dead', received_at = now() - interval '40 days'`,
    'young and unrouted': `done_at = now() - interval '29 days', outcome = 'unrouted'`,
    'old and undone': `done_at = null, outcome = null, received_at = now() - interval '90 days'`,
  };
  const names = new Map<string, string>();
  for (const [name, set] of Object.entries(cases)) {
    const event = anEvent('coupon.created', { id: `co_${names.size}`, object: 'coupon' });
    await deliver(ingestion, connection, event);
    await ingestion.rows(`update inbound_event set ${set} where event_id = $1`, [event.id]);
    names.set(event.id, name);
  }
  const em = ingestion.orm.em.fork();
  expect(await pruneEvents({ em })).toBe(3);
  const left = await ingestion.rows<{ event_id: string }>('select event_id from inbound_event order by seq');
  expect(left.map(({ event_id }) => names.get(event_id))).toEqual([
    'young and dead',
    'young and unrouted',
    'old and undone',
  ]);
});

it('goes on until all is gone, also beside another process', async () => {
  await ingestion.rows(
    `insert into inbound_event (connection_id, event_id, type, stripe_created, payload, done_at, outcome)
     select $1, 'evt_old_' || n, 'coupon.created', 0, '{}', now() - interval '31 days', 'ignored' from generate_series(1, 2500) n`,
    [connection.id],
  );
  const pruned = await Promise.all([
    pruneEvents({ em: ingestion.orm.em.fork() }),
    pruneEvents({ em: ingestion.orm.em.fork() }),
  ]);
  expect(pruned[0]! + pruned[1]!).toBe(2500);
});
