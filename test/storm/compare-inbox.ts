import type pg from 'pg';

/** @returns what is lost, doubled or not done in the inbox, a line each. */
export async function compareInbox(database: pg.Client, sent: Set<string>): Promise<string[]> {
  const faults: string[] = [];
  const { rows } = await database.query('select event_id, done_at is not null as done, outcome from inbound_event');
  const left = new Set(sent);
  for (const { event_id: id, done, outcome } of rows) {
    if (!left.delete(id)) faults.push(`doubled: ${id} is in the inbox twice, or was never sent`);
    // Ignored is what was deleted before it had a row.
    if (!done || !['applied', 'ignored'].includes(outcome)) faults.push(`not done: ${id} (${outcome})`);
  }
  for (const id of left) faults.push(`lost: ${id} is not in the inbox`);
  const [{ lanes }] = (await database.query(`select count(*)::int as lanes from lane where key like 'stripe/%'`)).rows;
  if (lanes) faults.push(`not done: ${lanes} lanes are left`);
  return faults;
}
