import pg from 'pg';

/**
 * One look at deliveries and lanes, since each makes the other: between two looks what is outstanding could pass from the one to the other.
 * Also what comes by itself within moments: a webhook that a fault holds back, one that was refused once, a lane that met another one or
 * failed. What waits for longer, or is refused again and again, is left alone.
 */
const anyOutstanding = `
  select exists (
    select from sandbox.delivery
    where state = 'pending' and (claimed_until is not null or (attempts < 2 and due < now() + interval '10 seconds'))
  ) or exists (
    select from lane
    where owner is not null or run_at <= now() or (attempts > 0 and run_at < now() + interval '10 seconds')
  ) as is`;

/** What Stripe has still to deliver, and the worker to do. As the owner: the server's role sees nothing of the sandbox. */
export function watchOutstanding(databaseUrl: string): { isAny(): Promise<boolean>; close(): Promise<void> } {
  const owner = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  // A test that cuts connections cuts this one too: the next look makes another.
  owner.on('error', () => {});
  return {
    isAny: async () => (await owner.query<{ is: boolean }>(anyOutstanding)).rows[0]!.is,
    close: () => owner.end(),
  };
}
