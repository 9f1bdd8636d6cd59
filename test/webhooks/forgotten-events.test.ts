import { afterAll, beforeAll, expect, it } from 'vitest';
import { wakeForgottenEvents } from '../../src/ingestion/webhooks/wake-forgotten-events.ts';
import { createLog } from '../../src/log.ts';
import { anEvent, deliver, type Ingestion, startIngestion, type TestConnection } from './ingestion.rig.ts';
import { aCustomer } from './stripe-objects.ts';

let ingestion: Ingestion;
let connection: TestConnection;
beforeAll(async () => {
  ingestion = await startIngestion();
  connection = await ingestion.newConnection();
});
afterAll(() => ingestion.close());

const wake = (logged: string[] = []) =>
  wakeForgottenEvents({ em: ingestion.orm.em.fork(), log: createLog('info', (line) => logged.push(line)) });

it('wakes an event that is not done and has no lane, and says so; what is done, or waits in a lane, stays', async () => {
  const metadata = { billgraph_project_id: connection.projectIds[0] };
  const event = anEvent('customer.created', aCustomer('cus_forgotten', { metadata }));
  await deliver(ingestion, connection, event);
  await deliver(ingestion, connection, anEvent('moon.landed', { object: 'moon', id: 'moon_1' }));
  await ingestion.worker.idle();
  expect(await wake()).toBe(0);

  ingestion.stripe.objects.set('cus_forgotten', aCustomer('cus_forgotten', { metadata, name: 'Found' }));
  await ingestion.rows('update inbound_event set done_at = null, outcome = null where event_id = $1', [event.id]);
  const logged: string[] = [];
  expect(await wake(logged)).toBe(1);
  expect(logged.join()).toContain('Events waited without a lane');
  await ingestion.worker.idle();
  expect(await ingestion.rows('select outcome from inbound_event where event_id = $1', [event.id])).toEqual([
    { outcome: 'applied' },
  ]);
  expect(await wake()).toBe(0);
});
