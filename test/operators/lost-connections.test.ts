import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Billgraph, createTenant, startBillgraph } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { createOperator, pageHeaders, type TestOperator } from '../rig/operator.ts';

let billgraph: Billgraph;
let operator: TestOperator;
let owner: pg.Client;
beforeAll(async () => {
  billgraph = await startBillgraph();
  operator = await createOperator(billgraph, await createTenant(billgraph));
  owner = new pg.Client(billgraph.databaseUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await billgraph.close();
});

const signIn = () =>
  fetch(`${billgraph.url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: pageHeaders.origin },
    body: JSON.stringify({ email: operator.email, password: operator.password }),
  });

/** More often than better-auth has connections. */
it('goes on signing people in after connections died in the middle of it', async () => {
  for (let time = 0; time < 4; time++) {
    await owner.query('begin');
    await owner.query('lock table operator_session in exclusive mode');
    const signingIn = signIn();
    await cutWhoWaits(signingIn);
    await owner.query('rollback');
    const { status } = await signingIn;
    expect(status).toBeGreaterThanOrEqual(500);
  }
  // The sixth in a minute from one address would be refused.
  expect((await signIn()).status).toBe(200);
});

/** Ends the connection that waits for the table, once there is one, and returns when it is gone. */
async function cutWhoWaits(until: Promise<unknown>) {
  let ended = false;
  until.finally(() => (ended = true)).catch(() => {});
  const waiting = `datname = current_database() and wait_event_type = 'Lock' and query ilike '%operator_session%'`;
  let cut: { pid: number }[] = [];
  while (!cut.length && !ended)
    cut = await asOwner(
      billgraph.databaseUrl,
      `select pid, pg_terminate_backend(pid) from pg_stat_activity where ${waiting}`,
    );
  expect(cut).toHaveLength(1);
  // What PostgreSQL says last comes before the end of the connection: whoever asks in between would meet it dead.
  const left = `select pid from pg_stat_activity where pid = ${cut[0]!.pid}`;
  await expect.poll(() => asOwner(billgraph.databaseUrl, left)).toEqual([]);
}
