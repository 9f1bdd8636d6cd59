import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { GraphQLObjectType } from 'graphql';

/** An entity as the reader sees it: names that are ready to be printed, and what answers each published field. */
export type Table = {
  type: GraphQLObjectType;
  /** Quoted, with its schema where it has one. */
  name: string;
  columns: Map<string, Column>;
  fields: Map<string, Field>;
  /** The conditions on a row that lists and look-ups find. */
  visible(alias: string): string[];
  /** The conditions on a row of one customer. None: the row belongs to the project, and every customer may see it. */
  owned(alias: string, customer: () => string): string[];
};

export type Column = {
  property: string;
  name: string;
  decode?: (text: string) => unknown;
  /** What computes it, where no column of the table holds it. */
  formula?: (alias: string) => string;
  /** The table whose row's id it holds, where that is published. */
  target?: Table;
};

export const sqlOf = ({ name, formula }: Column, alias: string) =>
  formula ? `(${formula(alias)})` : `${alias}.${name}`;

export type Field =
  | { kind: 'columns'; columns: Column[] }
  /** The same row, as the type that relations lead to. */
  | { kind: 'self'; table: Table }
  /** One row, whose id `column` of this table holds. */
  | { kind: 'one'; table: Table; column: Column }
  /** The first of the rows whose `column` holds this row's id: preferred ones, then newer ones. */
  | { kind: 'first'; table: Table; column: string; prefer: Values[] }
  /** A page of the rows whose `column` holds this row's id, and which have these values. */
  | { kind: 'page'; table: Table; column: string; only: Values[] };

/** A column that has one of these values. */
export type Values = { column: string; values: readonly string[] };

/** Every column arrives as PostgreSQL's own text, which loses nothing; these make of it what the entity says it is. */
const decoders: Record<string, Column['decode']> = {
  string: undefined,
  number: Number,
  bigint: BigInt,
  boolean: (text) => text.startsWith('t'),
  Date: (text) => new Date(text),
  any: JSON.parse,
};

/** The columns of an entity by property. A relation to one row counts as the column that holds its id. */
export function columnsOf(meta: EntityMetadata): Map<string, Column> {
  return new Map(
    Object.values(meta.properties)
      .filter((property) => isColumn(property) || isReference(property))
      .map((property) => [
        property.name,
        {
          property: property.name,
          name: property.formula ? property.name : columnName(property),
          decode: decoders[property.runtimeType],
          formula: formulaOf(meta, property),
        },
      ]),
  );
}

function formulaOf(meta: EntityMetadata, { formula }: EntityProperty): Column['formula'] {
  if (!formula) return undefined;
  return (alias) => {
    const names = { name: meta.tableName, schema: meta.schema, qualifiedName: meta.tableName };
    return String(formula(meta.createColumnMappingObject(alias), { alias, ...names, toString: () => alias }));
  };
}

export function tableName(meta: EntityMetadata): string {
  return [meta.schema, meta.tableName]
    .filter((name) => name !== undefined)
    .map(quote)
    .join('.');
}

export const columnName = (property: EntityProperty) => quote(property.fieldNames[0]!);

/** A column of its own, or a formula of one, of a type that can be read. */
export const isColumn = ({ kind, formula, persist, runtimeType }: EntityProperty) =>
  kind === 'scalar' && (formula !== undefined || persist !== false) && runtimeType in decoders;

/** A relation to one row, by one column. */
export const isReference = (property: EntityProperty) => property.kind === 'm:1' && property.joinColumns.length === 1;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
