import type { MikroORM } from '@mikro-orm/postgresql';
import { views } from './views.ts';

/** Statements that make the views of a migrated database those of views.ts: before, and after, what else a migration changes. */
export type ViewChanges = { before: string[]; after: string[] };

/** PostgreSQL tells a view's text in its own words: so both are asked of it, ours in a transaction that leaves nothing. */
export async function viewChanges(orm: MikroORM): Promise<ViewChanges> {
  const told = `select viewname, definition from pg_views where schemaname = current_schema()`;
  const create = Object.entries(views).map(
    ([name, text]) => `create view ${name} with (security_invoker = true) as ${text.trim()};`,
  );
  const em = orm.em.fork();
  await em.begin();
  try {
    const there = await em.execute<{ viewname: string; definition: string }[]>(`${told} order by viewname`);
    const drop = there.map(({ viewname }) => `drop view if exists ${viewname} cascade;`);
    for (const statement of [...drop, ...create]) await em.execute(statement);
    const wanted = await em.execute(`${told} order by viewname`);
    return JSON.stringify(there) === JSON.stringify(wanted)
      ? { before: [], after: [] }
      : { before: drop, after: create };
  } finally {
    await em.rollback();
  }
}
