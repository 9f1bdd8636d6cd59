import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrm } from '../../src/database/open-orm.ts';
import { openAuthPool } from '../../src/identity/operators/open-auth-pool.ts';
import { createDatabase, type TestDatabase } from '../rig/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ empty: true });
});
afterAll(() => database.drop());

const known = openOrm('postgresql://127.0.0.1/nowhere', { poolSize: 1 });
const pools = {
  "MikroORM's": () => {
    const orm = openOrm(database.url, { poolSize: 1, beside: known });
    return { ask: () => orm.em.getConnection().execute('select 1'), close: () => orm.close() };
  },
  "better-auth's": () => {
    const { db, close } = openAuthPool(database.url, { role: null });
    return { ask: () => sql`select 1`.execute(db), close };
  },
};

describe.each(Object.entries(pools))('%s pool', (_whose, open) => {
  /** Connecting takes some turns of the event loop: it is closed at each of them. */
  it('closes while a connection is being made', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const { ask, close } = open();
      const answer = ask().then(
        () => 'answered',
        () => 'refused',
      );
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      await close();
      expect(['answered', 'refused']).toContain(await answer);
    }
  });
});
