import { deserialize, serialize } from 'node:v8';
import { type EntityManager, type EntityMetadata, ReferenceKind, Utils } from '@mikro-orm/core';
import { Refusal } from '../errors.ts';
import type { Sealer } from '../sealing/sealing.ts';

/**
 * What a step or a mutation answers, as it is kept: plain data, dates and big integers included, sealed for the row of its
 * operation. Of a row that it holds the id alone is kept, and the row is read again.
 */
export function createPacker(sealer: Sealer) {
  return {
    pack: (value: unknown, id: string) => sealer.seal(serialize(withoutRows(value)).toString('base64'), id),
    unpack: (sealed: string, id: string): unknown => deserialize(Buffer.from(sealer.open(sealed, id), 'base64')),
  };
}

export type Packer = ReturnType<typeof createPacker>;

/** Stands for a row. */
type KeptRow = { $row: string; id: string };

function withoutRows(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !isContainer(value)) return value;
  if (Array.isArray(value)) return value.map(withoutRows);
  if (Utils.isEntity<{ id: string; constructor: { name: string } }>(value))
    return { $row: value.constructor.name, id: value.id } satisfies KeptRow;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, withoutRows(held)]));
}

/**
 * The value with its rows read again, each with those that it refers to.
 * @throws Refusal NOT_FOUND where one is no more.
 */
export async function withRows<Value>(em: EntityManager, value: Value): Promise<Value> {
  if (typeof value !== 'object' || value === null || !isContainer(value)) return value;
  if (Array.isArray(value)) return (await Promise.all(value.map((held) => withRows(em, held)))) as Value;
  if ('$row' in value) return (await rowOf(em, value as unknown as KeptRow)) as Value;
  const entries = Object.entries(value).map(async ([name, held]) => [name, await withRows(em, held)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Value;
}

async function rowOf(em: EntityManager, { $row, id }: KeptRow): Promise<object> {
  const meta = [...em.getMetadata().getAll().values()].find(({ className }) => className === $row) as EntityMetadata;
  const populate = meta.relations.filter(({ kind }) => kind === ReferenceKind.MANY_TO_ONE).map(({ name }) => name);
  const row = await em.findOne(meta.class, { id } as never, { populate: populate as never });
  if (!row) throw new Refusal('NOT_FOUND', 'This call was carried out, and what it answered then is no more.');
  return row;
}

const isContainer = (value: object) => !(value instanceof Date || value instanceof Set || value instanceof Map);
