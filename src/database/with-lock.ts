import pg from 'pg';

/** What only one process at a time does. Any numbers, as long as every process takes the same ones. */
export const locks = { migrate: 7_000, setUp: 7_003, setupLink: 7_004 };

/**
 * Runs `work` while no other process runs what takes the same lock; the others wait. The lock dies with its process.
 * @param work is given the connection that holds the lock, as the login of the URL.
 */
export async function withLock<Result>(
  url: string,
  lock: number,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    return await work(client);
  } finally {
    await client.end();
  }
}
