import type { EntityManager } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import { runStatement } from '../../database/run-statement.ts';
import { isBounded, type PageArgs, pageOf } from '../../reader/page.ts';
import { type RowPage, rowPage } from '../../reader/page-by-id.ts';
import { BackfillFailure } from './backfill-failure.entity.ts';

type Loaders = { pages: DataLoader<string, BackfillFailure[]>; counts: DataLoader<string, number> };

/** Of one request, by the page that is asked for. */
const loaders = new WeakMap<EntityManager, Map<string, Loaders>>();

/**
 * A page of what a backfill could not bring. The same page of several backfills is read at once.
 * @throws Refusal BAD_USER_INPUT with the argument that is wrong.
 */
export async function failuresOf(
  { em }: { em: EntityManager },
  backfillId: string,
  args: PageArgs,
): Promise<RowPage<BackfillFailure>> {
  const page = pageOf(args);
  const ofRequest = loaders.get(em) ?? new Map<string, Loaders>();
  loaders.set(em, ofRequest);
  const key = JSON.stringify(page);
  const { pages, counts } = ofRequest.get(key) ?? openLoaders(em, page);
  ofRequest.set(key, { pages, counts });
  return rowPage(await pages.load(backfillId), page, () => counts.load(backfillId));
}

function openLoaders(em: EntityManager, { size, backwards, after, before }: ReturnType<typeof pageOf>): Loaders {
  const pages = new DataLoader<string, BackfillFailure[]>(async (backfillIds) => {
    const direction = backwards ? 'desc' : 'asc';
    const chosen = await runStatement<{ id: string }>(
      em,
      `select failure.id from unnest($1::text[]) as backfill (id)
       cross join lateral (
         select id from backfill_failure where backfill_id = backfill.id and id > $2 and ($3::text is null or id < $3)
         order by id ${direction} limit $4
       ) failure`,
      [backfillIds, after.id, isBounded(before) ? before.id : null, size + 1],
    );
    const ids = chosen.map(({ id }) => id);
    const failures = await em.find(BackfillFailure, { id: { $in: ids } }, { orderBy: { id: direction } });
    const byBackfill = Map.groupBy(failures, ({ backfillId }) => backfillId);
    return backfillIds.map((id) => byBackfill.get(id) ?? []);
  });
  const counts = new DataLoader<string, number>(async (backfillIds) => {
    const rows = await runStatement<{ id: string; count: number }>(
      em,
      'select backfill_id as id, count(*)::int as count from backfill_failure where backfill_id = any($1) group by 1',
      [backfillIds],
    );
    const found = new Map(rows.map(({ id, count }) => [id, count]));
    return backfillIds.map((id) => found.get(id) ?? 0);
  });
  return { pages, counts };
}
