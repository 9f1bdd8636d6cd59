import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { expect } from 'vitest';
import { spawnAnother } from './another-server.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from './billgraph.ts';

/** Where a worker is killed: in the statement that brings a row to a state, or with a request to Stripe unsent, or its answer unheard. */
export type Border<State extends string> = `to ${State}` | 'before Stripe' | 'after Stripe';

export const patience = { timeout: 20_000 };

/** An advisory lock that the test holds, and the held statement waits for. */
const gate = 424_243;
const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
  and database = (select oid from pg_database where datname = current_database())`;

/**
 * A worker in a process of its own, which is killed on its way to Stripe.
 * @param of.table whose column `state` says how far a row is.
 * @param of.path of the requests that bring it there.
 */
export async function startMortalWorker<State extends string>(of: {
  table: string;
  path: RegExp;
}): Promise<{
  billgraph: Billgraph;
  tenant: TestTenant;
  /** Kills the worker at the border that `work` leads it to. */
  killAt(border: Border<State>, work: () => Promise<unknown>): Promise<void>;
  /** Another one goes on. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}> {
  const encryptionKey = randomBytes(32).toString('hex');
  const billgraph = await startBillgraph({ encryptionKeys: [Buffer.from(encryptionKey, 'hex')], worker: false });
  const tenant = await createTenant(billgraph);
  const admin = new pg.Client(billgraph.databaseUrl);
  await admin.connect();
  await admin.query(`
    create table held (state text);
    grant select on held to public;
    create function hold() returns trigger language plpgsql as $$ begin
      if exists (select from held where state = new.state) then perform pg_advisory_xact_lock(${gate}); end if;
      return new;
    end $$;
    create trigger hold before update of state on ${of.table} for each row execute function hold()`);

  let held: Border<State> | null = null;
  let atBorder = Promise.withResolvers<void>();
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isMeant = request.method === 'POST' && of.path.test(request.url!);
    if (isMeant && held === 'before Stripe') return atBorder.resolve();
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(billgraph.sandbox.url + request.url, {
      method: request.method,
      headers: headers as Record<string, string>,
      body: request.method === 'POST' ? Buffer.concat(chunks) : undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (isMeant && held === 'after Stripe') return atBorder.resolve();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const stripeApiUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const spawn = () =>
    spawnAnother({ databaseUrl: billgraph.databaseUrl, stripeApiUrl, encryptionKey }, { WORKER: 'on' });
  let worker = await spawn();

  return {
    billgraph,
    tenant,
    async killAt(border, work) {
      const state = /to (\w+)/.exec(border)?.[1];
      atBorder = Promise.withResolvers();
      held = border;
      if (state) {
        await admin.query('select pg_advisory_lock($1)', [gate]);
        await admin.query('insert into held values ($1)', [state]);
      }
      await work();
      if (state) await expect.poll(async () => (await admin.query(waiting)).rows.length, patience).toBe(1);
      else await atBorder.promise;
      worker.child.kill('SIGKILL');
      // The held statement must not go on without its client.
      await admin.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
      await admin.query('truncate held');
      if (state) await admin.query('select pg_advisory_unlock($1)', [gate]);
      held = null;
    },
    async startAgain() {
      worker = await spawn();
    },
    async close() {
      worker.child.kill('SIGKILL');
      proxy.closeAllConnections();
      proxy.close();
      await admin.end();
      await billgraph.close();
    },
  };
}
