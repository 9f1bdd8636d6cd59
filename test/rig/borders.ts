import pg from 'pg';
import { expect } from 'vitest';
import type { Billgraph } from './billgraph.ts';
import { type OnTheWay, startStripeProxy } from './stripe-proxy.ts';

/** Where a process is killed: in the statement that writes a row with a state, or with a request to Stripe unsent, or its answer unheard. */
export type Border<State extends string> = `insert ${State}` | `to ${State}` | 'before Stripe' | 'after Stripe';

export const patience = { timeout: 20_000 };

/** An advisory lock that the test holds, and the held statement waits for. */
const gate = 424_242;
const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
  and database = (select oid from pg_database where datname = current_database())`;

/**
 * Borders on the way of a process that has this database, and Stripe by `stripeApiUrl`.
 * @param of.column of the table: it says how far a row is.
 * @param of.path of the requests that bring it there; those that write.
 * @param of.there sees these requests, where no border holds them.
 */
export async function startBorders<State extends string>(
  { databaseUrl, sandbox }: Billgraph,
  of: { table: string; column: string; path?: RegExp; there?: OnTheWay['there'] },
) {
  const admin = new pg.Client(databaseUrl);
  await admin.connect();
  await admin.query(`
    create table held (state text);
    grant select on held to public;
    create function hold() returns trigger language plpgsql as $$ begin
      if exists (select from held where state = new.${of.column}) then perform pg_advisory_xact_lock(${gate}); end if;
      return new;
    end $$;
    create trigger hold before insert or update of ${of.column} on ${of.table} for each row execute function hold()`);
  let held: Border<State> | null = null;
  let reached = Promise.withResolvers<void>();
  const isHeld = (border: typeof held, { method, path }: { method: string; path: string }) => {
    if (held !== border || method !== 'POST' || !(of.path ?? /./).test(path)) return false;
    reached.resolve();
    return true;
  };
  const proxy = await startStripeProxy(() => sandbox.url, {
    there: async (asked) => {
      if (isHeld('before Stripe', asked)) return 'lost';
      return of.there?.(asked);
    },
    back: async (asked) => (isHeld('after Stripe', asked) ? 'lost' : undefined),
  });
  return {
    stripeApiUrl: proxy.url,
    /** Kills the process at the border that `work` leads it to. */
    async killAt(border: Border<State>, { work, kill }: { work: () => unknown; kill: () => void }): Promise<void> {
      const state = /(?:insert|to) (\w+)/.exec(border)?.[1];
      reached = Promise.withResolvers();
      held = border;
      if (state) {
        await admin.query('select pg_advisory_lock($1)', [gate]);
        await admin.query('insert into held values ($1)', [state]);
      }
      await work();
      if (state) await expect.poll(async () => (await admin.query(waiting)).rows.length, patience).toBe(1);
      else await reached.promise;
      kill();
      // The held statement must not go on without its client.
      await admin.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
      await admin.query('truncate held');
      if (state) await admin.query('select pg_advisory_unlock($1)', [gate]);
      held = null;
    },
    async close(): Promise<void> {
      proxy.close();
      await admin.end();
    },
  };
}
