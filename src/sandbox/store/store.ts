import pg from 'pg';
import { wallClock } from '../clock.ts';
import type { ObjectName } from '../objects.ts';
import { ApiError } from '../wire/api-error.ts';
import { holdKey } from '../wire/idempotency.ts';
import { AccountTransaction, type Caller } from './account-transaction.ts';
import { migrate } from './migrations.ts';
import type { Settings } from './settings.ts';

/** The sandbox's PostgreSQL. */
export class Store {
  readonly pool: pg.Pool;
  readonly settings: Settings;
  /** Called after each commit. */
  onCommit = (_tx: AccountTransaction) => {};

  constructor(databaseUrl: string, settings: Settings) {
    this.settings = settings;
    // Nobody's money is lost with a power cut's last half second, and every answer comes sooner.
    const options = '-c synchronous_commit=off';
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 10, application_name: 'sandbox', options });
    // Without a listener an idle connection that the database ends would end the process; the pool replaces it.
    this.pool.on('error', () => {});
  }

  async open(): Promise<void> {
    await migrate(this.pool);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** The account that has an object, for pages, which know an id and no key. */
  async accountOf(name: ObjectName, id: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ account: string }>(
      'select account from sandbox.object where object = $1 and id = $2 and not deleted',
      [name, id],
    );
    return rows[0]?.account;
  }

  /** A view for one request that only reads. */
  read(caller: Caller): AccountTransaction {
    const tx = new AccountTransaction(this.pool, caller, wallClock(), this.settings);
    tx.stayAt(tx.now);
    return tx;
  }

  /**
   * Runs `work` as the only writer of its account, so that events and lists have one order, and commits what it did, with the
   * events and their deliveries. A refusal undoes it, unless it keeps its changes.
   */
  async write<T>(caller: Caller, work: (tx: AccountTransaction, db: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const ignore = () => {};
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      await client.query('begin');
      if (caller.idempotencyKey) await holdKey(client, caller.account, caller.idempotencyKey);
      await client.query(`select pg_advisory_xact_lock(hashtextextended('sandbox ' || $1, 0))`, [caller.account]);
      const tx = new AccountTransaction(client, caller, wallClock(), this.settings);
      const outcome = await work(tx, client).then(
        (value) => ({ value }),
        (error: unknown) => {
          if (error instanceof ApiError && error.keepsChanges) return { error };
          throw error;
        },
      );
      await tx.flush();
      await client.query('commit');
      this.onCommit(tx);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }
}
