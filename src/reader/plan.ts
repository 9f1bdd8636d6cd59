import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
} from 'graphql';
import { badInput } from '../errors.ts';
import type { PageArgs } from './page.ts';
import { fieldsOf } from './selection.ts';
import type { Column, Field, Table, Values } from './table.ts';

/** What is wanted of the rows of one table: a node of the tree that a selection becomes, and a table of the statement. */
export type Level = {
  table: Table;
  alias: string;
  /** The first is always the id: it tells one row from the next, and a row from none. */
  columns: Column[];
  /** Where its columns begin in a row of the answer: print.ts says. */
  at: number;
  ones: One[];
  lists: List[];
};

export type One = { key: string; field: Extract<Field, { kind: 'self' | 'one' | 'first' }>; level: Level };

/** A page of the rows of one table. */
export type List = {
  /** The property of the row that holds it. */
  key: string;
  table: Table;
  /** The column that holds the id of the row whose list it is. None: it is the root. */
  column?: string;
  /** What its rows have besides. */
  only: Values[];
  /** Null where only the count is wanted. */
  level: Level | null;
  /** Whether its rows multiply the rows of its level: see print.ts. */
  flat: boolean;
  /** Its place among the pages of the request. */
  index: number;
  backwards: boolean;
  /** Whether the page may begin or end at a cursor. */
  bounded: boolean;
  /** Whether one row beyond the page is read, which tells that there is more. */
  wantsMore: boolean;
  wantsCursors: boolean;
  wantsTotal: boolean;
  /** Where the folded rows, and the count, are in a row of the answer: print.ts says. */
  at: number;
  totalAt: number;
};

/** A list inside the selection: each request takes its page from the document's arguments. */
export type InnerPage = { path: string; field: GraphQLField<unknown, unknown>; node: FieldNode };

export type Planning = { info: GraphQLResolveInfo; tables: number; inner: InnerPage[] };

/** PostgreSQL plans a statement of this many tables in milliseconds, and nobody writes a larger one by hand. */
const mostTables = 64;

export function planRootRow(table: Table, planning: Planning): Level {
  const level = planRow(table, planning.info.fieldNodes, planning);
  flattenOnlyList(level);
  return level;
}

export function planRootList(table: Table, planning: Planning, backwards: boolean): List {
  const { fieldNodes, returnType } = planning.info;
  const list = planList(table, fieldNodes, getNamedType(returnType) as GraphQLObjectType, planning);
  const level = list.level ?? (list.wantsTotal ? null : planRow(table, [], planning));
  return { ...list, level, backwards, bounded: true };
}

function planRow(
  table: Table,
  nodes: readonly FieldNode[],
  planning: Planning,
  alias = `t${countTable(planning)}`,
): Level {
  const level: Level = { table, alias, columns: [table.columns.get('id')!], at: 0, ones: [], lists: [] };
  for (const [key, same] of fieldsOf(nodes, table.type, planning.info)) {
    const node = same[0]!;
    const field = table.fields.get(node.name.value)!;
    if (field.kind === 'columns') addColumns(level, field.columns);
    else if (field.kind === 'page') level.lists.push(planInner(key, same, table, field, planning));
    else {
      const self = field.kind === 'self' ? alias : undefined;
      level.ones.push({ key, field, level: planRow(field.table, same, planning, self) });
    }
  }
  return level;
}

function planInner(
  key: string,
  nodes: readonly FieldNode[],
  parent: Table,
  { table, column, only }: Extract<Field, { kind: 'page' }>,
  planning: Planning,
): List {
  const node = nodes[0]!;
  const field = parent.type.getFields()[node.name.value]!;
  // The root's page is the first of the request, so the new length is the place of this one.
  const index = planning.inner.push({ path: `${field.name}.`, field, node });
  const args: PageArgs = getArgumentValues(field, node, planning.info.variableValues);
  return {
    ...planList(table, nodes, getNamedType(field.type) as GraphQLObjectType, planning),
    key,
    column,
    only,
    index,
    backwards: args.last != null,
    bounded: node.arguments!.some(({ name }) => name.value === 'after' || name.value === 'before'),
  };
}

function planList(table: Table, nodes: readonly FieldNode[], type: GraphQLObjectType, planning: Planning): List {
  const { info } = planning;
  const select = (from: readonly FieldNode[], owner: GraphQLObjectType, name: string) => {
    const field = owner.getFields()[name]!;
    const selected = fieldsOf(from, owner, info).get(name) ?? [];
    return { selected, type: getNamedType(field.type) as GraphQLObjectType };
  };
  const edges = select(nodes, type, 'edges');
  const pageInfo = select(nodes, type, 'pageInfo');
  const rows = [...select(nodes, type, 'nodes').selected, ...select(edges.selected, edges.type, 'node').selected];
  const asked = [...fieldsOf(pageInfo.selected, pageInfo.type, info).keys()];
  const wantsCursors =
    asked.some((name) => name.endsWith('Cursor')) || select(edges.selected, edges.type, 'cursor').selected.length > 0;
  const wantsRows = rows.length + edges.selected.length + pageInfo.selected.length > 0;

  const wantsTotal = select(nodes, type, 'totalCount').selected.length > 0;
  if (wantsTotal) countTable(planning);
  const level = wantsRows ? planRow(table, rows, planning) : null;
  if (level && wantsCursors) addColumns(level, [table.columns.get('createdAt')!]);
  if (level) flattenOnlyList(level);
  return {
    key: '',
    table,
    only: [],
    level,
    flat: false,
    index: 0,
    backwards: false,
    bounded: false,
    wantsMore: asked.some((name) => name.endsWith('Page')),
    wantsCursors,
    wantsTotal,
    at: 0,
    totalAt: 0,
  };
}

/** @returns how many tables the statement had before. */
function countTable(planning: Planning): number {
  if (planning.tables === mostTables)
    throw badInput(`This asks for more than ${mostTables} relations at once: ask in several documents.`, 'query');
  return planning.tables++;
}

function addColumns(level: Level, columns: Column[]) {
  for (const column of columns) if (!level.columns.includes(column)) level.columns.push(column);
}

/** A second list, or a count, would be computed again for each row that the first one multiplies. */
function flattenOnlyList(level: Level) {
  const [only, ...others] = listsOf(level);
  if (only?.level && !only.wantsTotal && !others.length) only.flat = true;
}

const listsOf = (level: Level): List[] => [...level.lists, ...level.ones.flatMap((one) => listsOf(one.level))];
