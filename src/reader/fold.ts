import { cursorOf, isBounded, type Page } from './page.ts';
import type { Level, List } from './plan.ts';

/** A row of the answer, or of a list that came as one column. A value is PostgreSQL's text, or such a list. */
export type Row = readonly (string | null | readonly Row[])[];

/** What graphql-js reads: entity properties, relations and connections, by row key. */
export type Folded = Record<string, unknown>;

/** The one row that the root is, or null where nothing was found. */
export function foldRow(level: Level, rows: readonly Row[], pages: readonly Page[]): Folded | null {
  const [first] = stretchesOf(level, { rows, from: 0, to: rows.length });
  return first ? object(level, first, pages) : null;
}

/** The connection that the root is. */
export function foldList(list: List, rows: readonly Row[], pages: readonly Page[]): Folded {
  return connection(list, rows[0], { rows, from: 0, to: rows.length }, pages);
}

/** Rows that stand together: those of one row of a level, as its list multiplied it. */
type Stretch = { rows: readonly Row[]; from: number; to: number };

function object(level: Level, stretch: Stretch, pages: readonly Page[]): Folded {
  const row = stretch.rows[stretch.from]!;
  const { table, columns, at } = level;
  const result: Folded = table.type.getInterfaces().length ? { __typename: table.type.name } : {};
  for (let i = 0; i < columns.length; i++) {
    const { property, decode } = columns[i]!;
    const text = row[at + i] as string | null;
    result[property] = text === null || !decode ? text : decode(text);
  }
  for (const one of level.ones) result[one.key] = row[one.level.at] === null ? null : object(one.level, stretch, pages);
  for (const list of level.lists) {
    const rows = list.level && !list.flat ? whole(row[list.at]) : stretch;
    result[list.key] = connection(list, row, rows, pages);
  }
  return result;
}

function connection(list: List, row: Row | undefined, stretch: Stretch, pages: readonly Page[]): Folded {
  const { level, index, backwards, wantsCursors, wantsTotal, totalAt } = list;
  const result: Folded = {};
  if (wantsTotal) result.totalCount = Number(row![totalAt]);
  if (!level) return result;

  const { size, after, before } = pages[index]!;
  let stretches = stretchesOf(level, stretch);
  const more = stretches.length > size;
  if (more) stretches = backwards ? stretches.slice(-size) : stretches.slice(0, size);
  const nodes = stretches.map((each) => object(level, each, pages));
  const cursors = wantsCursors ? stretches.map(({ rows, from }) => cursorAt(level, rows[from]!)) : [];
  result.nodes = nodes;
  result.edges = nodes.map((node, i) => ({ cursor: cursors[i], node }));
  result.pageInfo = {
    hasNextPage: backwards ? isBounded(before) : more,
    hasPreviousPage: backwards ? more : isBounded(after),
    startCursor: cursors[0] ?? null,
    endCursor: cursors.at(-1) ?? null,
  };
  return result;
}

/** A stretch for each row of the level: the rows are in order, so that those with the same id are neighbours. */
function stretchesOf({ at }: Level, { rows, from, to }: Stretch): Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = from; start < to; ) {
    const id = rows[start]![at];
    let end = start + 1;
    while (end < to && rows[end]![at] === id) end++;
    // A left join that found nothing is a row of nulls.
    if (id !== null) stretches.push({ rows, from: start, to: end });
    start = end;
  }
  return stretches;
}

/** A list that came as one column: text where its row is a row of the answer, parsed already where it was in a list itself. */
function whole(column: Row[number] | undefined): Stretch {
  const rows = ((typeof column === 'string' ? JSON.parse(column) : column) ?? []) as readonly Row[];
  return { rows, from: 0, to: rows.length };
}

function cursorAt({ table, columns, at }: Level, row: Row): string {
  const createdAt = row[at + columns.indexOf(table.columns.get('createdAt')!)] as string;
  return cursorOf({ createdAt, id: row[at] as string });
}
