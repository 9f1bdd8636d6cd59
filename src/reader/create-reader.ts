import { type GraphQLResolveInfo, getArgumentValues, getNamedType } from 'graphql';
import type { ClassType } from 'type-graphql';
import { createExecutor } from './execute.ts';
import { foldList, foldRow, type Row } from './fold.ts';
import { type Linking, link } from './link.ts';
import type { Condition, Match } from './look-up.ts';
import { type Page, type PageArgs, pageOf } from './page.ts';
import { type InnerPage, type Level, type List, type Planning, planRootList, planRootRow } from './plan.ts';
import { createPlanCache, type Shape } from './plan-cache.ts';
import type { Scope } from './print.ts';
import type { ColumnOf, ReferenceOf } from './publish.ts';
import type { Table } from './table.ts';

export type Reader = { as(scope: Scope): TenantReader };

/** Reads what a field selects, and all that is nested in it, by one statement, and in one tenant only. */
export type TenantReader = {
  /**
   * The row that `where` identifies. Null: there is none, or it is another tenant's, or the id is no id at all.
   * @param info of a field whose type is one of the entity's, or an interface of it. A mutation's payload reads after its commit.
   */
  one<Entity extends object, Answer = Record<string, unknown>>(
    entity: ClassType<Entity>,
    where: Where<Entity>,
    info: GraphQLResolveInfo,
  ): Promise<Answer | null>;
  /**
   * A page of the rows that `where` admits, in the order of their creation.
   * @param info of a field whose type is a connection of the entity's type.
   * @throws Refusal BAD_USER_INPUT naming the argument that is wrong, of this list or of one nested in it.
   */
  connection<Entity extends object, Answer = Record<string, unknown>>(
    entity: ClassType<Entity>,
    page: PageArgs,
    info: GraphQLResolveInfo,
    options?: { where?: Where<Entity>; matches?: Match[] },
  ): Promise<Answer>;
};

/**
 * Columns and the values that they must all have; of a list of values any one. A relation to one row is looked up by that row's
 * id, or by what that row's columns must have.
 */
export type Where<Entity> = {
  [Name in ColumnOf<Entity>]?: NonNullable<Entity[Name]> | readonly NonNullable<Entity[Name]>[];
} & {
  [Name in ReferenceOf<Entity>]?: string | { [Column in ColumnOf<NonNullable<Entity[Name]>>]?: string };
};

/**
 * Links published types with their tables and with the built schema, whose fields it gives their resolvers: call it before
 * guards wrap them.
 * @param tools.walled whether row-level security stands behind the reader's own conditions.
 * @throws listing every field whose type and column disagree.
 */
export function createReader({ walled = false, ...linking }: Linking & { walled?: boolean }): Reader {
  const tableOf = link(linking);
  const planOf = createPlanCache();
  const execute = createExecutor({ orm: linking.orm, walled });

  const read = async <Root extends Level | List>(
    { scope, entity, where, matches = [], info, page, kind }: Question,
    build: (table: Table, planning: Planning) => Root,
    fold: (root: Root, rows: Row[], pages: Page[]) => unknown,
  ) => {
    const table = tableOf(entity, getNamedType(info.returnType));
    const isCustomer = scope.customerId !== null;
    const shape = { table, kind, where: conditionsIn(table, where), matches, isCustomer };
    const { root, statement, inner } = planOf(shape, info, (planning) => build(table, planning));
    const pages = [page, ...inner.map((list) => innerPageOf(list, info))];
    return fold(root, await execute(statement, { scope, where: valuesIn(where), matches, pages }), pages);
  };

  return {
    as: (scope) => ({
      async one<Answer>(entity: ClassType, where: object, info: GraphQLResolveInfo) {
        const question = { scope, entity, where, info, page: pageOf({}), kind: 'row' } as const;
        return (await read(question, planRootRow, foldRow)) as Answer;
      },
      async connection<Answer>(
        entity: ClassType,
        args: PageArgs,
        info: GraphQLResolveInfo,
        options?: { where?: object; matches?: Match[] },
      ) {
        const page = pageOf(args);
        const kind = page.backwards ? 'last' : 'first';
        const question = { scope, entity, ...options, where: options?.where ?? {}, info, page, kind } as const;
        return (await read(
          question,
          (table, planning) => planRootList(table, planning, page.backwards),
          foldList,
        )) as Answer;
      },
    }),
  };
}

type Question = {
  scope: Scope;
  entity: ClassType;
  where: object;
  matches?: Match[];
  info: GraphQLResolveInfo;
  /** The page of the root; of no use where the root is a row. */
  page: Page;
  kind: Shape['kind'];
};

function innerPageOf({ path, field, node }: InnerPage, { variableValues }: GraphQLResolveInfo): Page {
  return pageOf(getArgumentValues(field, node, variableValues), path);
}

function conditionsIn(table: Table, where: object): Condition[] {
  return Object.entries(where).map(([property, value]) => {
    const column = table.columns.get(property);
    if (!column) throw new Error(`${table.type.name} has no column ${property}.`);
    if (Array.isArray(value)) return { column, kind: 'any' };
    if (!isNested(value)) return { column, kind: 'is' };
    if (!column.target) throw new Error(`${table.type.name}.${property} leads to no published row.`);
    return { column, kind: 'through', target: conditionsIn(column.target, value) };
  });
}

/** The values of all conditions, in their order. */
const valuesIn = (where: object): unknown[] =>
  Object.values(where).flatMap((value) => {
    if (isNested(value)) return valuesIn(value);
    return [Array.isArray(value) ? value.map(storable) : storable(value)];
  });

const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** PostgreSQL's text cannot hold the character NUL: what has one equals nothing, as null does. */
const storable = (value: unknown) => (typeof value === 'string' && value.includes('\0') ? null : value);
