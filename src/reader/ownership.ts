import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { columnName, isReference, type Table, tableName } from './table.ts';

/** A customer owns itself, whatever names it by its `customer` or as one of the two of a referral, and what belongs to a row with a `customer`. */
export function ownershipOf(orm: MikroORM, meta: EntityMetadata): Table['owned'] {
  if (meta.className === 'Customer') return (alias, customer) => [`${alias}."id" = ${customer()}`];
  const own = customerColumn(meta);
  if (own) return (alias, customer) => [`${alias}.${own} = ${customer()}`];
  const named = Object.values(meta.properties).filter(
    (property) =>
      isReference(property) && orm.em.getMetadata().get(property.targetMeta!.class).className === 'Customer',
  );
  if (named.length)
    return (alias, customer) => [`${customer()} in (${named.map((one) => `${alias}.${columnName(one)}`).join(', ')})`];
  return (alias, customer) =>
    Object.values(meta.properties)
      .filter(isReference)
      .flatMap((property) => {
        const owner = orm.em.getMetadata().get(property.targetMeta!.class);
        const column = customerColumn(owner);
        const row = `select from ${tableName(owner)} o where o."id" = ${alias}.${columnName(property)}`;
        return column ? [`exists (${row} and o.${column} = ${customer()})`] : [];
      });
}

function customerColumn(meta: EntityMetadata): string | undefined {
  const property: EntityProperty | undefined = meta.properties.customer;
  return property && isReference(property) ? columnName(property) : undefined;
}
