import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type ClassType, getMetadataStorage } from 'type-graphql';
import { ownershipOf } from './ownership.ts';
import type { Publication, Source } from './publish.ts';
import { rowKey } from './selection.ts';
import {
  columnName,
  columnsOf,
  type Field,
  isColumn,
  isReference,
  type Table,
  tableName,
  type Values,
} from './table.ts';

export type Linking = { orm: MikroORM; schema: GraphQLSchema; published: readonly Publication[] };

/** The scalars whose values a column of this type can be; a column of text may be any other leaf. */
const scalarsOf: Record<string, string[]> = {
  number: ['Int', 'Float'],
  bigint: ['BigInt'],
  boolean: ['Boolean'],
  Date: ['DateTime'],
};

/**
 * Joins each publication with MikroORM's metadata and the built schema, and gives each published field its resolver.
 * @returns what finds the table of an entity, as one of its published types: the one that relations lead to where none is meant.
 * @throws listing every field whose type, nullability or relation disagrees with its column.
 */
export function link({ orm, schema, published }: Linking): (entity: ClassType, type: GraphQLNamedType) => Table {
  const faults: string[] = [];
  const linked = published.map((publication) => {
    const meta: EntityMetadata = orm.em.getMetadata().get(publication.entity);
    return { ...publication, meta, table: tableOf(orm, schema, publication, meta) };
  });
  const leading = linked.filter(({ beside }) => !beside);
  const tables = new Map(leading.map(({ entity, table }) => [entity, table]));
  if (tables.size < leading.length) faults.push('an entity is published twice');
  for (const { meta, table } of linked)
    for (const { name, targetMeta } of Object.values(meta.properties).filter(isReference))
      table.columns.get(name)!.target = tables.get(targetMeta!.class as ClassType);

  for (const { meta, table, sources, visible } of linked) {
    const refuse = (subject: string, reason: string) => faults.push(`${table.type.name}${subject}: ${reason}`);
    if (meta.primaryKeys.join() !== 'id') refuse('', 'its primary key must be `id`');
    for (const name of ['projectId', 'environment', 'createdAt'])
      if (!table.columns.has(name)) refuse('', `its entity has no \`${name}\``);
    for (const name of [...Object.keys(visible), ...Object.values(sources).flatMap(columnsReadBy)])
      if (!table.columns.has(name)) refuse('', `its entity has no column \`${name}\``);
    for (const name of Object.keys(sources))
      if (!table.type.getFields()[name]) refuse(`.${name}`, 'a source for a field that is not published');

    for (const field of Object.values(table.type.getFields())) {
      const source = sources[field.name];
      const answer = answerOf(field, source, meta, table, tables);
      if (typeof answer === 'string') {
        refuse(`.${field.name}`, answer);
        continue;
      }
      table.fields.set(field.name, answer);
      field.resolve = resolverOf(answer, source);
    }
    for (const type of table.type.getInterfaces()) type.resolveType = (row) => row.__typename;
  }
  if (faults.length) throw new Error(`Types and tables disagree:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  return (entity, type) => {
    const table = linked.find((one) => one.entity === entity && one.table.type === type)?.table ?? tables.get(entity);
    if (!table) throw new Error(`${entity.name} is not published.`);
    return table;
  };
}

function tableOf(orm: MikroORM, schema: GraphQLSchema, { type, visible }: Publication, meta: EntityMetadata): Table {
  const name = getMetadataStorage().objectTypes.find(({ target }) => target === type)?.name;
  const published = name && schema.getType(name);
  if (!isObjectType(published)) throw new Error(`The class ${type.name} is not an object type of the schema.`);
  const columns = columnsOf(meta);
  return {
    type: published,
    name: tableName(meta),
    columns,
    fields: new Map(),
    visible: (alias) =>
      Object.entries(visible).map(
        ([column, presence]) =>
          `${alias}.${columns.get(column)?.name} is ${presence === 'present' ? 'not null' : 'null'}`,
      ),
    owned: ownershipOf(orm, meta),
  };
}

/** What answers a field, or why nothing can. */
function answerOf(
  field: GraphQLField<unknown, unknown>,
  source: Source<never, unknown> | undefined,
  meta: EntityMetadata,
  table: Table,
  tables: Map<ClassType, Table>,
): Field | string {
  const named = getNamedType(field.type);
  const mayBeNull = !isNonNullType(field.type);
  const relation = source?.kind === 'first' || source?.kind === 'list' ? source.relation : field.name;
  const property: EntityProperty | undefined = meta.properties[relation];
  if (source?.kind === 'computed')
    return { kind: 'columns', columns: source.columns.flatMap((name) => table.columns.get(name) ?? []) };
  if (source?.kind === 'reference') {
    const target = tables.get(source.entity);
    if (named !== target?.type || !mayBeNull)
      return `it may lead nowhere: publish ${target?.type.name ?? source.entity.name}`;
    return { kind: 'one', table: target, column: table.columns.get(source.column)! };
  }
  if (source?.kind === 'self') {
    const self = tables.get(meta.class as ClassType);
    return self && named === self.type ? { kind: 'self', table: self } : `the row itself is a ${self?.type.name}`;
  }
  if (!property) return 'its entity has no such property: give it a source';

  if (isColumn(property)) {
    const scalars = scalarsOf[property.runtimeType];
    const isOther = Object.values(scalarsOf).flat().includes(named.name);
    const isList = isListType(field.type) || (isNonNullType(field.type) && isListType(field.type.ofType));
    if (!isLeafType(named) || isList || (scalars ? !scalars.includes(named.name) : isOther))
      return `a column of ${property.runtimeType} cannot answer ${field.type}`;
    if (property.nullable && !mayBeNull) return `its column may be null: publish ${named.name}`;
    return { kind: 'columns', columns: [table.columns.get(property.name)!] };
  }

  const target = tables.get(property.targetMeta?.class as ClassType);
  if (!target) return 'its property is neither a column nor a relation to a published entity';
  if (isReference(property)) {
    if (named !== target.type) return `the relation leads to ${target.type.name}, not to ${field.type}`;
    if (property.nullable && !mayBeNull) return `the relation may lead nowhere: publish ${named.name}`;
    return { kind: 'one', table: target, column: table.columns.get(property.name)! };
  }
  const inverse = property.kind === '1:m' ? property.targetMeta!.properties[property.mappedBy] : undefined;
  if (!inverse || !isReference(inverse)) return `a relation of the kind ${property.kind} cannot be read`;
  const column = columnName(inverse);
  const valuesOf = (columns: Record<string, readonly string[]>): Values[] =>
    Object.entries(columns).map(([name, values]) => ({
      column: columnName(property.targetMeta!.properties[name]!),
      values,
    }));
  if (source?.kind === 'first') {
    if (named !== target.type || !mayBeNull) return `there may be no first one: publish ${target.type.name}`;
    return { kind: 'first', table: target, column, prefer: valuesOf(source.prefer) };
  }
  const nodes = isObjectType(named) ? named.getFields().nodes : undefined;
  if (!nodes || getNamedType(nodes.type) !== target.type) return `publish a connection of ${target.type.name}`;
  return { kind: 'page', table: target, column, only: valuesOf(source?.kind === 'list' ? source.only : {}) };
}

function columnsReadBy(source: Source<never, unknown>): string[] {
  if (source.kind === 'computed') return source.columns;
  return source.kind === 'reference' ? [source.column] : [];
}

/** None where the row has a property of the field's name: graphql-js reads that by itself. */
function resolverOf(
  answer: Field,
  source: Source<never, unknown> | undefined,
): GraphQLFieldResolver<Record<string, unknown>, unknown> | undefined {
  if (source?.kind === 'computed') return (row) => source.value(row as never);
  if (answer.kind === 'page') return (row, _args, _context, { fieldNodes }) => row[rowKey(fieldNodes[0]!)];
  return undefined;
}
