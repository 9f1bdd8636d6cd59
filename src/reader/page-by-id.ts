import type { EntityManager, EntityName, FilterQuery } from '@mikro-orm/core';
import { cursorOf, isBounded, type Page, type PageArgs, pageOf } from './page.ts';

type Row = { id: string; createdAt: Date };

export type RowPage<Entity> = {
  edges: { cursor: string; node: Entity }[];
  nodes: Entity[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
};

/**
 * A page of rows that are no tenant's, the oldest first, for a list that is no part of a larger statement. Their ids sort by age.
 * @throws Refusal BAD_USER_INPUT with the argument that is wrong.
 */
export async function pageById<Entity extends Row>(
  em: EntityManager,
  entity: EntityName<Entity>,
  where: FilterQuery<Entity>,
  args: PageArgs,
): Promise<RowPage<Entity>> {
  const page = pageOf(args);
  const { size, backwards, after, before } = page;
  const bounds = {
    ...(isBounded(after) ? { $gt: after.id } : {}),
    ...(isBounded(before) ? { $lt: before.id } : {}),
  };
  const isPart = Object.keys(bounds).length > 0;
  const found = await em.find(entity, (isPart ? { $and: [where, { id: bounds }] } : where) as FilterQuery<Entity>, {
    orderBy: { id: backwards ? 'desc' : 'asc' } as never,
    limit: size + 1,
  });
  return rowPage(found as Entity[], page, () => em.count(entity, where));
}

/**
 * @param found the rows of the page in the order in which they were looked for, and one more where there is one.
 * @param count graphql-js calls it where it is asked for: a count costs a statement.
 */
export function rowPage<Entity extends Row>(
  found: Entity[],
  { size, backwards, after, before }: Page,
  count: () => Promise<number>,
): RowPage<Entity> {
  const nodes = found.slice(0, size);
  if (backwards) nodes.reverse();
  const edges = nodes.map((node) => ({ node, cursor: cursorOf({ id: node.id, createdAt: textOf(node.createdAt) }) }));
  const more = found.length > size;
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: backwards ? isBounded(before) : more,
      hasPreviousPage: backwards ? more : isBounded(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: count as unknown as number,
  };
}

/** As PostgreSQL writes an instant. */
const textOf = (instant: Date) => instant.toISOString().replace('T', ' ').replace('Z', '+00');
