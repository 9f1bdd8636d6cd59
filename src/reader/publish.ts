import type { Collection, PrimaryKeyProp } from '@mikro-orm/core';
import type { ClassType } from 'type-graphql';

/** A published type and the entity whose rows answer it. */
export type Publication = {
  type: ClassType;
  entity: ClassType;
  sources: Record<string, Source<never, unknown>>;
  visible: Record<string, Presence>;
  /** Whether it is another type for the rows of an entity that is published already: relations lead to that one. */
  beside: boolean;
};

/** What answers a published field that no property of the same name answers. `of` is never set: it ties a source to its types. */
export type Source<Entity, Value> = { of?: (entity: Entity) => Value } & (
  | { kind: 'computed'; columns: string[]; value: (row: never) => Value }
  | { kind: 'reference'; column: string; entity: ClassType }
  | { kind: 'first'; relation: string; prefer: Record<string, readonly string[]> }
  | { kind: 'list'; relation: string; only: Record<string, readonly string[]> }
  | { kind: 'self' }
);

type Presence = 'present' | 'absent';

/**
 * Joins a published type with its entity. A field is answered by the property of the same name, be it a column or a relation;
 * for any other, `sources` says what it is made of. A field that nothing answers does not compile.
 * @param options.visible which rows there are, as far as lists and look-ups go: those with these columns present or absent.
 *   A relation to one row finds it all the same: a subscription of a deleted customer still has its customer.
 * @param options.beside for a second type of the same rows, which is read only by fields that name it.
 */
export function publish<Published extends object, Entity extends object>(
  type: ClassType<Published>,
  entity: ClassType<Entity>,
  sources: (from: From<Entity>) => Sources<Published, Entity>,
  options: { visible?: { [Name in ColumnOf<Entity>]?: Presence }; beside?: boolean } = {},
): Publication {
  const from: From<Entity> = {
    columns: (columns, value) => ({ kind: 'computed', columns, value }),
    reference: (column, entity) => ({ kind: 'reference', column, entity }),
    first: (relation, { prefer }) => ({ kind: 'first', relation, prefer }),
    list: (relation, { only }) => ({ kind: 'list', relation, only }),
    self: () => ({ kind: 'self' }),
  };
  const { visible, beside = false } = options;
  return { type, entity, sources: sources(from) as Publication['sources'], visible: { ...visible }, beside };
}

export type From<Entity> = {
  /** A value made of columns of the same row. It needs no statement of its own. */
  columns<Name extends ColumnOf<Entity>, Value>(
    names: Name[],
    value: (row: { [N in Name]: Held<Entity[N]> }) => Value,
  ): Source<Entity, Value>;
  /** The row whose id is in a column that is no relation, such as a formula. */
  reference<Related extends object>(column: ColumnOf<Entity>, entity: ClassType): Source<Entity, Related | null>;
  /** One row of a relation to many: the newest of those whose column has a preferred value, or else the newest of all. */
  first<Name extends ListOf<Entity>, Related extends object>(
    relation: Name,
    options: { prefer: Preference<Entity[Name]> },
  ): Source<Entity, Related | null>;
  /** The rows of a relation to many whose columns have one of these values. */
  list<Name extends ListOf<Entity>, Related extends List>(
    relation: Name,
    options: { only: Preference<Entity[Name]> },
  ): Source<Entity, Related>;
  /** The same row, as the type that relations to its entity lead to. */
  self<Related extends object>(): Source<Entity, Related>;
};

/** Fields that a property answers may have a source; the others must. */
export type Sources<Published, Entity> = {
  [Name in keyof Published as Answered<Name, Published, Entity> extends true ? Name : never]?: Source<
    Entity,
    Published[Name]
  >;
} & {
  [Name in keyof Published as Answered<Name, Published, Entity> extends true ? never : Name]: Source<
    Entity,
    Published[Name]
  >;
};

type Answered<Name extends keyof Published, Published, Entity> = Name extends keyof Entity
  ? Fits<Held<Entity[Name]>, Published[Name]>
  : false;

/** Relations are compared by shape alone: which type is on the other side is checked at the start (see link.ts). */
type Fits<Property, Field> =
  IsList<Property> extends true
    ? Is<Field, List>
    : IsEntity<Property> extends true
      ? FitsRow<Property, Field>
      : Is<Property, Field>;

/** A list or an instant is an object too, but never a row; and a relation that may lead nowhere needs a field that may be null. */
type FitsRow<Property, Field> =
  Is<NonNullable<Field>, object> extends true
    ? NonNullable<Field> extends Date | List
      ? false
      : Is<Extract<Property, null>, Field>
    : false;

type List = { nodes: unknown[] };
type Is<A, B> = [A] extends [B] ? true : false;

/** What a property holds once its row is saved: MikroORM types a nullable one as possibly undefined too. */
type Held<Property> = Exclude<Property, undefined>;
type IsList<Property> = NonNullable<Property> extends Collection<infer _ extends object> ? true : false;
type IsEntity<Property> = typeof PrimaryKeyProp extends keyof NonNullable<Property> ? true : false;

type ListOf<Entity> = { [Name in keyof Entity]-?: IsList<Entity[Name]> extends true ? Name : never }[keyof Entity] &
  string;
export type ColumnOf<Entity> = {
  [Name in keyof Entity]-?: true extends IsList<Entity[Name]> | IsEntity<Entity[Name]> ? never : Name;
}[keyof Entity] &
  string;
export type ReferenceOf<Entity> = {
  [Name in keyof Entity]-?: IsEntity<Entity[Name]> extends true ? Name : never;
}[keyof Entity] &
  string;

type Preference<Property> =
  Property extends Collection<infer Item extends object>
    ? { [Name in ColumnOf<Item>]?: readonly Held<Item[Name]>[] }
    : never;
