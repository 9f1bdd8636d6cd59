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
    await cutWhoWaits();
    await owner.query('rollback');
    const { status } = await signingIn;
    expect(status).toBeGreaterThanOrEqual(500);
  }
  // The sixth in a minute from one address would be refused.
  expect((await signIn()).status).toBe(200);
});

/** Ends the connection that waits for the table, once there is one. */
async function cutWhoWaits() {
  for (;;) {
    const cut = await asOwner(
      billgraph.databaseUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query ilike '%operator_session%'`,
    );
    if (cut.length) return;
  }
}
